// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnFormat
import CairnIO
import CairnLSN
import CairnLog
import CairnSegments
import CairnSync
import CairnTesting
import SystemPackage

/// A transaction as the tests write and read it.
struct Transaction: Hashable, CustomStringConvertible {
    var batches: [[UInt8]]
    var description: String { "\(batches.map(\.count))" }

    /// A transaction whose bytes follow from its number.
    static func numbered(_ number: Int, sizes: [Int]) -> Transaction {
        Transaction(
            batches: sizes.enumerated().map { batch, size in
                (0..<size).map { UInt8(truncatingIfNeeded: ($0 &* 31) ^ (number &* 7) ^ batch) | 1 }
            })
    }

    /// A transaction of one small batch whose bytes follow from its number.
    static func small(_ number: Int, byteCount: Int = 24) -> Transaction {
        numbered(number, sizes: [byteCount])
    }
}

/// What a replay handed out.
struct Replayed {
    var transactions: [Transaction] = []
    var ranges: [LSNRange] = []
    var times: [UInt64] = []

    mutating func add(_ batch: RawSpan, _ transaction: ReplayedTransaction) {
        if transaction.batchIndex == 0 {
            transactions.append(Transaction(batches: []))
            ranges.append(transaction.lsns)
            times.append(transaction.commitNanoseconds)
        }
        transactions[transactions.count - 1].batches.append(batch.array())
    }
}

/// Where the tests keep their store.
let storePath: FilePath = "/store"
let logPath: FilePath = "/store/log"

/// Options for small logs; the segments turn over soon.
func smallOptions(
    segmentByteCount: Int = 2048, _ policy: SyncPolicy = .everyCommit,
    _ change: (inout LogOptions) -> Void = { _ in }
) -> LogOptions {
    var options = LogOptions()
    options.segmentByteCount = segmentByteCount
    // Only the records, unless a test wants more.
    options.preparesSegments = false
    options.growthByteCount = 0
    options.syncPolicy = policy
    change(&options)
    return options
}

func openLog(
    _ files: SimulatedFileSystem, _ options: LogOptions = smallOptions(), seed: UInt64 = 1,
    after fence: ReplayFence = ReplayFence()
) throws -> (log: WriteAheadLog, replayed: Replayed) {
    var replayed = Replayed()
    let log = try WriteAheadLog.open(
        storePath, options: options, environment: .simulated(files, seed: seed), after: fence
    ) { replayed.add($0, $1) }
    return (log, replayed)
}

func readOnly(_ options: LogOptions) -> LogOptions {
    var options = options
    options.access = .readOnly
    return options
}

extension WriteAheadLog {
    /// Commits a transaction of the tests.
    @discardableResult
    func commit(
        _ transaction: Transaction, level: DurabilityLevel? = nil
    ) throws(LogError) -> CommitReceipt {
        guard let receipt = try commit(try encoded(transaction), level: level) else {
            preconditionFailure("the tests commit no empty transactions")
        }
        return receipt
    }

    func encoded(_ transaction: Transaction) throws(LogError) -> LogTransaction {
        var encoded = LogTransaction()
        for batch in transaction.batches { try encoded.append(batch.span.bytes, options: options) }
        return encoded
    }
}

extension SimulatedFileSystem {
    /// The same files once more.
    func copy() -> SimulatedFileSystem { crashImage(.everythingWritten) }

    /// The segment files in the order of the log.
    var segmentPaths: [FilePath] { filePaths.filter { $0.string.hasSuffix(".wal") } }
}

/// A log that was written and closed.
func closedLog(
    _ transactions: [Transaction], _ options: LogOptions = smallOptions(), seed: UInt64 = 1
) throws -> SimulatedFileSystem {
    let files = SimulatedFileSystem()
    let (log, _) = try openLog(files, options, seed: seed)
    for transaction in transactions { try log.commit(transaction) }
    try log.close()
    return files
}
