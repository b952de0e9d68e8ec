// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
public import CairnIO
package import CairnLSN
internal import CairnLog
package import CairnSegments
public import SystemPackage

/// The program that a store belongs to: what ``ReplayableState/name`` and ``ReplayableState/version`` of its state
/// said when the store was last opened for writing.
public struct StoreProgram: Hashable, Sendable, Codable {
    /// The name of the state.
    public let name: String
    /// The version of its schema, from 1.
    public let version: Int

    /// A program by the name of its state and the version of its schema.
    public init(name: String, version: Int) {
        self.name = name
        self.version = version
    }

    /// Under which version events and states were written in a store that does not say it.
    package static let versionOfUnnamed = 1

    /// The name and the version that a state type declares.
    init<State: ReplayableState>(of state: State.Type) {
        self.init(name: State.name, version: State.version)
        precondition(!name.isEmpty, "\(State.self).name is empty: a store is recognised by it")
        precondition(version >= 1, "\(State.self).version is \(version): versions begin at 1")
    }
}

extension StoreProgram: CustomStringConvertible {
    /// The name, made visible, and the version.
    public var description: String { "\(name.quoted), version \(version)" }
}

extension StoreProgram {
    /// The program that the store at `path` belongs to; nil for a store that no program has named yet. Nothing is
    /// written.
    ///
    /// - Throws: ``DurableError``, also when another process holds the directory.
    public static func read(
        _ path: FilePath, environment: StorageEnvironment = .system
    ) throws(DurableError) -> StoreProgram? {
        let store: StoreDirectory
        do throws(StorageError) {
            store = try StoreDirectory.openForReading(path, environment)
        } catch {
            throw DurableError(LogError(error))
        }
        defer { store.release() }
        return try read(in: store, environment: environment)
    }

    /// The program that an opened store belongs to; see the other method.
    package static func read(
        in store: StoreDirectory, environment: StorageEnvironment
    ) throws(DurableError) -> StoreProgram? {
        try history(of: store, environment).program
    }

    /// Judges a log that ends at `last` by what was durable when its programs opened it.
    ///
    /// - Returns: What is wrong; nil when nothing is.
    package static func judgeEnd(
        of store: StoreDirectory, at last: LSN, environment: StorageEnvironment
    ) throws(DurableError) -> Finding? {
        let history = try history(of: store, environment)
        do throws(DurableError) {
            try history.expectEnd(at: last)
            return nil
        } catch {
            return error.finding
        }
    }

    private static func history(
        of store: StoreDirectory, _ environment: StorageEnvironment
    ) throws(DurableError) -> ProgramHistory {
        let identity: LogID?
        do throws(LogError) {
            identity = try WriteAheadLog.identity(in: store, environment: environment)
        } catch {
            throw DurableError(error)
        }
        return try ProgramHistory.read(in: store, identity, environment)
    }
}

/// A store and a program that do not belong together.
public struct ProgramMismatch: Hashable, Sendable {
    /// The program that the store names.
    public let store: StoreProgram
    /// The program that was to open the store.
    public let opening: StoreProgram

    package init(store: StoreProgram, opening: StoreProgram) {
        self.store = store
        self.opening = opening
    }
}

extension ProgramMismatch: CustomStringConvertible {
    /// One sentence: who wrote the store, who wants to open it, and what to do.
    public var description: String {
        guard store.name == opening.name else {
            return "the store belongs to the program \(store.name.quoted), and this program is "
                + "\(opening.name.quoted); nothing was changed: open it with \(store.name.quoted), or open another "
                + "directory"
        }
        return
            "the store was written by version \(store.version) of the program \(store.name.quoted), and this "
            + "program is version \(opening.version); nothing was changed: open it with version \(store.version) or "
            + "later"
    }
}
