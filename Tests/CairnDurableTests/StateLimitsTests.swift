// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnDurable
import CairnFormat
import CairnIO
import CairnLog
import CairnSnapshot
import CairnTesting
import Testing

/// The limits that events of a `Codable` state can meet: what is accepted survives a checkpoint and an opening, what
/// is not is refused by the commit, and the store goes on.
struct StateLimitsTests {
    /// Lists within one another.
    struct Tree: Codable, Hashable, Sendable {
        var depth: Int

        init(depth: Int) { self.depth = depth }

        init(from decoder: any Decoder) throws {
            var container = try decoder.unkeyedContainer()
            depth = container.isAtEnd ? 1 : try container.decode(Tree.self).depth + 1
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.unkeyedContainer()
            if depth > 1 { try container.encode(Tree(depth: depth - 1)) }
        }
    }

    struct Forest: DurableState, Codable, Hashable {
        var text = ""
        var tree = Tree(depth: 1)

        enum Event: DurableEvent, Codable {
            case planted(Tree)
            case written(String)
        }

        mutating func apply(_ event: Event) {
            switch event {
            case .planted(let tree): self.tree = tree
            case .written(let text): self.text = text
            }
        }
    }

    private func open(
        _ files: SimulatedFileSystem, _ options: LogOptions = LogOptions()
    ) throws -> Durable<Forest> {
        try Durable.open("db", options: options, environment: .simulated(files))
    }

    /// Commits, checkpoints and opens again.
    ///
    /// - Returns: What the event was refused with; nil when it was accepted.
    private func go(
        _ event: Forest.Event, _ options: LogOptions = LogOptions()
    ) throws -> DurableError? {
        let files = SimulatedFileSystem()
        let store = try open(files, options)
        var refusal: DurableError?
        do {
            try store.commit(event)
        } catch let error as DurableError {
            refusal = error
            #expect(store.read { $0 } == Forest())
            try store.commit(.written("next"))
        }
        let state = store.read { $0 }
        #expect(try open(files.crashImage(.onlySynced), options).read { $0 } == state)
        #expect(try store.checkpoint() != nil)
        try store.close()
        let again = try open(files, options)
        #expect(again.recovery.snapshotFence != nil && again.recovery.eventCount == 0)
        #expect(again.read { $0 } == state)
        return refusal
    }

    @Test func anEventNests64Times() throws {
        // The case of the event and its label are two levels; the innermost list, which is empty, is none.
        for depth in [62, 63, 64] {
            let refusal = try go(.planted(Tree(depth: depth)))
            #expect((refusal == nil) == (depth <= 63), "\(depth)")
            guard let refusal else { continue }
            #expect(refusal.code == .unencodable && refusal.description.contains("64"))
        }
    }

    @Test func anEventFitsIntoARecord() throws {
        var options = LogOptions()
        options.frameLimits.payloadByteCountMax = 4096
        var (accepted, refused) = (0, 8192)
        while refused - accepted > 1 {
            let size = (accepted + refused) / 2
            let store = try open(SimulatedFileSystem(), options)
            let text = String(repeating: "x", count: size)
            if (try? store.commit(.written(text))) != nil {
                accepted = size
            } else {
                refused = size
            }
        }
        #expect((4000...4096).contains(accepted))
        for size in [accepted - 1, accepted, accepted + 1] {
            let refusal = try go(.written(String(repeating: "x", count: size)), options)
            #expect((refusal?.code == .tooLarge) == (size > accepted), "\(size)")
        }
    }

    /// The state is cut into records, so it has no limit of its own.
    @Test func aStateMayBeLargerThanARecordOfASnapshotIsCut() throws {
        #expect(try go(.written(String(repeating: "x", count: 3 << 20))) == nil)
    }

    /// A state that writes itself as one record.
    struct Blob: DurableState {
        var byteCount = 0

        struct Event: DurableEvent, Codable { var byteCount: Int }

        init() {}

        mutating func apply(_ event: Event) { byteCount = event.byteCount }

        borrowing func write<Sink: SectionSink & ~Copyable>(to sink: inout Sink) throws(Sink
            .Failure)
        {
            let byteCount = byteCount
            try sink.beginSection(1)
            try sink.appendRecord { $0.append(zeros: byteCount + 1) }
        }

        init<Source: SectionSource & ~Copyable>(from source: inout Source) throws(Source.Failure) {
            var byteCount = 0
            try source.forEachRun(of: 1) { run throws(FormatError) in
                byteCount = run.remaining - 1
                _ = try run.take(run.remaining)
            }
            self.byteCount = byteCount
        }
    }

    /// A store with the option to look at each state refuses what no checkpoint could write.
    @Test func aStateOfItsOwnFitsIntoARecordOfASnapshot() throws {
        let limit = SnapshotFormat.recordByteCountMax - 1
        let files = SimulatedFileSystem()
        let store = try Durable<Blob>.open("db", environment: .simulated(files), checksStates: true)
        for byteCount in [limit - 1, limit] {
            try store.commit(.init(byteCount: byteCount))
            #expect(try store.checkpoint() != nil)
        }
        let error = #expect(throws: DurableError.self) {
            try store.commit(.init(byteCount: limit + 1))
        }
        #expect(error?.code == .tooLarge)
        try store.commit(.init(byteCount: 7))
        #expect(try store.checkpoint() != nil)
        try store.close()
        let again = try Durable<Blob>.open("db", environment: .simulated(files))
        #expect(again.read(\.byteCount) == 7)
    }
}
