// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BenchSupport

struct WorkersTests {
    @Test func whatAllThreadsDidIsAddedUp() {
        let tally = onThreads(5) { index in
            var tally = Tally()
            for _ in 0...index { tally.latency.add(nanoseconds: UInt64(index)) }
            tally.end = UInt64(index)
            return tally
        }
        #expect(tally.latency.count == 15)
        #expect(tally.latency.maxNanoseconds == 4)
        #expect(tally.end == 4)
        #expect(tally.failure == nil)
    }

    @Test func aFailureOfOneThreadIsKept() {
        let tally = onThreads(3) { index in
            var tally = Tally()
            if index == 1 { tally.failure = BenchError("one") }
            return tally
        }
        #expect((tally.failure as? BenchError)?.description == "one")
    }

    @Test func onlyOperationsThatBeginWithinTheWindowCount() {
        var tally = Tally()
        let window = Window(seconds: 0.001)
        #expect(tally.step(from: window.start - 1, in: window) != nil)
        #expect(tally.latency.count == 0)
        while System.now() < window.end {}
        // A worker that had no chance yet goes on, so that there is always something to tell.
        #expect(tally.step(from: window.start - 1, in: window) != nil)
        #expect(tally.step(from: window.start, in: window) == nil)
        #expect(tally.latency.count == 1)
        #expect(tally.nanoseconds(in: window) >= window.end - window.start)
    }

    @Test func whatAllTasksDidIsAddedUp() async {
        let tally = await onTasks(5) { index in
            var tally = Tally()
            for _ in 0...index { tally.latency.add(nanoseconds: UInt64(index)) }
            if index == 2 { tally.failure = BenchError("two") }
            return tally
        }
        #expect(tally.latency.count == 15)
        #expect((tally.failure as? BenchError)?.description == "two")
    }
}
