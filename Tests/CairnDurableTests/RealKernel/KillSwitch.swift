// SPDX-License-Identifier: Apache-2.0

import CairnIO
import Foundation
import SystemPackage

/// Counts the calls that change a store on the real file system, and kills the process, as `kill -9` does,
/// at one of them.
final class KillSwitch: Sendable {
    /// What of the fatal call is done.
    enum Manner: Int, CaseIterable {
        /// Nothing.
        case before
        /// Half of the bytes, for a write; else everything.
        case within
        /// Everything, but no caller learns of it.
        case after
    }

    /// Where to stop.
    struct Place: Sendable {
        let call: Int
        let manner: Manner
    }

    private struct Count: Sendable {
        var isArmed = false
        var phase = ""
        var calls: [String] = []
    }

    private let place: Place?
    private let count = Locked(Count())

    init(_ place: Place? = nil) { self.place = place }

    /// From now on calls count as of this phase; before the first one they do not count.
    func enter(_ phase: String) {
        count.withLock { count in
            count.isArmed = true
            count.phase = phase
        }
    }

    /// The phase of each call so far, with what it was.
    var calls: [String] { count.withLock { $0.calls } }

    func call<Result>(
        _ name: String, half: () throws(StorageError) -> Void = { () throws(StorageError) in },
        _ body: () throws(StorageError) -> Result
    ) throws(StorageError) -> Result {
        let manner = count.withLock { count -> Manner? in
            guard count.isArmed else { return nil }
            count.calls.append("\(count.phase): \(name)")
            return count.calls.count - 1 == place?.call ? place?.manner : nil
        }
        switch manner {
        case nil: return try body()
        case .before: break
        case .within: try half()
        case .after: _ = try body()
        }
        Self.die()
    }

    static func die() -> Never {
        kill(getpid(), SIGKILL)
        // The signal may take a moment to arrive.
        while true { sleep(1) }
    }
}

/// The real file system behind a ``KillSwitch``.
struct DeadlyFileSystem: VirtualFileSystem {
    let base = POSIXFileSystem()
    let killSwitch: KillSwitch

    func openDirectory(_ path: FilePath, creating: Bool) throws(StorageError)
        -> any VirtualDirectory
    {
        let killSwitch = killSwitch
        guard creating else {
            return DeadlyDirectory(try base.openDirectory(path, creating: false), killSwitch)
        }
        return try killSwitch.call("open or create the store") { () throws(StorageError) in
            DeadlyDirectory(try base.openDirectory(path, creating: true), killSwitch)
        }
    }
}

private final class DeadlyDirectory: VirtualDirectory {
    let base: any VirtualDirectory
    let killSwitch: KillSwitch

    init(_ base: any VirtualDirectory, _ killSwitch: KillSwitch) {
        self.base = base
        self.killSwitch = killSwitch
    }

    var path: FilePath { base.path }
    private var folder: String { base.path.lastComponent?.string ?? "" }

    func list() throws(StorageError) -> [VirtualDirectoryEntry] { try base.list() }

    func openFile(_ name: FileName, _ access: FileAccess) throws(StorageError) -> any VirtualFile {
        DeadlyFile(try base.openFile(name, access), "\(folder)/\(name)", killSwitch)
    }

    func createFile(_ name: FileName) throws(StorageError) -> any VirtualFile {
        try killSwitch.call("create \(folder)/\(name)") { () throws(StorageError) in
            DeadlyFile(try base.createFile(name), "\(folder)/\(name)", killSwitch)
        }
    }

    func openDirectory(_ name: FileName) throws(StorageError) -> any VirtualDirectory {
        DeadlyDirectory(try base.openDirectory(name), killSwitch)
    }

    func createDirectory(_ name: FileName) throws(StorageError) -> any VirtualDirectory {
        try killSwitch.call("create directory \(name)") { () throws(StorageError) in
            DeadlyDirectory(try base.createDirectory(name), killSwitch)
        }
    }

    func rename(_ name: FileName, to newName: FileName) throws(StorageError) {
        try killSwitch.call("rename to \(folder)/\(newName)") { () throws(StorageError) in
            try base.rename(name, to: newName)
        }
    }

    func remove(_ name: FileName) throws(StorageError) {
        try killSwitch.call("remove \(folder)/\(name)") { () throws(StorageError) in
            try base.remove(name)
        }
    }

    func sync() throws(StorageError) {
        try killSwitch.call("sync directory \(folder)") { () throws(StorageError) in try base.sync()
        }
    }

    func lock(_ name: FileName, _ mode: LockMode) throws(StorageError) -> (any DirectoryLock)? {
        try killSwitch.call("lock") { () throws(StorageError) in try base.lock(name, mode) }
    }

    func checkIdentity() throws(StorageError) { try base.checkIdentity() }
}

private final class DeadlyFile: VirtualFile {
    let base: any VirtualFile
    let name: String
    let killSwitch: KillSwitch

    init(_ base: any VirtualFile, _ name: String, _ killSwitch: KillSwitch) {
        self.base = base
        self.name = name
        self.killSwitch = killSwitch
    }

    func byteCount() throws(StorageError) -> UInt64 { try base.byteCount() }

    func read(into output: inout OutputRawSpan, at offset: UInt64) throws(StorageError) {
        try base.read(into: &output, at: offset)
    }

    func write(_ bytes: RawSpan, at offset: UInt64) throws(StorageError) {
        try killSwitch.call(
            "write \(name)",
            half: { () throws(StorageError) in
                try base.write(bytes.extracting(first: bytes.byteCount / 2), at: offset)
            },
            { () throws(StorageError) in try base.write(bytes, at: offset) })
    }

    func writeDurably(_ bytes: RawSpan, at offset: UInt64) throws(StorageError) {
        try killSwitch.call(
            "write durably \(name)",
            half: { () throws(StorageError) in
                try base.write(bytes.extracting(first: bytes.byteCount / 2), at: offset)
            },
            { () throws(StorageError) in try base.writeDurably(bytes, at: offset) })
    }

    func truncate(to byteCount: UInt64) throws(StorageError) {
        try killSwitch.call("truncate \(name)") { () throws(StorageError) in
            try base.truncate(to: byteCount)
        }
    }

    func sync() throws(StorageError) {
        try killSwitch.call("sync \(name)") { () throws(StorageError) in try base.sync() }
    }

    func close() throws(StorageError) { try base.close() }
}
