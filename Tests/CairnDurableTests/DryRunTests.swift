// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnLSN
import CairnLog
import CairnTesting
import SystemPackage
import Testing

struct DryRunTests {
    private func store() throws -> (SimulatedFileSystem, [LSN]) {
        let files = SimulatedFileSystem()
        let account = try Durable<Account>.open("store", environment: .simulated(files))
        var commits: [LSN] = []
        for number in 1...6 {
            let receipt = try account.commit(.deposited(number), .deposited(10 * number))
            commits.append(receipt?.commitLSN ?? .never)
            if number == 3 { try account.checkpoint() }
        }
        try account.close()
        return (files, commits)
    }

    @Test func givesEachStateOfThePastAndChangesNothing() throws {
        let (files, commits) = try store()
        let hash = files.contentHash
        for (index, lsn) in commits.enumerated() {
            let state = try Durable<Account>.dryRun(
                "store", upTo: lsn, environment: .simulated(files))
            #expect(state.balance == (1...index + 1).reduce(0) { $0 + 11 * $1 })
        }
        #expect(files.contentHash == hash)
    }

    @Test func showsEachEventBeforeItIsApplied() throws {
        let (files, commits) = try store()
        var seen: [(Account.Event, LSN)] = []
        _ = try Durable<Account>.dryRun("store", environment: .simulated(files)) { event, lsn in
            seen.append((event, lsn))
        }
        // The snapshot has the first three commits.
        #expect(seen.map(\.0) == (4...6).flatMap { [.deposited($0), .deposited(10 * $0)] })
        #expect(seen.map(\.1) == commits[3...].flatMap { [$0, $0] })
        struct Enough: Error {}
        #expect(throws: Enough.self) {
            try Durable<Account>.dryRun("store", environment: .simulated(files)) { _, _ in
                throw Enough()
            }
        }
    }

    @Test func aStoreThatIsNotThereIsToldSo() {
        let error = #expect(throws: DurableError.self) {
            try Durable<Account>.dryRun("none", environment: .simulated(SimulatedFileSystem()))
        }
        #expect(error?.cause?.code == .notFound)
    }
}
