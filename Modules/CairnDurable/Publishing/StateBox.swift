// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// A state that readers share.
///
/// It does not change while ``readerCount`` says that somebody reads it.
final class StateBox<State: Sendable>: @unchecked Sendable {
    // Changed only by the publisher, under its lock, while no reader is counted; readers are counted under that
    // lock and leave with a release, which the publisher acquires.
    private let pointer: UnsafeMutablePointer<State>
    private let readers = Atomic<Int>(0)

    init(_ state: consuming State) {
        pointer = .allocate(capacity: 1)
        pointer.initialize(to: state)
    }

    deinit {
        pointer.deinitialize(count: 1)
        pointer.deallocate()
    }

    /// A copy.
    var state: State { pointer.pointee }

    /// Whether no reader reads it at the moment.
    var isUnread: Bool { readers.load(ordering: .acquiring) == 0 }

    /// Counts a reader; under the lock of the publisher.
    func beginReading() { readers.add(1, ordering: .relaxed) }

    func endReading() { readers.subtract(1, ordering: .releasing) }

    @inline(__always)
    func withState<Result, Failure: Error>(
        _ body: (borrowing State) throws(Failure) -> Result
    ) throws(Failure) -> Result { try body(pointer.pointee) }

    /// Changes the state, which nobody reads.
    func change(_ body: (inout State) -> Void) { body(&pointer.pointee) }
}
