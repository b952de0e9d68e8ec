// SPDX-License-Identifier: Apache-2.0

public import CairnIO

/// Calls a closure before each call to a file system, on the thread that makes it. The closure may block:
/// so a test decides in which order threads get on, and what happens in the middle of a write or a sync.
///
/// ```swift
/// let gate = Gate()
/// let files = InterceptedFileSystem(SimulatedFileSystem(), CallHook { operation in
///     if operation.kind == .writeDurably { gate.pass() }
/// })
/// ```
public final class CallHook: FileSystemInterceptor {
    private let body: @Sendable (SimulatedOperation) -> Void

    /// A hook that calls `body`.
    public init(_ body: @escaping @Sendable (SimulatedOperation) -> Void) {
        self.body = body
    }

    /// Calls the closure, then does the call.
    public func intercept(
        _ operation: SimulatedOperation, on target: InterceptedTarget,
        _ proceed: () throws(IOError) -> Void
    ) throws(IOError) {
        body(operation)
        try proceed()
    }
}

/// Holds up threads that pass while it is shut.
public final class Gate: Sendable {
    private struct State: Sendable {
        var isShut = false
        var waiting = 0
    }
    private let state = Locked(State())

    /// An open gate.
    public init() {}

    /// From now on who passes must wait.
    public func shut() { state.withLock { $0.isShut = true } }

    /// Lets everyone go on.
    public func open() {
        state.withLock { $0.isShut = false }
        state.wakeAll()
    }

    /// Waits while the gate is shut.
    public func pass() {
        state.withLock { $0.waiting += 1 }
        state.wakeAll()
        state.wait { $0.isShut ? nil : () }
        state.withLock { $0.waiting -= 1 }
    }

    /// Waits until somebody stands at the gate.
    public func waitForSomebody() { state.wait { $0.waiting > 0 ? () : nil } }
}
