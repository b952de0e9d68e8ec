// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BenchSupport

struct LatencyHistogramTests {
    @Test func everyDurationLiesInItsBucket() {
        var numbers = Array(0...5000 as ClosedRange<UInt64>)
        for shift in 6...63 as ClosedRange<UInt64> {
            let power = UInt64(1) << shift
            numbers += [power - 1, power, power + 1, power + power / 3]
        }
        for number in numbers {
            let bucket = LatencyHistogram.bucket(of: number)
            let upper = LatencyHistogram.upperBound(of: bucket)
            #expect(upper >= number)
            #expect(Double(upper - number) <= Double(number) / 64, "\(number)")
            if bucket > 0 { #expect(LatencyHistogram.upperBound(of: bucket - 1) < number) }
        }
        #expect(LatencyHistogram.bucket(of: .max) == LatencyHistogram.bucketCount - 1)
    }

    @Test func percentilesOfOneToHundred() {
        var histogram = LatencyHistogram()
        for number in 1...100 as ClosedRange<UInt64> { histogram.add(nanoseconds: number * 1000) }
        for (share, expected) in [(0.5, 50_000.0), (0.99, 99_000), (1, 100_000), (0.001, 1000)] {
            let found = Double(histogram.nanoseconds(atShare: share) ?? 0)
            #expect(found >= expected && found <= expected * (1 + 1.0 / 64), "\(share): \(found)")
        }
        #expect(histogram.maxNanoseconds == 100_000)
    }

    @Test func smallDurationsAreExact() {
        var histogram = LatencyHistogram()
        for number in [3, 3, 7] as [UInt64] { histogram.add(nanoseconds: number) }
        #expect(histogram.nanoseconds(atShare: 0.5) == 3)
        #expect(histogram.nanoseconds(atShare: 0.99) == 7)
    }

    @Test func anEmptyOneHasNoPercentile() {
        #expect(LatencyHistogram().nanoseconds(atShare: 0.5) == nil)
    }

    @Test func addingOneToAnotherIsLikeAddingItsDurations() {
        var (all, left, right) = (LatencyHistogram(), LatencyHistogram(), LatencyHistogram())
        for number in 0..<1000 as Range<UInt64> {
            all.add(nanoseconds: number * number)
            if number % 3 == 0 {
                left.add(nanoseconds: number * number)
            } else {
                right.add(nanoseconds: number * number)
            }
        }
        left.add(right)
        #expect(left.count == all.count)
        #expect(left.maxNanoseconds == all.maxNanoseconds)
        for share in [0.1, 0.5, 0.9, 0.99, 0.999] {
            #expect(left.nanoseconds(atShare: share) == all.nanoseconds(atShare: share))
        }
    }
}
