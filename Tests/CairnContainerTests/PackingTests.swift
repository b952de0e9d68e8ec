// SPDX-License-Identifier: Apache-2.0

import CairnContainer
import CairnDurable
import CairnIO
import CairnLog
import CairnTesting
import SystemPackage
import Testing

struct PackingTests {
    /// The checksum at the end of a record may end in zeros, which are not those behind it.
    @Test func aRecordThatEndsInAZeroIsPackedWhole() throws {
        let files = SimulatedFileSystem()
        let scores = try Durable<Scores>.open(
            "scores", environment: .over(files), checkpoints: .manual)
        var foundCount = 0
        for step in 1...1_500 {
            try scores.commit(Scores.one)
            let path = try #require(
                files.filePaths(startingWith: "scores/log/").first {
                    $0.string.hasSuffix(".wal")
                })
            let last = try #require(files.contents(path)?.lastIndex { $0 != 0 })
            guard (last + 1) % 8 != 0 else { continue }
            foundCount += 1
            let image = files.crashImage(.everythingWritten)
            let target = FilePath("packed\(step)")
            try StoreContainer.pack("scores", into: target, environment: .over(image, seed: 3))
            let packed = try Durable<Scores>.open(
                container: target, environment: .over(image, seed: 4))
            #expect(packed.read(\.count) == step)
        }
        #expect(foundCount > 2, "the numbers of the test have none")
    }
}
