// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// The time in which operations count: from `start` to `end`. What comes before warms up.
public struct Window: Sendable {
    /// When operations begin to count.
    public let start: UInt64
    /// When callers stop.
    public let end: UInt64

    /// A window that opens after a tenth of its length, and after half a second at most.
    public init(seconds: Double) {
        let length = UInt64(max(seconds, 0.001) * 1e9)
        start = System.now() + min(length / 10, 500_000_000)
        end = start + length
    }
}

/// The work of one caller, or of all of them, within the window.
public struct Tally: Sendable {
    /// How long each operation took.
    public var latency = LatencyHistogram()
    /// When the last operation ended.
    public var end: UInt64 = 0
    /// Why a caller stopped early.
    public var failure: (any Error)?

    /// Nothing so far.
    public init() {}

    /// Counts an operation that began at `before` and ended now.
    ///
    /// - Returns: Now; nil when the window is over and at least one operation was counted.
    @inline(__always)
    public mutating func step(from before: UInt64, in window: Window) -> UInt64? {
        let now = System.now()
        if before >= window.start {
            latency.add(nanoseconds: now &- before)
            end = now
        }
        return now < window.end || latency.count == 0 ? now : nil
    }

    /// Adds what another caller did.
    public mutating func add(_ other: Tally) {
        latency.add(other.latency)
        end = max(end, other.end)
        failure = failure ?? other.failure
    }

    /// From the start of the window to the end of the last operation.
    public func nanoseconds(in window: Window) -> UInt64 {
        end > window.start ? end - window.start : 1
    }
}

/// Runs `body` once on each of `count` threads and waits for all.
public func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Tally) -> Tally {
    let jobs = (0..<count).map { ThreadJob(index: $0, body: body) }
    let threads = jobs.compactMap(startThread)
    for thread in threads { pthread_join(thread, nil) }
    var total = Tally()
    for job in jobs { total.add(job.result) }
    if threads.count < count {
        total.failure = BenchError("the system gives no \(count) threads; ask for fewer callers")
    }
    return total
}

/// Runs `body` once in each of `count` tasks and waits for all.
public func onTasks(
    _ count: Int, _ body: @escaping @Sendable (Int) async -> Tally
) async -> Tally {
    await withTaskGroup(of: Tally.self) { group in
        for index in 0..<count {
            group.addTask { await body(index) }
        }
        var total = Tally()
        for await tally in group { total.add(tally) }
        return total
    }
}

private final class ThreadJob: @unchecked Sendable {
    // Written by its thread alone, and read after that has been joined.
    var result = Tally()
    let index: Int
    let body: @Sendable (Int) -> Tally

    init(index: Int, body: @escaping @Sendable (Int) -> Tally) {
        self.index = index
        self.body = body
    }
}

// A free function: a closure made in an isolated context would check its isolation on the new thread.
private func startThread(_ job: ThreadJob) -> pthread_t? {
    let argument = Unmanaged.passRetained(job).toOpaque()
    #if canImport(Darwin)
    var thread: pthread_t?
    let result = pthread_create(&thread, nil, { runJob($0) }, argument)
    #else
    var thread = pthread_t()
    let result = pthread_create(&thread, nil, { runJob($0!) }, argument)
    #endif
    guard result == 0 else {
        Unmanaged<ThreadJob>.fromOpaque(argument).release()
        return nil
    }
    return thread
}

private func runJob(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    let job = Unmanaged<ThreadJob>.fromOpaque(argument).takeRetainedValue()
    job.result = job.body(job.index)
    return nil
}

/// A thread that can be joined.
public final class JoinableThread: @unchecked Sendable {
    // The handle is set once, before the object is shared.
    private var handle: pthread_t?

    /// Starts a thread that runs `body` once; runs it at once where there is no thread to be had.
    public init(_ body: @escaping @Sendable () -> Void) {
        let job = ThreadJob(index: 0) { _ in
            body()
            return Tally()
        }
        handle = startThread(job)
        if handle == nil { body() }
    }

    /// Waits until the body has returned. To be called once.
    public func join() {
        if let handle { pthread_join(handle, nil) }
        handle = nil
    }
}
