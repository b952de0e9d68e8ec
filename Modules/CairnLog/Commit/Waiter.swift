// SPDX-License-Identifier: Apache-2.0

/// A waiting task.
struct Waiter {
    /// Unchecked, because a checked continuation is an allocation for each commit. The code that takes a waiter out of
    /// the state, under its lock, resumes it exactly once.
    typealias Continuation = UnsafeContinuation<Result<Void, LogError>, Never>

    let target: WaitTarget
    let continuation: Continuation

    func resume(_ result: Result<Void, LogError>) { continuation.resume(returning: result) }
}
