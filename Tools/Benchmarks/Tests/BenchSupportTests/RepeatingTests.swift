// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BenchSupport

struct RepeatingTests {
    @Test func operationsAreNumberedUntilTheWindowIsOver() throws {
        let window = Window(seconds: 0.3)
        var numbers: [Int] = []
        let tally = Tally.repeating(in: window) { number in
            numbers.append(number)
            System.sleep(nanoseconds: 1_000_000)
        }
        try tally.check()
        #expect(numbers == Array(0..<numbers.count))
        #expect(tally.latency.count > 0)
        // The first one begins before the window opens.
        #expect(tally.latency.count < UInt64(numbers.count))
        #expect(System.now() >= window.end)
    }

    @Test func awaitedOperationsAreNumberedUntilTheWindowIsOver() async throws {
        let window = Window(seconds: 0.3)
        let numbers = Shared<[Int]>([])
        let tally = await Tally.repeating(
            in: window,
            awaiting: { number in
                numbers.change { $0.append(number) }
                try await Task.sleep(nanoseconds: 1_000_000)
            })
        try tally.check()
        #expect(numbers.value == Array(0..<numbers.value.count))
        #expect(tally.latency.count < UInt64(numbers.value.count))
    }

    @Test func aPauseIsNoPartOfAnOperation() throws {
        let window = Window(seconds: 0.3)
        var starts: [UInt64] = []
        let tally = Tally.repeating(in: window, pause: 5_000_000) { _ in
            starts.append(System.now())
        }
        #expect(zip(starts, starts.dropFirst()).allSatisfy { $1 - $0 >= 5_000_000 })
        #expect(try #require(tally.latency.nanoseconds(atShare: 0.5)) < 5_000_000)
    }

    @Test func anErrorEndsTheRepetition() async {
        let window = Window(seconds: 60)
        let tally = Tally.repeating(in: window) { number in
            if number == 3 { throw BenchError("three") }
        }
        #expect(throws: BenchError.self) { try tally.check() }
        let awaited = await Tally.repeating(
            in: window, awaiting: { _ in throw BenchError("at once") })
        #expect(throws: BenchError.self) { try awaited.check() }
    }

    @Test func onlyTheMeasuredOperationCountsBesideAnother() throws {
        let besides = Shared(0)
        let tally = try repeating(
            in: Window(seconds: 0.05),
            beside: { _ in
                besides.change { $0 += 1 }
                System.sleep(nanoseconds: 1_000_000)
            }, { _ in System.sleep(nanoseconds: 10_000_000) })
        #expect(besides.value > 0)
        #expect((1...5).contains(tally.latency.count))
    }

    @Test func anErrorOfEitherThreadIsThrown() {
        #expect(throws: BenchError.self) {
            try repeating(
                in: Window(seconds: 0.01), beside: nil, { _ in throw BenchError("measured") })
        }
        #expect(throws: BenchError.self) {
            try repeating(
                in: Window(seconds: 0.01), beside: { _ in throw BenchError("beside") }, { _ in })
        }
    }
}
