// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnIO
import CairnLSN
import CairnLog
import CairnSync
import CairnTesting
import SystemPackage
import Testing

/// The writer lock is free before the disk has its commit; what readers see does not.
@Suite(.timeLimit(.minutes(5)))
struct PipelineTests {
    @Test func theNextWriterGoesOnWhileTheFirstWaitsForTheDisk() throws {
        let gated = try GatedStore(Account.self)
        gated.gate.shut()
        let first = try BackgroundThread { _ = try? gated.store.commit(.deposited(100)) }
        gated.gate.waitUntilBlocked()
        let second = try BackgroundThread { _ = try? gated.store.commit(.withdrawn(80)) }
        poll { gated.store.status.stagedCommitCount == 2 }
        #expect(gated.store.status.publishedLSN == .never)
        #expect(
            gated.store.read(\.balance) == 0, "a reader neither waits nor sees more than it may")
        #expect(gated.store.read(.latest) { $0.balance } == 20)
        #expect(try gated.recovered().read(\.balance) == 0)
        gated.gate.open()
        first.join()
        second.join()
        #expect(gated.store.read(\.balance) == 20)
        #expect(gated.store.status.stagedCommitCount == 0)
        #expect(try gated.recovered().read(\.balance) == 20)
    }

    @Test func allOfARoundAreShownAtOnce() throws {
        let gated = try GatedStore(ViewedAccount.self)
        gated.gate.shut()
        var threads = [
            try BackgroundThread { _ = try? gated.store.commit(.deposited(1)) }
        ]
        gated.gate.waitUntilBlocked()
        for _ in 0..<8 {
            threads.append(try BackgroundThread { _ = try? gated.store.commit(.deposited(1)) })
        }
        poll { gated.store.status.stagedCommitCount == 9 }
        let seen = Locked<Set<Int>>([])
        let isDone = Locked(false)
        let reader = try BackgroundThread {
            while !isDone.withLock({ $0 }) {
                let balance = gated.store.read { $0.account.balance }
                seen.withLock { _ = $0.insert(balance) }
            }
        }
        gated.gate.open()
        for thread in threads { thread.join() }
        isDone.withLock { $0 = true }
        reader.join()
        #expect(seen.withLock { $0 }.isSubset(of: [0, 1, 9]), "two rounds: one, then all others")
        #expect(gated.store.read { $0.account.balance } == 9)
    }

    @Test func aFailedSyncIsToldToAllInFlightAndTakesEverythingBack() throws {
        let gated = try GatedStore(Account.self)
        try gated.store.commit(.deposited(5))
        gated.gate.shut()
        let errors = Locked<[DurableError.Code]>([])
        let commit: @Sendable () -> Void = {
            do { try gated.store.commit(.deposited(1)) } catch {
                errors.withLock { $0.append((error as? DurableError)?.code ?? .misuse) }
            }
        }
        var threads = [try BackgroundThread(commit)]
        gated.gate.waitUntilBlocked()
        for _ in 0..<5 { threads.append(try BackgroundThread(commit)) }
        poll { gated.store.status.stagedCommitCount == 6 }
        gated.files.setFaults(.fail(.ioError, atOperation: gated.files.operationCount))
        gated.gate.open()
        for thread in threads { thread.join() }
        #expect(errors.withLock { $0 } == Array(repeating: .indeterminate, count: 6))
        #expect(gated.store.read(\.balance) == 5)
        #expect(gated.store.read(.latest) { $0.balance } == 5)
        let later = #expect(throws: DurableError.self) { try gated.store.commit(.deposited(1)) }
        #expect(later?.code == .poisoned)
        #expect(gated.store.failure?.code == .indeterminate)
        #expect(gated.store.status.stagedCommitCount == 0)
    }

    @Test func aLookAtTheHeadReturnsOnlyWhenThatIsDurable() throws {
        let gated = try GatedStore(Account.self)
        gated.gate.shut()
        let first = try BackgroundThread { _ = try? gated.store.commit(.deposited(100)) }
        gated.gate.waitUntilBlocked()
        let answers = Locked<[String]>([])
        let looks = try BackgroundThread {
            let result = try? gated.store.commit { state in (events: [], result: state.balance) }
            answers.withLock { $0.append("saw \(result?.value ?? -1)") }
        }
        let refused = try BackgroundThread {
            do { try gated.store.commit(.withdrawn(101)) } catch {
                answers.withLock { $0.append("\(error)") }
            }
        }
        Locked(()).sleep(nanoseconds: 20_000_000) { _ in false }
        #expect(answers.withLock { $0 }.isEmpty, "both saw what a crash may take back")
        gated.gate.open()
        for thread in [first, looks, refused] { thread.join() }
        #expect(answers.withLock { $0.sorted() } == ["Overdrawn()", "saw 100"])
    }

    @Test(arguments: [SyncPolicy.manual, .bytes(1 << 20)])
    func underAWeakerPolicyReadersSeeWhatIsWritten(_ policy: SyncPolicy) throws {
        let gated = try GatedStore(Account.self, policy: policy)
        let receipt = try gated.store.commit(.deposited(7))
        #expect(receipt?.level == .written)
        #expect(gated.store.read(\.balance) == 7)
        #expect(try gated.recovered().read(\.balance) == 0)
        let more = try gated.store.commit(.deposited(1), level: .durable)
        #expect(more?.level == .durable)
        #expect(try gated.recovered().read(\.balance) == 8)
    }

    @Test func aSlowReaderKeepsItsStateAndDelaysNobody() throws {
        let gated = try GatedStore(Account.self)
        try gated.store.commit(.deposited(1))
        let gate = Gate()
        gate.shut()
        let balances = Locked<[Int]>([])
        let reader = try BackgroundThread {
            gated.store.read { account in
                let before = account.balance
                gate.pass()
                balances.withLock { $0 = [before, account.balance] }
            }
        }
        gate.waitUntilBlocked()
        for _ in 0..<10 { try gated.store.commit(.deposited(1)) }
        #expect(gated.store.read(\.balance) == 11)
        gate.open()
        reader.join()
        #expect(balances.withLock { $0 } == [1, 1])
    }

    @Test func aCheckpointHoldsWhatReadersSeeAndNothingLater() throws {
        let gated = try GatedStore(Account.self)
        try gated.store.commit(.deposited(1))
        gated.gate.shut()
        let late = try BackgroundThread { _ = try? gated.store.commit(.deposited(10)) }
        gated.gate.waitUntilBlocked()
        let done = Locked<Checkpoint?>(nil)
        let checkpoint = try BackgroundThread {
            let made = try? gated.store.checkpoint()
            done.withLock { $0 = made }
        }
        gated.gate.open()
        late.join()
        checkpoint.join()
        let made = try #require(done.withLock { $0 })
        let again = try gated.recovered()
        #expect(again.read(\.balance) == 11)
        #expect(again.recovery.snapshotFence == made.snapshot.fence)
    }
}
