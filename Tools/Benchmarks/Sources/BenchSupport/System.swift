// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// Facts that the operating system tells.
public enum System {
    /// Nanoseconds since some fixed moment.
    @inline(__always)
    public static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }

    /// Processor time that this process has used so far, in nanoseconds.
    public static func processorTime() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }

    /// Processor time that this thread has used so far, in nanoseconds.
    public static func threadTime() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }

    /// How often the system took the processor away from this thread, as Linux counts it; zero elsewhere.
    public static func preemptionCount() -> Int {
        #if os(Linux)
        var usage = rusage()
        // The thread that asks; the constant is not there for every C library.
        _ = getrusage(__rusage_who_t(1), &usage)
        return usage.ru_nivcsw
        #else
        return 0
        #endif
    }

    /// Blocks the thread.
    public static func sleep(nanoseconds: UInt64) {
        var time = timespec(
            tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        nanosleep(&time, nil)
    }

    /// Writes a line to the standard output at once, also through a pipe.
    public static func printLine(_ line: String) {
        var bytes = Array((line + "\n").utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }

    /// The number of this process.
    public static var processID: Int32 { getpid() }
}

/// The memory of this process, as Linux counts it; zero elsewhere.
public enum Memory {
    /// The resident memory now, in bytes.
    public static var residentByteCount: UInt64 { status("VmRSS:") }

    /// The highest amount that was resident since ``resetPeak()``, in bytes.
    public static var peakByteCount: UInt64 { status("VmHWM:") }

    /// Lets the peak begin again at what is resident now.
    public static func resetPeak() {
        let descriptor = open("/proc/self/clear_refs", O_WRONLY)
        guard descriptor >= 0 else { return }
        _ = write(descriptor, "5", 1)
        close(descriptor)
    }

    private static func status(_ name: String) -> UInt64 {
        guard let text = readSmallFile("/proc/self/status") else { return 0 }
        for line in text.split(separator: "\n") where line.hasPrefix(name) {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            guard words.count >= 2, let kibibytes = UInt64(words[1]) else { return 0 }
            return kibibytes * 1024
        }
        return 0
    }

    private static func readSmallFile(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return String(unsafeUninitializedCapacity: 16 << 10) { buffer in
            max(0, read(descriptor, buffer.baseAddress, buffer.count))
        }
    }
}
