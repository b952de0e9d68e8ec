// SPDX-License-Identifier: Apache-2.0

internal import CairnIO

extension WalRecorder {
    /// A place in the scope to roll back to.
    public struct Savepoint: Hashable, Sendable {
        let number: UInt64
        let mark: EventBuffer.Mark

        /// Each savepoint equals itself alone.
        public static func == (lhs: Self, rhs: Self) -> Bool { lhs.number == rhs.number }

        /// Hashes the savepoint's number.
        public func hash(into hasher: inout Hasher) { hasher.combine(number) }
    }

    /// Marks this place in the scope.
    ///
    /// - Throws: ``RecorderError`` with code `.poisoned` or `.notArmed` (which does not poison here).
    public func savepoint() throws(RecorderError) -> Savepoint {
        try state.withLock { (state) throws(RecorderError) in
            try checkPoison(&state)
            guard state.phase == .armed else { throw RecorderError(code: .notArmed) }
            state.lastSavepointNumber += 1
            let savepoint = Savepoint(
                number: state.lastSavepointNumber, mark: state.scope.events.mark)
            state.savepoints.append(savepoint)
            return savepoint
        }
    }

    /// Forgets what was recorded since the savepoint, and the savepoints made since. It stays valid.
    ///
    /// - Throws: ``RecorderError`` with code `.poisoned` or `.unknownSavepoint`.
    public func rollBack(to savepoint: Savepoint) throws(RecorderError) {
        try state.withLock { (state) throws(RecorderError) in
            let index = try find(savepoint, &state)
            state.scope.events.rollBack(to: savepoint.mark)
            state.savepoints.removeLast(state.savepoints.count - index - 1)
        }
    }

    /// Gives up the savepoint, and those made since; what was recorded stays.
    ///
    /// - Throws: ``RecorderError`` with code `.poisoned` or `.unknownSavepoint`.
    public func release(_ savepoint: Savepoint) throws(RecorderError) {
        try state.withLock { (state) throws(RecorderError) in
            let index = try find(savepoint, &state)
            state.savepoints.removeLast(state.savepoints.count - index)
        }
    }

    private func find(
        _ savepoint: Savepoint, _ state: inout State
    ) throws(RecorderError) -> Int {
        try checkPoison(&state)
        guard state.phase == .armed, let index = state.savepoints.firstIndex(of: savepoint) else {
            throw RecorderError(code: .unknownSavepoint)
        }
        return index
    }
}
