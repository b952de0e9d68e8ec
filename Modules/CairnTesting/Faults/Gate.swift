// SPDX-License-Identifier: Apache-2.0

internal import CairnIO

/// Holds up threads that pass while it is shut, and counts them.
public final class Gate: Sendable {
    private struct State: Sendable {
        var isShut = false
        var waiting = 0
        var passed = 0
    }
    private let state = Locked(State())

    /// An open gate.
    public init() {}

    /// Shuts the gate: threads that pass wait until it is opened.
    public func shut() { state.withLock { $0.isShut = true } }

    /// Lets all waiting threads go on.
    public func open() {
        state.withLock { $0.isShut = false }
        state.wakeAll()
    }

    /// Waits while the gate is shut.
    public func pass() {
        state.withLock { $0.waiting += 1 }
        state.wakeAll()
        state.wait { $0.isShut ? nil : () }
        state.withLock {
            $0.waiting -= 1
            $0.passed += 1
        }
    }

    /// Waits until a thread is held up in ``pass()``, or about to be.
    public func waitUntilBlocked() { state.wait { $0.waiting > 0 ? () : nil } }

    /// The number of threads that got through.
    public var passed: Int { state.withLock { $0.passed } }
}

/// Runs `body` on so many threads at once and waits for all of them.
package func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) throws {
    let threads = try (0..<count).map { index in try BackgroundThread { body(index) } }
    for thread in threads { thread.join() }
}

/// Waits until `condition` holds, looking again and again.
package func poll(_ condition: () -> Bool) {
    let pause = Locked(())
    while !condition() { pause.sleep(nanoseconds: 200_000) { _ in false } }
}
