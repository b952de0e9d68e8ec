// SPDX-License-Identifier: Apache-2.0

import CairnIO
import CairnTesting
import SystemPackage
import Testing

struct ConformanceTests {
    @Test(arguments: FileSystemConformance.checks)
    func simulatedFileSystemConforms(check: FileSystemConformance.Check) throws {
        try check.run(SimulatedFileSystem(), "conformance")
    }

    @Test(arguments: FileSystemConformance.containerChecks)
    func simulatedFileSystemHoldsContainers(check: FileSystemConformance.Check) throws {
        try check.run(SimulatedFileSystem(), "conformance")
    }
}
