// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnFormat
import CairnIO
import CairnLSN
import CairnLog
import CairnTesting
import SystemPackage
import Testing

/// The usual changes of a schema, in both directions, with a log that reaches back to its start and with one that a
/// checkpoint has cut: each opens with the right data, or is refused and changes no byte.
struct SchemaChangeTests {
    private static func options(_ access: FileAccess = .readWrite) -> LogOptions {
        var options = LogOptions()
        options.access = access
        options.segmentByteCount = 4096
        options.preparesSegments = false
        options.recycledSegmentCountMax = 0
        return options
    }

    private static func open<State: DurableState>(
        _ files: SimulatedFileSystem, _ access: FileAccess = .readWrite
    ) throws -> Durable<State> {
        try .open("ledger", options: options(access), environment: .simulated(files))
    }

    /// Whether the log is truncated.
    enum LogLength: CaseIterable { case short, truncated }

    private static func oldStore(_ length: LogLength) throws -> (SimulatedFileSystem, Cashbook) {
        let files = SimulatedFileSystem()
        let ledger: Durable<Cashbook> = try open(files)
        for number in 1...(length == .short ? 3 : 300) {
            try ledger.commit(.booked(name: "a\(number % 7)", amount: number), .counted(1))
            if length == .truncated, number % 100 == 99 { try ledger.checkpoint() }
        }
        #expect((ledger.status.log.firstLSN > .first) == (length == .truncated))
        let state = ledger.read { $0 }
        try ledger.close()
        return (files, state)
    }

