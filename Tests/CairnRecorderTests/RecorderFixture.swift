// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnFormat
import CairnIO
import CairnLSN
import CairnLog
import CairnRecorder
import CairnSync
import CairnTesting
import SystemPackage

/// An event that is one string.
struct TextEvent: EventEncodable, EventDecodable, Hashable {
    let text: String

    init(_ text: String) { self.text = text }

    init(from decoder: inout EventDecoder) throws(FormatError) {
        text = try decoder.bytes.string()
    }

    func encode(into encoder: inout EventEncoder) { encoder.bytes.append(string: text) }
}

/// A mirror that counts, and can be told to fail.
final class CountingMirror: WalMirror {
    private let counts = Locked((persisted: 0, forced: 0, fails: false))

    struct Failure: Error {}

    var persisted: Int { counts.withLock { $0.persisted } }
    var forced: Int { counts.withLock { $0.forced } }
    func failFromNowOn() { counts.withLock { $0.fails = true } }

    func persist() throws {
        try counts.withLock { counts in
            if counts.fails { throw Failure() }
            counts.persisted += 1
        }
    }

    func persistForced() throws {
        try counts.withLock { counts in
            if counts.fails { throw Failure() }
            counts.forced += 1
        }
    }
}

/// A recorder in front of a log on a simulated disk.
struct RecorderFixture {
    let fileSystem: SimulatedFileSystem
    let log: WriteAheadLog
    let recorder: WalRecorder
    let mirror = CountingMirror()

    init(
        _ fileSystem: SimulatedFileSystem = SimulatedFileSystem(),
        policy: SyncPolicy = .everyCommit, segmentByteCount: Int = 64 << 20
    ) throws {
        self.fileSystem = fileSystem
        var options = LogOptions()
        options.syncPolicy = policy
        options.segmentByteCount = segmentByteCount
        log = try WriteAheadLog.open(
            "store", options: options, environment: .simulated(fileSystem))
        recorder = WalRecorder(log: log, mirror: mirror)
    }

    /// Records `texts` in one scope and commits them.
    @discardableResult
    func commit(_ texts: [String]) throws -> CommitReceipt? {
        try recorder.arm()
        for text in texts { recorder.record(TextEvent(text)) }
        return try recorder.commit()
    }

    /// The committed transactions that `fileSystem` would recover, each as its texts.
    static func recovered(_ fileSystem: SimulatedFileSystem) throws -> [[String]] {
        var transactions: [LSN: [String]] = [:]
        var options = LogOptions()
        options.access = .readOnly
        _ = try WriteAheadLog.open(
            "store", options: options, environment: .simulated(fileSystem)
        ) { batch, transaction in
            var reader = try BatchReader(batch)
            while let event = try reader.nextEvent(TextEvent.self) {
                transactions[transaction.commitLSN, default: []].append(event.text)
            }
        }
        return transactions.sorted { $0.key < $1.key }.map(\.value)
    }
}
