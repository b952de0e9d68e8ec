// SPDX-License-Identifier: Apache-2.0

import CairnIO
import Testing

struct ThreadingTests {
    @Test func lockKeepsThreadsApart() throws {
        let total = Locked(0)
        let threads = try (0..<4).map { _ throws(StorageError) in
            try BackgroundThread {
                for _ in 0..<10_000 { total.withLock { $0 += 1 } }
            }
        }
        for thread in threads { thread.join() }
        #expect(total.withLock { $0 } == 40_000)
    }

    @Test func waiterSeesTheChange() throws {
        let value = Locked(0)
        let seen = Locked<Int?>(nil)
        let thread = try BackgroundThread {
            let result = value.wait { $0 >= 3 ? $0 : nil }
            seen.withLock { $0 = result }
        }
        for _ in 0..<3 {
            value.withLock { $0 += 1 }
            value.wakeAll()
        }
        thread.join()
        thread.join()
        #expect(seen.withLock { $0 } == 3)
    }

    @Test func sleepEndsByTimeBySignalAndBySkipping() throws {
        let flag = Locked(false)
        let time = SystemTime()
        let start = time.monotonicNanoseconds()
        flag.sleep(nanoseconds: 20_000_000) { _ in false }
        #expect(time.monotonicNanoseconds() - start >= 19_000_000)
        flag.sleep(nanoseconds: .max) { _ in true }
        let thread = try BackgroundThread {
            while !flag.withLock({ $0 }) {
                flag.sleep(nanoseconds: .max) { $0 }
            }
        }
        flag.withLock { $0 = true }
        flag.wakeAll()
        thread.join()
    }

    @Test func errorLeavesTheLockFree() {
        struct Stop: Error {}
        let value = Locked(1)
        #expect(throws: Stop.self) { try value.withLock { _ throws(Stop) in throw Stop() } }
        #expect(value.withLock { $0 } == 1)
    }

    @Test func threadNobodyJoinsEndsByItself() throws {
        let count = Locked(0)
        for _ in 0..<50 {
            _ = try BackgroundThread {
                count.withLock { $0 += 1 }
                count.wakeAll()
            }
        }
        #expect(count.wait { $0 == 50 ? $0 : nil } == 50)
    }

    @Test func monotonicTimeNeverGoesBack() {
        let time = SystemTime()
        var last = time.monotonicNanoseconds()
        for _ in 0..<1000 {
            let now = time.monotonicNanoseconds()
            #expect(now >= last)
            last = now
        }
        #expect(time.wallNanoseconds() > 1_600_000_000_000_000_000)
        #expect(ProcessFacts.peakMemoryByteCount > 1 << 20)
    }
}
