// SPDX-License-Identifier: Apache-2.0

import CairnContainer
import CairnIO
import CairnTesting
import SystemPackage
import Testing

struct ContainerConformanceTests {
    /// A lock on a container is on its file, so what is said of lock files is not of it, and no path leads into it:
    /// `ContainerFileSystemTests` has both.
    static let checks = FileSystemConformance.checks.filter {
        !["lock", "its path leads elsewhere"].contains(where: $0.name.contains)
    }

    @Test(arguments: checks)
    func aContainerIsADirectory(check: FileSystemConformance.Check) throws {
        let files = SimulatedFileSystem()
        let environment = StorageEnvironment.simulated(files, seed: 1)
        try check.run(ContainerFileSystem(environment, creating: "c"), "c")
    }
}
