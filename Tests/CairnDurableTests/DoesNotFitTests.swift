// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnFormat
import CairnLog
import CairnSnapshot
import CairnTesting
import SystemPackage
import Testing

/// What a program cannot encode, and what it cannot read although it is intact.
struct DoesNotFitTests {
    /// A list that grows by one level with each event.
    private struct Nest: DurableState, Codable, Hashable {
        indirect enum Level: Codable, Hashable, Sendable {
            case end
            case inner(Level)
        }
        struct Event: DurableEvent, Codable {}
        var level = Level.end
        mutating func apply(_ event: Event) { level = .inner(level) }
    }

    @Test func aStateThatCannotBeEncodedIsToldAndHarmsNothing() throws {
        let files = SimulatedFileSystem()
        let nest = try Durable<Nest>.open("store", environment: .simulated(files))
        for _ in 0..<10 { try nest.commit(.init()) }
        #expect(try nest.checkpoint() != nil)
        for _ in 0..<30 { try nest.commit(.init()) }
        let before = files.filePaths
        let error = #expect(throws: DurableError.self) { try nest.checkpoint() }
        #expect(error?.code == .unencodable)
        #expect(error?.coding?.path.first == "level")
        #expect(error?.description.contains("level.inner") == true)
        #expect(error?.coding?.meaning == "nests deeper than 64 arrays and objects")
        #expect(files.filePaths == before, "nothing was left behind")
        try nest.commit(.init())
        let expected = nest.read { $0 }
        let again = try Durable<Nest>.open(
            "store", environment: .simulated(files.crashImage(.onlySynced)))
        #expect(again.read { $0 } == expected)
    }

    @Test func aStateThatCannotBeEncodedIsRefusedAtOnceByWhoChecks() throws {
        let files = SimulatedFileSystem()
        let nest = try Durable<Nest>.open(
            "store", environment: .simulated(files), checksStates: true)
        var accepted = 0
        var refusal: DurableError?
        while refusal == nil, accepted < 100 {
            do {
                try nest.commit(.init())
                accepted += 1
            } catch {
                refusal = error as? DurableError
            }
        }
        #expect(refusal?.code == .unencodable && refusal?.coding?.path.first == "level")
        #expect(accepted == 31)
        let kept = nest.read { $0 }
        // Nothing was committed, and the store goes on: what was accepted can be written and read back.
        #expect(try nest.checkpoint() != nil)
        let again = try Durable<Nest>.open(
            "store", environment: .simulated(files.crashImage(.onlySynced)))
        #expect(again.read { $0 } == kept)
    }

    /// Bytes that are written as one record, by a form of their own.
    private struct Blob: DurableState {
        struct Event: DurableEvent, Codable { var byteCount: Int }
        var byteCount = 1

        init() {}
        init<Source: SectionSource & ~Copyable>(from source: inout Source) throws(Source.Failure) {
            var byteCount = 0
            try source.forEachRun(of: 1) { run throws(FormatError) in
                byteCount = run.remaining
                _ = try run.take(byteCount)
            }
            self.byteCount = byteCount
        }
        borrowing func write<Sink: SectionSink & ~Copyable>(
            to sink: inout Sink
        ) throws(Sink.Failure) {
            try sink.beginSection(1)
            let byteCount = byteCount
            try sink.appendRecord { $0.append(zeros: byteCount) }
        }
        mutating func apply(_ event: Event) { byteCount = event.byteCount }
    }

    @Test func aStateWithARecordAboveTheLimitIsRefusedAtOnceByWhoChecks() throws {
        let files = SimulatedFileSystem()
        let blob = try Durable<Blob>.open(
            "store", environment: .simulated(files), checksStates: true)
        let limit = SnapshotFormat.recordByteCountMax
        for byteCount in [limit - 1, limit] { try blob.commit(.init(byteCount: byteCount)) }
        let error = #expect(throws: DurableError.self) {
            try blob.commit(.init(byteCount: limit + 1))
        }
        #expect(error?.code == .tooLarge)
        #expect(try blob.checkpoint() != nil)
        let again = try Durable<Blob>.open(
            "store", environment: .simulated(files.crashImage(.onlySynced)))
        #expect(again.read { $0.byteCount } == limit)
    }

    private struct Old: DurableState, Codable, Hashable {
        enum Event: DurableEvent, Codable { case added(name: String), counted(Int) }
        var names: [String] = []
        var count = 0
        mutating func apply(_ event: Event) {
            switch event {
            case .added(let name): names.append(name)
            case .counted(let number): count += number
            }
        }
    }

    /// A field that the old state does not have.
    private struct MoreFields: DurableState, Codable {
        static let name = "Old"
        typealias Event = Old.Event
        var names: [String] = []
        var count = 0
        var owner = "nobody"
        mutating func apply(_ event: Event) {}
    }

    /// A field of another type in an event.
    private struct OtherType: DurableState, Codable {
        static let name = "Old"
        enum Event: DurableEvent, Codable { case added(name: Int), counted(Int) }
        var names: [String] = []
        var count = 0
        mutating func apply(_ event: Event) {}
    }

    private func oldStore(checkpoints: Bool) throws -> SimulatedFileSystem {
        let files = SimulatedFileSystem()
        let old = try Durable<Old>.open("store", environment: .simulated(files))
        try old.commit(.counted(1))
        try old.commit(.added(name: "ada"))
        if checkpoints { try old.checkpoint() }
        try old.close()
        return files
    }

    private func contents(_ files: SimulatedFileSystem) -> [[UInt8]?] {
        files.filePaths.filter { $0.lastComponent != "LOCK" }.map { files.contents($0) }
    }

    @Test func aSnapshotThatDoesNotFitIsNoDamageAndIsReplacedByNothing() throws {
        let files = try oldStore(checkpoints: true)
        let contents = contents(files)
        let error = #expect(throws: DurableError.self) {
            try Durable<MoreFields>.open("store", environment: .simulated(files))
        }
        #expect(error?.code == .doesNotFit && error?.coding?.path == ["owner"])
        #expect(error?.lsn == error?.snapshot?.fence?.lsn && error?.lsn != nil)
        #expect(error?.description.contains("owner: there is no such field") == true)
        #expect(self.contents(files) == contents)
        let old = try Durable<Old>.open("store", environment: .simulated(files))
        #expect(old.read { $0.names } == ["ada"] && old.recovery.damagedSnapshots.isEmpty)
    }

    @Test func anEventThatDoesNotFitIsNamedWithItsPath() throws {
        let files = try oldStore(checkpoints: false)
        let error = #expect(throws: DurableError.self) {
            try Durable<OtherType>.open("store", environment: .simulated(files))
        }
        #expect(error?.code == .doesNotFit && error?.coding?.path == ["added", "name"])
        #expect(error?.coding?.meaning == "expected an integer, and found a string")
        #expect(error?.lsn?.rawValue == 6)
    }
}
