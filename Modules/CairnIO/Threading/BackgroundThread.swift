// SPDX-License-Identifier: Apache-2.0

internal import SystemPackage

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// A thread of its own, for work that blocks: never one of the few that run Swift tasks.
package final class BackgroundThread: Sendable {
    private let handle: Locked<pthread_t?>

    /// Starts a thread that runs `body` once.
    ///
    /// - Throws: ``StorageError`` with code `.system` when the system gives no more threads.
    package init(_ body: @escaping @Sendable () -> Void) throws(StorageError) {
        let box = Unmanaged.passRetained(Body(body))
        guard let thread = startThread(box.toOpaque()) else {
            box.release()
            throw StorageError(
                .resourceTemporarilyUnavailable, operation: .create, path: "a thread")
        }
        handle = Locked(thread)
    }

    deinit {
        // A detached thread gives its memory back by itself.
        if let thread = handle.withLock({ $0 }) { pthread_detach(thread) }
    }

    /// Waits until the body has returned. A second call does nothing.
    package func join() {
        let thread = handle.withLock { field in
            let value = field
            field = nil
            return value
        }
        if let thread { pthread_join(thread, nil) }
    }
}

private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

// A free function: a closure made in an isolated context would check its isolation on the new thread.
private func startThread(_ argument: UnsafeMutableRawPointer) -> pthread_t? {
    #if canImport(Darwin)
    var thread: pthread_t?
    let result = pthread_create(&thread, nil, { runBody($0) }, argument)
    return result == 0 ? thread : nil
    #else
    var thread = pthread_t()
    let result = pthread_create(&thread, nil, { runBody($0!) }, argument)
    return result == 0 ? thread : nil
    #endif
}

private func runBody(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
    return nil
}
