// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnDurable
import CairnFormat
import CairnIO
import CairnSegments
import CairnTesting
import SystemPackage

/// A store at rest that is about to be damaged.
struct Fixture: Sendable {
    let configuration: Configuration
    let workload: Workload
    /// What is on the medium.
    let image: SimulatedFileSystem
    let journal: Journal
    /// The same store after each earlier step.
    let earlier: [SimulatedFileSystem]
    /// A store of another identity that had the same life.
    let stranger: SimulatedFileSystem

    /// True when the store was closed, so that its end is proven.
    var isClosed: Bool { workload.steps.last == .close }

    init(_ configuration: Configuration, _ workload: Workload, in laboratory: Laboratory) throws {
        self.configuration = configuration
        self.workload = workload
        let start = try laboratory.start(configuration)
        let files = start.0.copy
        let session = Session(files, configuration, laboratory, start.1)
        var earlier = [start.0]
        for step in workload.steps {
            try session.perform(step)
            earlier.append(files.crashImage(.onlySynced))
        }
        image = files.crashImage(.onlySynced)
        journal = session.journal
        self.earlier = earlier
        let other = SimulatedFileSystem()
        let twin = Session(other, configuration, laboratory, Journal(), seed: 5)
        for step in [.append, .batch, .rotate, .checkpoint, .append, .rotate] + workload.steps {
            try twin.perform(step)
        }
        stranger = other.crashImage(.onlySynced)
    }

    /// The fixtures of all suites that damage something.
    static func all(in laboratory: Laboratory) throws -> [Fixture] {
        let lives: [(Configuration, String)] = [
            (Configuration(.every), "append,checkpoint,append,rotate,checkpoint,append,close"),
            (Configuration(.every), "append,batch,append,rotate,append,close"),
            (Configuration(.every), "append,batch,append,rotate,append,batch"),
            (Configuration(.every), "append,close"),
            (Configuration(.every), "append,append"),
            (Configuration(.every), "batch,checkpoint,batch,checkpoint,append"),
            (Configuration(.every, populated: true), "append,close"),
            (Configuration(.every, populated: true), "batch,snapshot,append"),
            (Configuration(.manual, populated: true), "append,batch,rotate,close"),
            (Configuration(.manual), "append,batch,rotate,checkpoint,append,sync"),
            (Configuration(.every, prepared: true), "append,rotate,append,close"),
            (Configuration(.every, populated: true, prepared: true), "append,rotate,append"),
            (Configuration(.every, encrypted: true), "append,checkpoint,batch,checkpoint,append"),
            (Configuration(.every, prepared: true, encrypted: true), "append,reopen,append,close"),
        ]
        return try lives.map { try Fixture($0.0, Workload($0.1)!, in: laboratory) }
    }

    /// The bytes of the last segment with an intact record behind them, of a kind that only a newer
    /// version knows.
    func addingNewerRecord(to bytes: [UInt8]) -> [UInt8] {
        guard
            let store = try? Laboratory().open(
                image.copy, configuration, seed: 1, access: .readOnly),
            let last = store.status.log.segments.last
        else { return bytes }
        let codec = FrameCodec(log: store.status.log.logID, segment: last.name.segment)
        var buffer = BinaryBuffer(capacity: 64)
        codec.append(
            FrameHeader(
                kind: FrameKind(rawValue: 60), lsn: store.status.log.nextLSN, relatedLSN: .never,
                payloadByteCount: 0), payload: RawSpan(), to: &buffer)
        return Array(bytes.prefix(Int(last.byteCount))) + buffer.array()
    }

    /// The last segment: only its end may look like an interrupted write.
    var lastSegment: FilePath? { image.storeFiles.last { $0.string.hasSuffix(".wal") } }
}

/// What became of a damaged store.
enum DamageOutcome: Sendable {
    /// It was refused.
    case refused
    /// It opened, holds everything, and the damage was reported.
    case told
    /// It opened and holds everything.
    case whole
    /// It opened and holds less, and calls the rest an interrupted write.
    case shorter
}
