// SPDX-License-Identifier: Apache-2.0
//
// Watches the order of the calls to any file system and says which rule was broken.
//
// - A file gets its final name only after its bytes were synced.
// - An entry is removed only when every new name in the same directory is durable.
// - After an error of a write, a sync, a rename or a removal nothing more is done to that file.
// - After a file was cut, nothing is written to it before the cut was synced.
// - When something is acknowledged, no byte and no entry that it depends on waits for a sync.

public import CairnIO

/// Checks the rules of durability on every call, on the simulated and on the real file system alike.
///
/// It needs no crash to find a missing sync: it sees that one was due.
///
/// ```swift
/// let monitor = OrderingMonitor()
/// let files = InterceptedFileSystem(POSIXFileSystem(), monitor)
/// try store.commit(event)
/// monitor.acknowledged { $0.hasSuffix(".wal") }
/// #expect(monitor.violations == [])
/// ```
public final class OrderingMonitor: FileSystemInterceptor {
    struct State: Sendable {
        /// Files with bytes that no sync covers.
        var unsyncedFiles: Set<String> = []
        /// Entries that no sync covers, by directory.
        var unsyncedEntries: [String: Set<String>] = [:]
        var cutFiles: Set<String> = []
        /// The current names of files, by the name under which they were opened.
        var newNames: [String: String] = [:]
        var failedFiles: Set<String> = []
        var violations: [String] = []
        var callCount = 0
    }
    private let state = Locked(State())

    /// A monitor that has seen nothing yet.
    public init() {}

    /// The violations, in order; each names its call.
    public var violations: [String] { state.withLock { $0.violations } }

    /// The number of calls that it has seen.
    public var callCount: Int { state.withLock { $0.callCount } }

    /// Says that something was acknowledged as durable that depends on the files for which `concerns` is
    /// true, and on the entries that lead to them.
    public func acknowledged(_ concerns: (String) -> Bool) {
        state.withLock { state in
            for path in state.unsyncedFiles.sorted() where concerns(path) {
                state.violations.append("acknowledged while \(path) has bytes that no sync covers")
            }
            for path in state.unsyncedEntries.values.joined().sorted() where concerns(path) {
                state.violations.append("acknowledged while the entry \(path) is not durable")
            }
        }
    }

    /// Does the call and looks at it before and after.
    public func intercept(
        _ operation: SimulatedOperation, on target: InterceptedTarget,
        _ proceed: () throws(StorageError) -> Void
    ) throws(StorageError) {
        state.withLock { $0.willCall(operation) }
        do throws(StorageError) {
            try proceed()
        } catch {
            state.withLock { $0.failed(operation) }
            throw error
        }
        state.withLock { $0.called(operation, target.newName) }
    }
}

extension OrderingMonitor.State {
    fileprivate mutating func willCall(_ operation: SimulatedOperation) {
        callCount += 1
        if operation.kind == .createFile { newNames[operation.path] = nil }
        let path = name(operation.path)
        let changesFile =
            switch operation.kind {
            case .write, .writeDurably, .truncate, .syncFile: true
            default: false
            }
        if changesFile, failedFiles.contains(path) {
            violations.append("\(operation) after an earlier failure of this file")
        }
        switch operation.kind {
        case .write, .writeDurably:
            if cutFiles.contains(path) {
                violations.append("\(operation) before the cut was synced")
            }
        case .rename:
            if unsyncedFiles.contains(path) {
                violations.append("\(operation) before its bytes were synced")
            }
        case .remove:
            let others = (unsyncedEntries[Self.parent(path)] ?? []).subtracting([path])
            if let other = others.min(), !path.hasSuffix(".creating") {
                violations.append("\(operation) while \(other) is not durable")
            }
        default: break
        }
    }

    fileprivate mutating func called(_ operation: SimulatedOperation, _ newName: FileName?) {
        let path = name(operation.path)
        switch operation.kind {
        case .write: unsyncedFiles.insert(path)
        case .truncate:
            unsyncedFiles.insert(path)
            cutFiles.insert(path)
        case .syncFile:
            unsyncedFiles.remove(path)
            cutFiles.remove(path)
        // A new handle is a new start: recovery looks at what is really there.
        case .openFile: failedFiles.remove(path)
        case .createFile, .createDirectory:
            unsyncedEntries[Self.parent(path), default: []].insert(path)
        case .remove:
            unsyncedFiles.remove(path)
            unsyncedEntries[Self.parent(path), default: []].remove(path)
        case .syncDirectory: unsyncedEntries[path] = nil
        case .rename: if let newName { renamed(path, newName) }
        case .replace:
            if let newName { renamed("\(Self.parent(path))/\(newName.string)", onto: path) }
        default: break
        }
    }

    private mutating func renamed(_ path: String, _ newName: FileName) {
        let parent = Self.parent(path)
        let new = "\(parent)/\(newName.string)"
        newNames[path] = new
        if unsyncedFiles.remove(path) != nil { unsyncedFiles.insert(new) }
        if let inner = unsyncedEntries.removeValue(forKey: path) {
            unsyncedEntries[new] = Set(inner.map { new + $0.dropFirst(path.count) })
        }
        unsyncedEntries[parent, default: []].remove(path)
        unsyncedEntries[parent, default: []].insert(new)
    }

    private mutating func renamed(_ path: String, onto target: String) {
        newNames[path] = target
        if unsyncedFiles.remove(path) == nil {
            unsyncedFiles.remove(target)
        } else {
            unsyncedFiles.insert(target)
        }
        unsyncedEntries[Self.parent(target), default: []].remove(path)
        unsyncedEntries[Self.parent(target), default: []].insert(target)
    }

    private func name(_ path: String) -> String { newNames[path] ?? path }

    fileprivate mutating func failed(_ operation: SimulatedOperation) {
        switch operation.kind {
        case .write, .writeDurably, .truncate, .syncFile:
            failedFiles.insert(name(operation.path))
            cutFiles.remove(name(operation.path))
        case .rename, .replace, .remove, .createFile, .createDirectory:
            // Whether it took effect is unknown, and no caller may count on it.
            unsyncedEntries[Self.parent(operation.path)]?.remove(operation.path)
        default: break
        }
    }

    private static func parent(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return String(path[..<slash])
    }
}
