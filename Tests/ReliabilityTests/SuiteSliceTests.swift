// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import crashlab

/// A small part of what `crashlab ci` runs, so that `swift test` alone finds the coarse mistakes.
struct SuiteSliceTests {
    static let effort: Effort = {
        var effort = Effort.slice
        effort.workloadLength = 1
        effort.imagesPerCrash = 10
        effort.cutStrides = [200, 200, 400]
        effort.recoveryEvery = 60
        effort.callStride = 41
        effort.faultStride = 8
        effort.seeds = 0..<4
        effort.graphPrograms = 1
        effort.stopsAtFirst = false
        return effort
    }()

    static func expectNothingWrong(_ suite: any Suite) throws -> Figures {
        let figures = try suite.run(effort, in: Laboratory())
        for violation in figures.violations.prefix(3) { Issue.record("\(violation)") }
        return figures
    }

    @Test func crashes() throws {
        let figures = try Self.expectNothingWrong(CrashSuite())
        #expect(figures["distinct images"] > 500)
        #expect(figures["recoveries interrupted"] > 100)
    }

    @Test func errors() throws {
        let figures = try Self.expectNothingWrong(ErrorSuite())
        #expect(figures["faults"] > 100)
    }

    @Test func simulations() throws {
        let figures = try Self.expectNothingWrong(SimulationSuite())
        #expect(figures["seeds run twice"] == 4)
    }

    @Test func graphs() throws {
        let figures = try Self.expectNothingWrong(GraphSuite())
        #expect(figures["graph images"] > 100)
    }

    @Test func threads() throws {
        let figures = try Self.expectNothingWrong(ThreadSuite())
        #expect(figures["schedules"] == 4)
    }
}
