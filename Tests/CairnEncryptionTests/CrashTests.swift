// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnEncryption
import CairnIO
import CairnLog
import CairnTesting
import Testing

/// A crash at every operation of a workload with commits, rotations, a change of keys, checkpoints and truncations.
struct CrashTests {
    private static func keys(_ session: Int) -> EncryptionKeys {
        session == 0
            ? Keys.keys(seed: 1) : Keys.keys(Keys.second, previous: [Keys.first], seed: 2)
    }

    private static func open(
        _ environment: StorageEnvironment, _ keys: EncryptionKeys
    ) throws -> Durable<Notes> {
        try Durable<Notes>.open(
            "notes", options: .encrypted(keys, segmentByteCount: 700), environment: environment)
    }

    private static func enumeration() -> CrashEnumeration<String> {
        CrashEnumeration<String>("encrypted notes") { environment, journal in
            for session in 0..<2 {
                let notes = try open(environment, keys(session))
                for step in 1...7 {
                    let text = "\(session).\(step)"
                    journal.attempt(text)
                    try notes.commit(.added(text))
                    journal.acknowledge()
                    if step % 3 == 0 { try notes.checkpoint() }
                }
                try notes.close()
            }
        } check: { environment, journal in
            let notes = try open(
                environment, Keys.keys(Keys.second, previous: [Keys.first], seed: 3))
            let texts = notes.read(\.texts)
            guard journal.possibleOutcomes.contains(where: { Array($0) == texts }) else {
                throw CrashFinding("\(texts) of \(journal.attempted)")
            }
        }
    }

    @Test func everyAcknowledgedCommitIsThereAfterACrashAtEveryOperation() throws {
        var enumeration = Self.enumeration()
        enumeration.choicesPerCrash = 6
        enumeration.choicesPerRecoveryCrash = 1
        let report = try enumeration.run()
        print("encrypted: \(report)")
        #expect(report.crashCount > 100)
    }
}
