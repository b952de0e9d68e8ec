// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// The clocks of the operating system.
public struct SystemTime: TimeSource {
    /// The only ones there are.
    public init() {}

    /// The time of day; 0 when the clock stands before 1970.
    public func wallNanoseconds() -> UInt64 { Self.read(CLOCK_REALTIME) }

    /// The time since the machine started.
    public func monotonicNanoseconds() -> UInt64 { Self.read(CLOCK_MONOTONIC) }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        guard clock_gettime(clock, &time) == 0, time.tv_sec >= 0 else { return 0 }
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }
}
