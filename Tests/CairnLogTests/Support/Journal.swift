// SPDX-License-Identifier: Apache-2.0

import CairnLSN
import CairnLog
import CairnSync
import CairnTesting

/// What a workload tried, and what the log told it: the model that recovered logs are compared with.
///
/// One thread uses it, so the order of the attempts is the order of the log.
final class Journal {
    private(set) var attempts: [Transaction] = []
    private(set) var ranges: [LSNRange?] = []
    private(set) var durableFence: LSN = .never
    private(set) var written = 0
    /// What the log must hold although no caller saw its LSNs.
    private var durableCount = 0

    func commit(
        _ transaction: Transaction, to log: WriteAheadLog, level: DurabilityLevel? = nil
    ) throws {
        attempts.append(transaction)
        ranges.append(nil)
        defer { observe(log) }
        let receipt = try log.commit(transaction, level: level)
        ranges[ranges.count - 1] = receipt.lsns
        if receipt.level == .durable { durableCount = attempts.count }
        written = attempts.count
    }

    func sync(_ log: WriteAheadLog) throws {
        let count = attempts.count
        try log.sync()
        durableCount = count
        observe(log)
    }

    func close(_ log: WriteAheadLog) throws {
        let count = attempts.count
        try log.close()
        durableCount = count
    }

    func observe(_ log: WriteAheadLog) {
        durableFence = max(durableFence, log.durableFence.lsn)
    }

    /// How many transactions every crash image must hold.
    var durableTransactionCount: Int {
        let covered = ranges.prefix { $0.map { $0.last <= durableFence } ?? false }.count
        return max(durableCount, covered)
    }

    /// What is wrong with a recovered log; nil when it is a prefix that holds all it must.
    func complaint(
        about replayed: Replayed, leavingOut first: Int = 0, atLeast: Int? = nil
    ) -> String? {
        let count = replayed.transactions.count + first
        let needed = atLeast ?? durableTransactionCount
        guard count >= needed else { return "\(count) recovered, \(needed) were durable" }
        guard count <= attempts.count else { return "\(count) recovered of \(attempts.count)" }
        for index in first..<count {
            guard replayed.transactions[index - first] == attempts[index] else {
                return "transaction \(index) differs"
            }
            guard let range = ranges[index] else { continue }
            guard replayed.ranges[index - first] == range else {
                return
                    "transaction \(index) has \(replayed.ranges[index - first]), was told \(range)"
            }
        }
        return nil
    }
}
