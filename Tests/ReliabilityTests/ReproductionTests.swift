// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CairnTesting
import Testing

@testable import crashlab

/// Any failure prints one command that repeats it.
struct ReproductionTests {
    /// A bug is put in, a suite finds it, and the printed line finds it again; without the bug the same
    /// line finds nothing.
    @Test(arguments: ["ack-before-sync", "segment-entry-not-synced", "no-lock"])
    func theLineOfAFailureRepeatsIt(_ name: String) throws {
        let bug = try #require(Bug.all.first { $0.name == name })
        let found = try #require(try ReinjectCommand.catches(bug, stopsAtFirst: true).first)
        let line = found.violation.reproduction.description
        #expect(found.violation.description.contains("crashlab reproduce '\(line)'"))
        #expect(line.hasSuffix("with-bug:\(name)"))
        #expect(throws: (any Error).self) { try ReproduceCommand.reproduce(line) }
        let honest = String(line.dropLast(" with-bug:\(name)".count))
        #expect(throws: Never.self) { try ReproduceCommand.reproduce(honest) }
    }

    @Test(arguments: [
        "", "crash", "crash every", "crash every append", "crash sometimes append 1/synced",
        "crash every fly 1/synced",
    ])
    func otherLinesAreRefused(_ line: String) {
        #expect(Reproduction(line) == nil)
    }

    @Test func linesAreReadAsTheyWereWritten() throws {
        let lines = [
            "crash every-populated append,batch 17/fates:512:+-0?~/ 3/synced",
            "flips manual-prepared append,close /store/log/a.wal/12 with-bug:no-lock",
            "simulation every - 12/60",
        ]
        for line in lines { #expect(Reproduction(line)?.description == line) }
    }

    /// The old bugs must not leak into the build that is tested: it has the code that users get.
    @Test func thisBuildHasNoOldBugsInIt() throws {
        #expect(!Bug.buildHasBugs)
        let bug = try #require(Bug.inCode.first)
        #expect(throws: Complaint.self) { try bug.activate() }
    }

    /// Each bug has a name of its own and says where it comes from.
    @Test func theListOfBugsIsWhole() {
        #expect(Set(Bug.all.map(\.name)).count == Bug.all.count)
        #expect(Bug.all.count >= 25)
        #expect(Bug.all.allSatisfy { !$0.origin.isEmpty && !$0.summary.isEmpty })
    }
}
