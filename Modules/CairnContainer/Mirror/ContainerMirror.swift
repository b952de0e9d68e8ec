// SPDX-License-Identifier: Apache-2.0
//
// One pass, each step durable before the next, so that the container is at every instant a whole store:
//
// 1. programs and timelines,
// 2. the log up to what is durable in the directory: what a segment has got is appended, and new segments get their names
//    when their beginning is durable,
// 3. new snapshots, in the same way,
// 4. what the directory has dropped: snapshots, then segments, the oldest first; as long as no snapshot in the container
//    reaches to the segments that stay, nothing.
//
// - What is to be copied follows from comparing the two, so a pass that failed is made up for by the next one.
// - The container is never ahead: nothing is copied that a crash could still take from the directory.

internal import CairnDurable
internal import CairnFormat
public import CairnIO
public import CairnLSN
internal import CairnLog
public import CairnRecorder
internal import CairnSegments
internal import CairnSnapshot
public import SystemPackage

/// Keeps a container up to date with the store in a directory: one file beside it that can be copied and opened at any
/// time.
///
/// ```swift
/// let mirror = ContainerMirror(of: "scores", at: "scores.cairn")
/// let scores = try Durable<Scores>.open("scores", mirror: mirror)
/// try scores.sync()       // now the container has everything, too
/// ```
///
/// `sync()` brings it up to date; `flush()` does not, since it promises nothing about the medium. The log is truncated only up
/// to what the container covers durably. After a failure it is as it was before, or further, and the next `sync()`
/// makes up for it.
public final class ContainerMirror: WalMirror {
    private let source: FilePath
    private let target: FilePath
    private let environment: StorageEnvironment
    private let containers: StorageEnvironment
    /// Held during a pass.
    private let passLock = AsyncLock()
    private let covered = Locked(LSN.never)
    private let opened = Locked<StoreDirectory?>(nil)

    /// A mirror of the store in a directory, which is made or opened by the first pass.
    ///
    /// - Parameters:
    ///   - directory: The directory of the store.
    ///   - container: The file. It must be a mirror of the same store, or not exist.
    ///   - environment: The file system and the random numbers to use.
    public init(
        of directory: FilePath, at container: FilePath, environment: StorageEnvironment = .system
    ) {
        source = directory
        target = container
        self.environment = environment
        containers = environment.withContainers(creating: container)
    }

    deinit { close() }

    /// The last LSN that the container has durably; `LSN.never` before the first pass.
    public var coveredLSN: LSN? { covered.withLock { $0 } }

    /// Does nothing.
    public func persist() throws {}

    /// Brings the container up to date.
    ///
    /// - Throws: ``/CairnIO/StorageError`` or an error of the log that is copied. `StorageError.Code.notEmpty` when the
    ///   container is of another store.
    public func persistForced() throws {
        passLock.lock()
        defer { passLock.unlock() }
        let store = StoreDirectory.unlocked(
            try environment.fileSystem.openDirectory(source, creating: false))
        let isFirst = opened.withLock { $0 == nil }
        do {
            let container = try container()
            var pass = MirrorPass(store, container.root, isFirst: isFirst, environment)
            let end = try pass.run()
            covered.withLock { $0 = max($0, end) }
        } catch {
            // A container whose sync has failed takes no more writes: the next pass opens it anew.
            close()
            throw error
        }
    }

    /// Lets the container go: other programs may open it for writing. The next pass opens it again.
    public func close() { opened.withLock { $0.take() }?.release() }

    private func container() throws(StorageError) -> StoreDirectory {
        if let open = opened.withLock({ $0 }) {
            try open.checkIdentity()
            return open
        }
        let made = try StoreDirectory.open(
            target, access: .readWrite, createIfMissing: true, environment: containers)
        opened.withLock { $0 = made }
        return made
    }
}
