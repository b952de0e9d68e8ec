// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
internal import CairnLSN
internal import CairnLog

/// The distance of a reader from the last commit.
public enum ReadLevel: Hashable, Sendable {
    /// Everything that is as safe as the policy promises: durable under `everyCommit`, written to the system under
    /// the other policies. What a reader sees is recovered after every crash that the policy covers.
    case committed
    /// Also what is appended to the log and not yet that safe: a crash may take it back.
    case latest
}

extension Durable {
    /// Calls `body` with the state, which does not change meanwhile.
    ///
    /// Waits neither for a writer nor for the disk, and delays neither. Of a state with a second copy
    /// (``Publication/secondCopy``), a reader waits while the events of a round are applied; one that is still
    /// at work then costs a copy of the state.
    ///
    /// - Parameter body: Must not write to the same store. Commits that have returned are visible to it.
    /// - Throws: What `body` throws.
    public func read<Result, Failure: Error>(
        _ body: (borrowing State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        refuseReadInWrite()
        return try readPublished(body)
    }

    /// Calls `body` with the state, and blocks no thread; see the other method.
    public func read<Result, Failure: Error>(
        _ body: (borrowing State) throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        refuseReadInWrite()
        return try readPublished(body)
    }

    /// Calls `body` with the state at a level; see the other method.
    ///
    /// At ``ReadLevel/latest`` a state with a second copy is read between two writes, and writers wait for `body`.
    public func read<Result, Failure: Error>(
        _ level: ReadLevel, _ body: (borrowing State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        refuseReadInWrite()
        guard readsHead(level) else { return try readPublished(latest: level == .latest, body) }
        writerLock.lock()
        defer { writerLock.unlock() }
        return try readHead(body)
    }

    /// Calls `body` with the state at a level, and blocks no thread; see the other method.
    public func read<Result, Failure: Error>(
        _ level: ReadLevel, _ body: (borrowing State) throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        refuseReadInWrite()
        guard readsHead(level) else { return try readPublished(latest: level == .latest, body) }
        await writerLock.lock()
        defer { writerLock.unlock() }
        return try readHead(body)
    }

    /// Whether only the writers' own state has what a level asks for.
    private func readsHead(_ level: ReadLevel) -> Bool {
        level == .latest && State.publication == .secondCopy && !log.hasFailed
    }

    @inline(__always)
    private func readPublished<Result, Failure: Error>(
        latest: Bool = false, _ body: (borrowing State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        BodyScope.begin(.read, of: self)
        defer { BodyScope.end() }
        return try publisher.read(latest: latest, body)
    }

    /// The result of `body` for the published state, and the LSN of its last commit.
    func readWithLSN<Result>(_ body: (borrowing State) -> Result) -> (Result, LSN) {
        BodyScope.begin(.read, of: self)
        defer { BodyScope.end() }
        return publisher.readWithLSN { state, lsn in (body(state), lsn) }
    }

    /// - Precondition: The writer lock is held.
    private func readHead<Result, Failure: Error>(
        _ body: (borrowing State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        if log.hasFailed { return try readPublished(body) }
        BodyScope.begin(.write, of: self)
        defer { BodyScope.end() }
        return try body(head.state)
    }

    @inline(__always)
    private func refuseReadInWrite() {
        guard BodyScope.current(of: self) == .write else { return }
        preconditionFailure(
            "read was called from within a write of the same store; use the state that the body was given"
        )
    }
}
