// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// A value behind a lock, with a way to wait for it to change.
///
/// It wraps the mutex and the condition variable of the system: the thread sanitizer understands
/// those, and reports `Synchronization.Mutex` falsely. Hold it for a few instructions only: no I/O, no
/// waiting for anything else, no resumption of a task.
///
/// Calls under the lock are inlined into other modules: unspecialised code would cost more than the lock.
@usableFromInline
package final class Locked<Value: ~Copyable>: @unchecked Sendable {
    // The value is only touched while the mutex is held, which is what makes this Sendable. It lies behind a
    // pointer: the mutex excludes everything that the runtime would otherwise check at each access.
    @usableFromInline let value: UnsafeMutablePointer<Value>
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    /// A lock around `value`.
    package init(_ value: consuming sending Value) {
        self.value = .allocate(capacity: 1)
        self.value.initialize(to: value)
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        condition = .allocate(capacity: 1)
        condition.initialize(to: pthread_cond_t())
        pthread_mutex_init(mutex, nil)
        #if canImport(Darwin)
        pthread_cond_init(condition, nil)
        #else
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
        #endif
    }

    deinit {
        pthread_cond_destroy(condition)
        condition.deallocate()
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
        value.deinitialize(count: 1)
        value.deallocate()
    }

    /// Runs `body` while holding the lock.
    @inlinable
    @inline(__always)
    package func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        lock()
        defer { unlock() }
        return try body(&value.pointee)
    }

    @usableFromInline func lock() { pthread_mutex_lock(mutex) }
    @usableFromInline func unlock() { pthread_mutex_unlock(mutex) }

    /// Runs `body` under the lock again and again until it returns something; sleeps in between until
    /// ``wakeAll()`` is called.
    package func wait<Result: ~Copyable>(until body: (inout Value) -> Result?) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let result = body(&value.pointee) { return result }
            pthread_cond_wait(condition, mutex)
        }
    }

    /// Sleeps until ``wakeAll()`` is called or `nanoseconds` have passed; may wake earlier. Does not
    /// sleep when `skip` says so, which is asked under the lock.
    package func sleep(nanoseconds: UInt64, unless skip: (inout Value) -> Bool) {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        if skip(&value.pointee) { return }
        let bounded = min(nanoseconds, 3_600_000_000_000)
        #if canImport(Darwin)
        var relative = timespec(
            tv_sec: Int(bounded / 1_000_000_000), tv_nsec: Int(bounded % 1_000_000_000))
        pthread_cond_timedwait_relative_np(condition, mutex, &relative)
        #else
        let end = SystemTime().monotonicNanoseconds() + bounded
        var absolute = timespec(
            tv_sec: Int(end / 1_000_000_000), tv_nsec: Int(end % 1_000_000_000))
        pthread_cond_timedwait(condition, mutex, &absolute)
        #endif
    }

    /// Wakes all waiting threads.
    package func wakeAll() {
        pthread_cond_broadcast(condition)
    }
}
