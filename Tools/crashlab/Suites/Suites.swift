// SPDX-License-Identifier: Apache-2.0

/// All suites, in the order in which they run.
enum Suites {
    static let all: [any Suite.Type] = [
        ThreadSuite.self, PipelineSuite.self, CrashSuite.self, ErrorSuite.self, BitFlipSuite.self,
        FileDamageSuite.self,
        MediaSuite.self,
        SimulationSuite.self, GraphSuite.self, KernelSuite.self,
    ]
}
