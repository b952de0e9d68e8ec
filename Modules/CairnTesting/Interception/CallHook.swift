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
        _ proceed: () throws(StorageError) -> Void
    ) throws(StorageError) {
        body(operation)
        try proceed()
    }
}
