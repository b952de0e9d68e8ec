// SPDX-License-Identifier: Apache-2.0

import CairnIO
import CairnTesting
import SystemPackage
import Testing

struct CrashEnumerationTests {
    /// A program that never syncs, and that writes to another file as well.
    private let unsynced = CrashEnumeration<Int>("unsynced") { environment, journal in
        let directory = try environment.fileSystem.openDirectory("d", creating: true)
        let files = try [directory.createFile("a"), directory.createFile("b")]
        try directory.sync()
        journal.attempt(1)
        for file in files { try file.write([1], at: 0) }
        journal.acknowledge()
    } check: { environment, journal in
        guard journal.acknowledgedCount > 0 else { return }
        let directory = try environment.fileSystem.openDirectory("d", creating: false)
        guard try directory.openFile("b", .readOnly).byteCount() == 1 else {
            throw CrashFinding("b is empty")
        }
    }

    @Test func whatAFailureDoesNotNeedIsWhole() throws {
        let failure = try #require(throws: CrashFailure.self) { try unsynced.run() }
        #expect(failure.reason == "b is empty")
        // The bytes of both files and the size of the first one; the size of the second is lost.
        #expect("\(failure.place)" == "7/fates:512:+++-")
        #expect(throws: CrashFailure.self) { try unsynced.reproduce(failure.place) }
    }
}
