// SPDX-License-Identifier: Apache-2.0

#if canImport(Dispatch)
private import Dispatch
#endif

/// Runs two pieces of work that touch nothing in common, at the same time where the system has threads and that pays.
///
/// - Parameter size: How many entities it is about.
func twoAtATime(size: Int, _ first: () -> Void, _ second: () -> Void) {
    #if canImport(Dispatch)
    // To wake a thread takes some 50 µs, as much as a few thousand entities.
    if size >= 1 << 14 {
        return withoutActuallyEscaping(first) { first in
            withoutActuallyEscaping(second) { second in
                // Each is called once, by one thread, before this returns.
                nonisolated(unsafe) let work = (first, second)
                DispatchQueue.concurrentPerform(iterations: 2) { $0 == 0 ? work.0() : work.1() }
            }
        }
    }
    #endif
    first()
    second()
}
