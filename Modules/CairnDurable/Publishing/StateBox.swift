// SPDX-License-Identifier: Apache-2.0
//
// Boxes that hide the type of the state from the publisher: all that is generic here would be called
// unspecialised, at each commit and each read.

internal import Synchronization

/// A state that readers share.
///
/// It does not change while ``isUnread`` is false.
class SharedState: @unchecked Sendable {
    // Changed only by the publisher, under its lock, while no reader is counted; readers are counted under that
    // lock and leave with a release, which the publisher acquires.
    private let readers = Atomic<Int>(0)

    /// Whether no reader reads it at the moment.
    final var isUnread: Bool { readers.load(ordering: .acquiring) == 0 }

    /// Counts a reader; under the lock of the publisher.
    final func beginReading() { readers.add(1, ordering: .relaxed) }

    final func endReading() { readers.subtract(1, ordering: .releasing) }

    /// Another one with a copy of the state.
    func copied() -> SharedState { preconditionFailure("a state has a type") }
}

/// A commit that is not published yet.
class StagedChange: @unchecked Sendable {
    // Never changes once it is staged.

    /// The state after the commit, when there is a view of it.
    var view: SharedState? { nil }

    /// Applies the commit to a state without readers.
    func apply(to state: SharedState) { preconditionFailure("a view replaces the state") }
}

/// A state of a certain type.
final class StateBox<State: Sendable>: SharedState, @unchecked Sendable {
    fileprivate let pointer: UnsafeMutablePointer<State>

    init(_ state: consuming State) {
        pointer = .allocate(capacity: 1)
        pointer.initialize(to: state)
    }

    /// A view of a state, made in place. `inout`, because another way to it would copy the state first, and count
    /// references to all its parts.
    init(viewOf state: inout State) where State: ReplayableState {
        pointer = .allocate(capacity: 1)
        pointer.initialize(to: state.view())
    }

    deinit {
        pointer.deinitialize(count: 1)
        pointer.deallocate()
    }

    /// A copy of the state.
    var state: State { pointer.pointee }

    @inline(__always)
    func withState<Result, Failure: Error>(
        _ body: (borrowing State) throws(Failure) -> Result
    ) throws(Failure) -> Result { try body(pointer.pointee) }

    override func copied() -> SharedState { StateBox(pointer.pointee) }
}

/// A commit that left a view.
final class ViewChange: StagedChange, @unchecked Sendable {
    private let shared: SharedState
    init(_ view: SharedState) { shared = view }
    override var view: SharedState? { shared }
}

/// A commit of events, which are applied to the copy that readers see.
final class EventsChange<State: DurableState>: StagedChange, @unchecked Sendable {
    private let events: [State.Event]
    init(_ events: [State.Event]) { self.events = events }

    override func apply(to state: SharedState) {
        let box = unsafeDowncast(state, to: StateBox<State>.self)
        for event in events { box.pointer.pointee.apply(event) }
    }
}
