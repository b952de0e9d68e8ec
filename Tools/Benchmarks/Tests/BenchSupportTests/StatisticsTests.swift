// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BenchSupport

struct StatisticsTests {
    @Test func medianIsTheMiddle() {
        #expect(Statistics.median([]) == nil)
        #expect(Statistics.median([3]) == 3)
        #expect(Statistics.median([3, 1, 2]) == 2)
        #expect(Statistics.median([4, 1, 3, 2]) == 2.5)
    }

    @Test func repetitionRunsAtLeastAsOftenAsAsked() {
        var count = 0
        let rounds = Repetition(budget: 0, least: 3) {
            count += 1
            return UInt64(count) * 1_000_000_000
        }
        #expect(count == 3)
        #expect(rounds.median == 2)
        #expect(rounds.seconds == [1, 2, 3])
    }
}
