// SPDX-License-Identifier: Apache-2.0

/// Runs `body`, which may block, on a thread of its own, while the calling task is suspended.
///
/// When the system gives no more threads, `body` runs on the calling thread: late is better than not.
///
/// - Throws: What `body` throws.
package func withBlockingThread<Value: Sendable, Failure: Error>(
    _ body: @escaping @Sendable () throws(Failure) -> Value
) async throws(Failure) -> Value {
    let result = await withCheckedContinuation {
        (continuation: CheckedContinuation<Result<Value, Failure>, Never>) in
        let work: @Sendable () -> Void = {
            continuation.resume(returning: Result { () throws(Failure) in try body() })
        }
        do throws(StorageError) { _ = try BackgroundThread(work) } catch { work() }
    }
    return try result.get()
}