    /// Opens an old store with a new program, lets that write, and goes back.
    private static func check<New: DurableState & Equatable>(
        _ length: LogLength, _ expected: (Cashbook) -> New, then event: New.Event,
        place: SourceLocation = #_sourceLocation
    ) throws where New.Event: Equatable {
        let (files, old) = try oldStore(length)
        let contents = files.storeContents
        let reading: Durable<New> = try open(files, .readOnly)
        #expect(reading.read { $0 } == expected(old), sourceLocation: place)
        #expect(reading.recovery.damagedSnapshots.isEmpty, sourceLocation: place)
        try reading.close()
        #expect(files.storeContents == contents, "reading changes nothing", sourceLocation: place)

        // The log goes on, with events of two versions.
        var new: Durable<New> = try open(files)
        var state = expected(old)
        try new.commit(event)
        state.apply(event)
        #expect(new.read { $0 } == state, sourceLocation: place)
        let first = new.status.log.firstLSN.predecessor
        let reader = try new.changes(after: first).makeReader()
        var last: [New.Event] = []
        while let change = try reader.next() { last = change.events }
        #expect(last == [event], sourceLocation: place)
        try new.close()
        let dry = try Durable<New>.dryRun(
            "ledger", options: options(), environment: .simulated(files))
        #expect(dry == state, sourceLocation: place)
        new = try open(files)
        #expect(new.read { $0 } == state, sourceLocation: place)

        // A snapshot of the new version, and events behind it.
        try new.checkpoint()
        try new.commit(event)
        state.apply(event)
        try new.close()
        new = try open(files)
        #expect(new.read { $0 } == state, sourceLocation: place)
        try new.close()

        let after = files.storeContents
        let error = #expect(throws: DurableError.self, sourceLocation: place) {
            let _: Durable<Cashbook> = try open(files)
        }
        #expect(error?.code == .doesNotFit, sourceLocation: place)
        #expect(
            error?.program?.store == StoreProgram(name: "Cashbook", version: 2),
            sourceLocation: place)
        #expect(error?.program?.opening == StoreProgram(name: "Cashbook", version: 1))
        #expect(files.storeContents == after, sourceLocation: place)
    }

    @Test(arguments: LogLength.allCases)
    func aFieldIsAdded(length: LogLength) throws {
        try Self.check(
            length, { MoreFields(totals: $0.totals, count: $0.count, owner: "nobody") },
            then: .booked(name: "b", amount: 1, by: "ada"))
    }

    @Test(arguments: LogLength.allCases)
    func aFieldIsRenamed(length: LogLength) throws {
        try Self.check(
            length, { Renamed(balances: $0.totals, count: $0.count) },
            then: .booked(account: "b", amount: 1))
    }

    @Test(arguments: LogLength.allCases)
    func aFieldIsRemoved(length: LogLength) throws {
        try Self.check(length, { FewerFields(totals: $0.totals) }, then: .counted)
    }

    /// Then the older program is refused as well, at the field that it cannot do without, and the newer one goes on.
    @Test(arguments: LogLength.allCases, [false, true])
    func aFieldIsRemovedAndTheVersionStays(length: LogLength, checkpoints: Bool) throws {
        let (files, old) = try Self.oldStore(length)
        let new: Durable<FewerFieldsOfTheSameVersion> = try Self.open(files)
        #expect(new.read { $0.totals } == old.totals)
        try new.commit(.counted)
        if checkpoints {
            // The log is then truncated up to a snapshot of the new program.
            for _ in 0..<3 {
                for _ in 0..<100 { try new.commit(.booked(name: "b", amount: 1)) }
                try new.checkpoint()
            }
        }
        let totals = new.read { $0.totals }
        try new.close()
        let contents = files.storeContents
        let error = #expect(throws: DurableError.self) {
            let _: Durable<Cashbook> = try Self.open(files)
        }
        #expect(error?.code == .doesNotFit && error?.program == nil, "\(error as Any)")
        #expect(error?.coding?.path == (checkpoints ? ["count"] : ["counted", "_0"]))
        #expect(files.storeContents == contents)
        let again: Durable<FewerFieldsOfTheSameVersion> = try Self.open(files)
        #expect(again.read { $0.totals } == totals)
    }

    @Test(arguments: LogLength.allCases)
    func aCaseIsRemovedAndOneAdded(length: LogLength) throws {
        try Self.check(
            length, { OtherCases(totals: $0.totals) }, then: .closed(name: "a1"))
    }

    @Test(arguments: LogLength.allCases)
    func aCaseIsRenamed(length: LogLength) throws {
        try Self.check(
            length, { RenamedCase(totals: $0.totals, count: $0.count) },
            then: .entered(name: "b", amount: 1))
    }

    @Test(arguments: LogLength.allCases)
    func aTypeIsChanged(length: LogLength) throws {
        try Self.check(
            length,
            {
                OtherType(
                    totals: $0.totals.mapValues { OtherType.Money(cents: $0 * 100) },
                    count: "\($0.count)")
            }, then: .booked(name: "b", amount: OtherType.Money(cents: 250)))
    }

    /// Who forgets to raise the version, or cannot turn what is there, is refused, and the old program goes on.
    @Test(arguments: LogLength.allCases)
    func whatDoesNotFitIsRefusedAndTheOldProgramOpensIt(length: LogLength) throws {
        let (files, old) = try Self.oldStore(length)
        let contents = files.storeContents
        func refuses<New: DurableState>(_ type: New.Type, _ path: [String]?) {
            let error = #expect(throws: DurableError.self) {
                let _: Durable<New> = try Self.open(files)
            }
            #expect(error?.code == .doesNotFit, "\(type): \(error as Any)")
            #expect(error?.program == nil)
            if let path { #expect(error?.coding?.path == path, "\(type): \(error as Any)") }
            #expect(files.storeContents == contents, "\(type)")
        }
        refuses(Forgotten.self, length == .short ? ["booked", "by"] : ["owner"])
        refuses(Undecided.self, nil)
        let again: Durable<Cashbook> = try Self.open(files)
        #expect(again.read { $0 } == old)
    }

    @Test func eachEventIsTurnedFromTheVersionThatWroteIt() throws {
        let files = SimulatedFileSystem()
        func write<State: DurableState>(_ type: State.Type, _ event: State.Event) throws -> State {
            let store: Durable<State> = try Self.open(files)
            try store.commit(event)
            let state = store.read { $0 }
            try store.close()
            return state
        }
        _ = try write(Cashbook.self, .booked(name: "a", amount: 1))
        _ = try write(MoreFields.self, .booked(name: "a", amount: 2, by: "ada"))
        let both: Durable<TwoSteps> = try Self.open(files, .readOnly)
        #expect(both.read { $0.totals } == ["nobody a": 1, "ada a": 2])
        try both.close()
        let third = try write(Third.self, .noted("a", from: 3))
        #expect(third.notes == ["a from 1", "a from 2", "a from 3"])
        let reading: Durable<Third> = try Self.open(files, .readOnly)
        #expect(reading.read { $0.notes } == ["a from 1", "a from 2", "a from 3"])
        try reading.close()
        #expect(files.programPaths.count == 3)
        #expect(throws: DurableError.self) {
            let _: Durable<MoreFields> = try Self.open(files)
        }
    }
}
