// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
internal import CairnLSN

/// The copy of a writer's state in a store that was opened for reading.
struct Followed<State: ReplayableState> {
    var state: State
    /// Everything at or below is in it.
    var lsn: LSN
    var history: ProgramHistory
    let store: StoreDirectory
}

final class Following<State: ReplayableState>: @unchecked Sendable {
    // Touched only while the lock is held.
    private var followed: Followed<State>
    private let lock = AsyncLock()

    init(_ followed: consuming Followed<State>) { self.followed = followed }

    func use<Result>(_ body: (inout Followed<State>) throws -> Result) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(&followed)
    }
}
