// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
internal import CairnIO
internal import CairnLSN

/// The archive of a store that is open for writing.
///
/// Called only while the lock of the checkpoints is held.
final class StoreArchiver: Sendable {
    private struct State: Sendable {
        var position: ArchivePosition?
        var isBehind = false
    }

    private let archive: any Archive
    private let root: any VirtualDirectory
    private let logID: LogID
    private let environment: StorageEnvironment
    private let state = Locked(State())

    init(
        _ archive: any Archive, of root: any VirtualDirectory, _ logID: LogID,
        _ environment: StorageEnvironment
    ) {
        self.archive = archive
        self.root = root
        self.logID = logID
        self.environment = environment
    }

    /// Whether the last run has failed, so that the store keeps what it would drop.
    var isBehind: Bool { state.withLock(\.isBehind) }

    /// Whether the archive has a segment, by the last run.
    func has(_ segment: SegmentID) -> Bool {
        state.withLock { segment.rawValue <= $0.position?.lastSegment ?? 0 }
    }

    /// Archives what the archive has not yet. On return the store may drop any of it.
    ///
    /// - Returns: How many files are new.
    /// - Throws: ``ArchiveError`` and errors of the store's files. Where the archive stands is then looked up again.
    func run() throws -> Int {
        let position = state.withLock { state in
            state.isBehind = true
            return state.position.take()
        }
        var run = try ArchiveRun(root, to: archive, of: logID, after: position, environment)
        let (reached, fileCount) = try run.run()
        state.withLock { $0 = State(position: reached) }
        return fileCount
    }
}
