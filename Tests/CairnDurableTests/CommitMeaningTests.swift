// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnDurable
import CairnFormat
import CairnIO
import CairnLog
import CairnTesting
import Foundation
import Testing

/// What a commit of several events, and a commit that decides, mean.
struct CommitMeaningTests {
    private func open<State>(
        _ type: State.Type, _ files: SimulatedFileSystem = SimulatedFileSystem()
    ) throws -> Durable<State> {
        try Durable.open("store", environment: .simulated(files))
    }

    @Test func eachEventIsValidatedAgainstWhatTheOnesBeforeLeave() throws {
        let account = try open(Account.self)
        try account.commit(.deposited(100))
        #expect(throws: Account.Overdrawn.self) {
            try account.commit(.withdrawn(80), .withdrawn(80))
        }
        #expect(account.read(\.balance) == 100)
        #expect(account.read(.latest) { $0.balance } == 100, "the first of the two is taken back")
        try account.commit(.deposited(10), .withdrawn(110))
        #expect(account.read(\.balance) == 0)
    }

    @Test func theSameOfAStateThatGivesViews() throws {
        let account = try open(ViewedAccount.self)
        try account.commit(.deposited(100))
        #expect(throws: Account.Overdrawn.self) {
            try account.commit(.withdrawn(80), .withdrawn(80))
        }
        #expect(account.read(.latest) { $0.account.balance } == 100)
        try account.commit(.withdrawn(100))
        #expect(account.read { $0.account.balance } == 0)
    }

    @Test func aCommitDecidesUnderTheLock() throws {
        let files = SimulatedFileSystem()
        let account = try open(Account.self, files)
        let drawn = Locked<[Int]>([])
        try account.commit(.deposited(100))
        try onThreads(8) { _ in
            let result = try? account.commit { state in
                guard state.balance >= 30 else { return (events: [], result: 0) }
                return (events: [.withdrawn(30)], result: 30)
            }
            drawn.withLock { $0.append(result?.value ?? -1) }
        }
        #expect(drawn.withLock { $0.sorted() } == [0, 0, 0, 0, 0, 30, 30, 30])
        #expect(account.read(\.balance) == 10)
        let again = try open(Account.self, files.crashImage(.onlySynced))
        #expect(again.read(\.balance) == 10)
    }

    @Test func aDecisionThatThrowsChangesNothing() throws {
        let account = try open(Account.self)
        struct No: Error {}
        #expect(throws: No.self) {
            try account.commit { (_: borrowing Account) -> (events: [Account.Event], result: Int) in
                throw No()
            }
        }
        #expect(try account.commit { _ in (events: [], result: 1) }.receipt == nil)
        #expect(account.status.log.commitCount == 0)
    }

    @Test func whatCannotBeStoredIsRefusedAndTheStoreGoesOn() throws {
        var options = LogOptions()
        options.frameLimits = FrameLimits(payloadByteCountMax: 4096)
        let files = SimulatedFileSystem()
        let notes = try Durable<Notes>.open(
            "store", options: options, environment: .simulated(files))
        try notes.commit(.init(text: "small"))
        let operations = files.operationCount
        let error = #expect(throws: DurableError.self) {
            try notes.commit(.init(text: String(repeating: "x", count: 5000)))
        }
        #expect(error?.code == .tooLarge)
        let unencodable = #expect(throws: DurableError.self) {
            try notes.commit(.init(text: "bad", fails: true))
        }
        #expect(unencodable?.code == .unencodable)
        #expect(files.operationCount == operations)
        #expect(notes.read { $0.texts } == ["small"] && notes.failure == nil)
        try notes.commit(.init(text: "later"))
        let again = try Durable<Notes>.open(
            "store", options: options, environment: .simulated(files.crashImage(.onlySynced)))
        #expect(again.read { $0.texts } == ["small", "later"])
    }

    @Test func anEventThatEndsTheProgramWasNeverOnDisk() async throws {
        await #expect(processExitsWith: .failure) {
            let files = SimulatedFileSystem()
            let account = try Durable<Trapping>.open("store", environment: .simulated(files))
            let operations = files.operationCount
            Trapping.beforeTheEnd = {
                // Another exit than that of the trap: something was written before.
                if files.operationCount != operations { exit(0) }
            }
            try await account.commit(.init())
        }
    }
}

private struct Notes: DurableState, Codable {
    var texts: [String] = []

    struct Event: DurableEvent, Codable {
        var text: String
        var fails = false

        struct Unwritable: Error {}

        func encode(to encoder: any Encoder) throws {
            if fails { throw Unwritable() }
            var container = encoder.singleValueContainer()
            try container.encode(text)
        }

        init(text: String, fails: Bool = false) { (self.text, self.fails) = (text, fails) }

        init(from decoder: any Decoder) throws {
            text = try decoder.singleValueContainer().decode(String.self)
        }
    }

    mutating func apply(_ event: Event) { texts.append(event.text) }
}

private struct Trapping: DurableState, Codable {
    struct Event: DurableEvent, Codable {}
    nonisolated(unsafe) static var beforeTheEnd: () -> Void = {}

    mutating func apply(_ event: Event) {
        Self.beforeTheEnd()
        preconditionFailure("the event ends the program")
    }
}
