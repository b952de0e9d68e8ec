// SPDX-License-Identifier: Apache-2.0

public import CairnIO

extension StorageEnvironment {
    /// An environment in which everything follows from the parameters.
    ///
    /// - Parameters:
    ///   - fileSystem: The simulated disk.
    ///   - clock: The clock that the environment shows.
    ///   - seed: Where the random numbers come from.
    public static func simulated(
        _ fileSystem: SimulatedFileSystem = SimulatedFileSystem(), clock: TestClock = TestClock(),
        seed: UInt64 = 1
    ) -> StorageEnvironment {
        StorageEnvironment(
            fileSystem: fileSystem, clock: clock, randomness: SeededRandomness(seed: seed),
            backgroundWork: .inline)
    }
}
