// SPDX-License-Identifier: Apache-2.0

public import CairnIO

extension Environment {
    /// An environment in which everything follows from the parameters.
    ///
    /// - Parameter seed: Where the random numbers come from.
    public static func simulated(
        _ fileSystem: SimulatedFileSystem = SimulatedFileSystem(), clock: TestClock = TestClock(),
        seed: UInt64 = 1
    ) -> Environment {
        Environment(
            fileSystem: fileSystem, clock: clock, randomness: SeededRandomness(seed: seed),
            chores: .inline)
    }
}
