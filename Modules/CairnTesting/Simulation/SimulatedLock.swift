// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
internal import SystemPackage

/// The holders of a lock.
enum LockHolders: Hashable, Sendable {
    case exclusive(processID: Int32)
    case shared(count: Int)
}

extension SimulatedFileSystem.State {
    /// Takes a lock or says who has it.
    mutating func lock(
        _ node: NodeID, _ mode: LockMode, _ processID: Int32, _ path: String,
        namesHolder: Bool = true
    ) throws(StorageError) {
        switch (locks[node], mode) {
        case (nil, .exclusive):
            locks[node] = .exclusive(processID: processID)
            if namesHolder { writeHolder("pid \(processID)\n", to: node) }
        case (nil, .shared):
            locks[node] = .shared(count: 1)
        case (.shared(let count)?, .shared):
            locks[node] = .shared(count: count + 1)
        case (.exclusive(let holder)?, _):
            throw StorageError(
                code: .locked, operation: .lock, path: FilePath(path), errno: .wouldBlock,
                holder: holder)
        case (.shared?, .exclusive):
            throw StorageError(
                code: .locked, operation: .lock, path: FilePath(path), errno: .wouldBlock)
        }
    }

    /// Gives a lock back. After a crash no lock is held.
    mutating func unlock(_ node: NodeID, namesHolder: Bool) {
        guard !hasCrashed else { return }
        switch locks[node] {
        case .shared(let count) where count > 1:
            locks[node] = .shared(count: count - 1)
        case .exclusive:
            if namesHolder { writeHolder("", to: node) }
            locks[node] = nil
        default:
            locks[node] = nil
        }
    }

    /// The content only serves messages, so no crash image needs to vary it: it is durable at once.
    private mutating func writeHolder(_ content: String, to node: NodeID) {
        let bytes = [UInt8](content.utf8)
        disk.changeDurably(node, .size(0))
        disk.changeDurably(node, .data(offset: 0, bytes: bytes[...]))
        disk.changeDurably(node, .size(bytes.count))
    }
}

/// A lock of a ``SimulatedFileSystem``.
final class SimulatedLock: DirectoryLock {
    private let fileSystem: SimulatedFileSystem
    private let node: Locked<NodeID?>
    private let file: NodeID
    private let name: FileName
    private let directory: SimulatedDirectory
    private let namesHolder: Bool

    init(
        _ fileSystem: SimulatedFileSystem, _ node: NodeID, _ name: FileName,
        in directory: SimulatedDirectory, namesHolder: Bool = true
    ) {
        self.namesHolder = namesHolder
        self.fileSystem = fileSystem
        self.node = Locked(node)
        file = node
        self.name = name
        self.directory = directory
    }

    deinit { release() }

    func release() {
        let held = node.withLock { field in
            let value = field
            field = nil
            return value
        }
        guard let held else { return }
        fileSystem.state.withLock { $0.unlock(held, namesHolder: namesHolder) }
    }

    func checkIdentity() throws(StorageError) { try directory.check(name, is: file) }
}
