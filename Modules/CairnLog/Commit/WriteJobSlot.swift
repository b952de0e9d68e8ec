// SPDX-License-Identifier: Apache-2.0

/// The memory of the job of a log. It belongs to the holder of the write token; no other code touches it.
struct WriteJobSlot: @unchecked Sendable {
    // A pointer, because counting references to an object around each commit is measurable.
    private let pointer = UnsafeMutablePointer<WriteJob>.allocate(capacity: 1)

    init(_ job: consuming WriteJob) { pointer.initialize(to: job) }

    /// Frees the job.
    ///
    /// - Precondition: No caller has the write token, or can get it.
    func destroy() {
        pointer.deinitialize(count: 1)
        pointer.deallocate()
    }

    @inline(__always)
    func withJob<Result: ~Copyable, Failure: Error>(
        _ body: (inout WriteJob) throws(Failure) -> Result
    ) throws(Failure) -> Result { try body(&pointer.pointee) }
}
