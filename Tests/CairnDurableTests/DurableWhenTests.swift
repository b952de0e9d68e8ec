// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnIO
import CairnLog
import CairnSync
import CairnTesting
import SystemPackage
import Testing

/// The table "What is durable when" of the README, row by row.
struct DurableWhenTests {
    /// A store, and what is left of it after a crash.
    private struct Fixture {
        let files = SimulatedFileSystem()
        let account: Durable<Account>

        init(_ policy: SyncPolicy) throws {
            var options = LogOptions()
            options.syncPolicy = policy
            account = try Durable.open(
                "store", options: options, environment: .simulated(files))
        }

        var visible: Int { account.read(\.balance) }
        /// The files stay as the program sees them.
        func afterTheProcess() throws -> Int { try balance(.everythingWritten) }
        /// Only what was synced is sure to stay.
        func afterTheMachine() throws -> Int { try balance(.onlySynced) }

        private func balance(_ choice: CrashChoice) throws -> Int {
            try Durable<Account>.open("store", environment: .simulated(files.crashImage(choice)))
                .read(\.balance)
        }
    }

    private static let weaker: [SyncPolicy] = [
        .periodic(interval: .seconds(3600)), .bytes(1 << 30), .manual,
    ]

    @Test func aCommitUnderEveryCommit() throws {
        let store = try Fixture(.everyCommit)
        try store.account.commit(.deposited(1))
        #expect(try store.afterTheProcess() == 1)
        #expect(try store.afterTheMachine() == 1)
        #expect(store.visible == 1)
    }

    @Test(arguments: weaker) func aCommitUnderAWeakerPolicy(_ policy: SyncPolicy) throws {
        let store = try Fixture(policy)
        try store.account.commit(.deposited(1))
        #expect(try store.afterTheProcess() == 1)
        #expect(try store.afterTheMachine() == 0)
        #expect(store.visible == 1)
        try store.account.sync()
        #expect(try store.afterTheMachine() == 1)
        try store.account.commit(.deposited(1), level: .durable)
        #expect(try store.afterTheMachine() == 2, "a commit may ask for more than the policy")
    }

    @Test func aCommitThatHasNotReturned() throws {
        let store = try Fixture(.everyCommit)
        let pending = try #require(try store.account.stage([.deposited(1)]))
        #expect(store.visible == 0)
        #expect(store.account.read(.latest) { $0.balance } == 1)
        _ = try store.account.wait(for: pending)
        #expect(store.visible == 1)
    }

    @Test(arguments: weaker) func syncCheckpointAndClose(_ policy: SyncPolicy) throws {
        for makeDurable: (Durable<Account>) throws -> Void in [
            { try $0.sync() }, { try $0.checkpoint() }, { try $0.close() },
        ] {
            let store = try Fixture(policy)
            try store.account.commit(.deposited(1))
            try makeDurable(store.account)
            #expect(try store.afterTheProcess() == 1)
            #expect(try store.afterTheMachine() == 1)
            #expect(store.visible == 1)
        }
    }

    @Test func whatIsRefused() throws {
        let store = try Fixture(.everyCommit)
        let operations = store.files.operationCount
        #expect(throws: Account.Overdrawn.self) {
            try store.account.commit(.deposited(1), .withdrawn(2))
        }
        #expect(store.files.operationCount == operations)
        #expect(store.visible == 0)
    }

    @Test func anErrorFromACommit() throws {
        let store = try Fixture(.everyCommit)
        try store.account.commit(.deposited(1))
        store.files.setFaults(.fail(.ioError, atOperation: store.files.operationCount))
        let error = #expect(throws: DurableError.self) { try store.account.commit(.deposited(1)) }
        #expect(error?.code == .indeterminate)
        #expect(store.visible == 1)
        #expect([1, 2].contains(try store.afterTheMachine()))
        #expect(throws: DurableError.self) { try store.account.commit(.deposited(1)) }
    }
}
