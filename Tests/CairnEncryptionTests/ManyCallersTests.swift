// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnEncryption
import CairnIO
import CairnLog
import CairnTesting
import Testing

/// Tasks and threads that commit at the same time: a leader that waits for more of them encrypts what is there, also
/// while the segment is full and another one begins.
struct ManyCallersTests {
    @Test(arguments: [600, 100_000])
    func whatTheyCommitIsThereAndInOrder(segmentByteCount: Int) async throws {
        let files = SimulatedFileSystem()
        let options = LogOptions.encrypted(Keys.keys(seed: 1), segmentByteCount: segmentByteCount)
        let notes = try Durable<Notes>.open(
            "notes", options: options, environment: .simulated(files))
        await withThrowingTaskGroup(of: Void.self) { group in
            for caller in 0..<16 {
                group.addTask {
                    for number in 0..<50 { try await notes.commit(.added("\(caller).\(number)")) }
                }
            }
        }
        let texts = await notes.read(\.texts)
        try await notes.close()
        #expect(texts.count == 16 * 50)
        let reopened = try Durable<Notes>.open(
            "notes", options: .encrypted(Keys.keys(seed: 2), segmentByteCount: segmentByteCount),
            environment: .simulated(files))
        #expect(await reopened.read(\.texts) == texts)
    }
}
