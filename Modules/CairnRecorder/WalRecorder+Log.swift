// SPDX-License-Identifier: Apache-2.0
//
// The calls that a recorder passes on to its log, and after it to the mirror.

public import CairnFormat
internal import CairnIO
public import CairnLSN
public import CairnLog

extension WalRecorder {
    /// The log at this moment.
    public var status: LogStatus { log.status }

    /// Hands everything committed to the operating system, then lets the mirror persist.
    ///
    /// - Throws: ``RecorderError`` with code `.poisoned`, `.logFailed`, or `.mirrorFailed`.
    public func flush() throws(RecorderError) {
        try onLog { (log) throws(LogError) in try log.flush() }
        try onMirror { try $0.persist() }
    }

    /// Hands everything committed to the operating system without blocking the thread; see the other method.
    public func flush() async throws(RecorderError) {
        try await onLog { (log) async throws(LogError) in try await log.flush() }
        try await onMirror { try $0.persist() }
    }

    /// Makes everything committed durable, whatever the policy, then forces the mirror.
    ///
    /// - Throws: ``RecorderError`` with code `.poisoned`, `.logFailed`, or `.mirrorFailed`.
    public func sync() throws(RecorderError) {
        try syncLogOnly()
        try onMirror { try $0.persistForced() }
    }

    /// Makes everything committed durable without blocking the thread; see the other method.
    public func sync() async throws(RecorderError) {
        try await syncLogOnly()
        try await onMirror { try $0.persistForced() }
    }

    /// Makes everything committed durable and leaves the mirror out.
    package func syncLogOnly() throws(RecorderError) {
        try onLog { (log) throws(LogError) in try log.sync() }
    }

    /// Makes everything committed durable without blocking the thread, and leaves the mirror out.
    package func syncLogOnly() async throws(RecorderError) {
        try await onLog { (log) async throws(LogError) in try await log.sync() }
    }

    /// Stops the log for good when the directory of the store or its lock was removed or exchanged.
    package func checkIdentity() throws(RecorderError) {
        try onLog { (log) throws(LogError) in try log.checkIdentity() }
    }

    /// Records that a snapshot up to `fence` is durably in place. Durable on return.
    ///
    /// - Parameters:
    ///   - fence: The fence of the snapshot.
    ///   - digest: Of the state in the snapshot.
    /// - Returns: The LSN of the record.
    @discardableResult
    public func checkpointMarker(
        _ fence: SnapshotFence, digest: StateDigest? = nil
    ) throws(RecorderError) -> LSN {
        try onLog { (log) throws(LogError) in try log.checkpointMarker(fence, digest: digest) }
    }

    /// Removes the sealed segments that lie wholly at or below `fence` and at or below what the mirror covers; never
    /// the last one.
    ///
    /// - Parameter fence: Only a snapshot directory hands one out, for snapshots that it verified.
    @discardableResult
    public func truncate(upTo fence: TruncationFence) throws(RecorderError) -> [SegmentStatus] {
        let covered = mirror?.coveredLSN ?? fence.lsn
        let reached = TruncationFence(unchecked: min(fence.lsn, covered))
        return try onLog { (log) throws(LogError) in try log.truncate(upTo: reached) }
    }

    /// Makes everything committed durable and closes the log; a second call does nothing. The mirror is left as
    /// it is: call `sync()` before, to force it.
    ///
    /// - Throws: ``RecorderError`` with code `.logFailed`. The log is closed all the same.
    public func close() throws(RecorderError) {
        do throws(LogError) { try log.close() } catch {
            throw RecorderError(code: .logFailed, cause: error)
        }
    }

    /// Closes the log without blocking the thread; see the other method.
    public func close() async throws(RecorderError) {
        do throws(LogError) { try await log.close() } catch {
            throw RecorderError(code: .logFailed, cause: error)
        }
    }

    private func onLog<Value>(
        _ body: (WriteAheadLog) throws(LogError) -> Value
    ) throws(RecorderError) -> Value {
        try state.withLock { (state) throws(RecorderError) in try checkPoison(&state) }
        do throws(LogError) { return try body(log) } catch { throw logFailed(error) }
    }

    private func onLog<Value>(
        _ body: (WriteAheadLog) async throws(LogError) -> Value
    ) async throws(RecorderError) -> Value {
        try state.withLock { (state) throws(RecorderError) in try checkPoison(&state) }
        do throws(LogError) { return try await body(log) } catch { throw logFailed(error) }
    }

    private func logFailed(_ cause: LogError) -> RecorderError {
        let failure = RecorderError(code: .logFailed, cause: cause)
        guard log.hasFailed else { return failure }
        return state.withLock { poison(&$0, failure) }
    }

    private func onMirror(_ body: (any WalMirror) throws -> Void) throws(RecorderError) {
        guard let mirror else { return }
        do { try body(mirror) } catch {
            throw RecorderError(code: .mirrorFailed, mirrorFailure: MirrorFailure(error))
        }
    }

    private func onMirror(
        _ body: @escaping @Sendable (any WalMirror) throws -> Void
    ) async throws(RecorderError) {
        guard mirror != nil else { return }
        try await withBlockingThread { [self] () throws(RecorderError) in try onMirror(body) }
    }
}
