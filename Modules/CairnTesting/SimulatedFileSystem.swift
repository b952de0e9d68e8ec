// SPDX-License-Identifier: Apache-2.0

public import CairnIO
public import SystemPackage

/// A file system in memory that knows what a crash may leave of it.
///
/// The running program sees its writes at once. They survive a crash for certain only after the sync
/// that covers them: `VirtualFile.sync()` for data and size, `VirtualDirectory.sync()` for entries. Until then
/// each is *pending*, and ``crashImage(_:)`` makes any selection of them into a new file system, as a
/// machine would find it after the power came back.
///
/// Calls can be made to fail, once or for good, and the machine can be made to stop during any call:
/// see ``FaultPlan``. Every call is counted, and those that change something are recorded, so that a
/// failing test can be repeated from one line.
///
/// ```swift
/// let files = SimulatedFileSystem(faults: .crash(atOperation: 7))
/// try? workload(files)
/// for seed in 0..<100 {
///     try check(files.crashImage(.seeded(seed)))
/// }
/// ```
///
/// All calls may be made from any thread. There is one tree with one root; relative paths start there,
/// too. Locks conflict like those of `flock`: between any two openings, also of one process.
public final class SimulatedFileSystem: VirtualFileSystem {
    struct State: Sendable {
        var disk: SimulatedDisk
        var faults: FaultState
        var operations: [SimulatedOperation] = []
        var callCount = 0
        var hasCrashed = false
        var locks: [NodeID: LockHolders] = [:]
        /// The calls that a rule made to fail, or to lie.
        var faultyOperations: [SimulatedOperation] = []
        var crashPointHandler: (@Sendable (CrashPoint) -> Void)?
        /// Errors of earlier syncs that were not reported yet.
        var lateErrors: [NodeID: Errno] = [:]
        /// Bytes that no read gets any more.
        var unreadable: [NodeID: [Range<Int>]] = [:]
    }

    let state: Locked<State>
    /// The process number that locks are held by.
    public let processID: Int32

    /// An empty file system.
    public convenience init(faults: FaultPlan = FaultPlan(), processID: Int32 = 1) {
        self.init(disk: SimulatedDisk(), faults: faults, processID: processID)
    }

    init(disk: SimulatedDisk, faults: FaultPlan, processID: Int32) {
        state = Locked(State(disk: disk, faults: FaultState(faults)))
        self.processID = processID
    }

    /// Replaces the rules; counting goes on, and rules that match by name start to count anew.
    public func setFaults(_ plan: FaultPlan) {
        state.withLock { $0.faults = FaultState(plan) }
    }

    /// Opens, and on request creates, the directory at `path`, as the protocol says.
    public func openDirectory(
        _ path: FilePath, creating: Bool
    ) throws(StorageError) -> any VirtualDirectory {
        var directory = SimulatedDirectory(self, SimulatedDisk.root, "")
        var rest = path.string.utf8.split(separator: UInt8(ascii: "/"))
            .map { String(decoding: Array($0), as: UTF8.self) }.filter { $0 != "." }[...]
        guard let last = rest.popLast() else { return directory }
        for component in rest {
            directory = try directory.open(try Self.name(component, in: path))
        }
        let name = try Self.name(last, in: path)
        guard creating else { return try directory.open(name) }
        do throws(StorageError) {
            _ = try directory.createDirectory(name)
        } catch {
            guard error.code == .exists else { throw error }
        }
        try directory.sync()
        return try directory.open(name)
    }

    private static func name(
        _ component: String, in path: FilePath
    ) throws(StorageError) -> FileName {
        guard let name = FileName(component) else {
            throw StorageError(.noSuchFileOrDirectory, operation: .open, path: path)
        }
        return name
    }
}

extension SimulatedFileSystem {
    /// The number of calls that changed something or made it durable, failed ones included.
    public var operationCount: Int { state.withLock { $0.operations.count } }

    /// The number of calls of any kind, failed ones included.
    public var callCount: Int { state.withLock { $0.callCount } }

    /// The calls that change something or make it durable, in order.
    public var operations: [SimulatedOperation] { state.withLock { $0.operations } }

    /// The calls that the rules made to fail, or to do something else than they said, in order.
    public var faultyOperations: [SimulatedOperation] { state.withLock { $0.faultyOperations } }

    /// The operations as text, one numbered line each.
    public var trace: String {
        operations.enumerated().map { "\($0.offset) \($0.element)" }.joined(separator: "\n")
    }

    /// True after a rule stopped the machine; every call throws then.
    public var hasCrashed: Bool { state.withLock { $0.hasCrashed } }
}

extension SimulatedFileSystem {
    /// Runs one call of the program: counts it, asks the faults, and does it.
    ///
    /// - Parameters:
    ///   - faulty: What a failure that was asked for does in place of `body`; nil when it does nothing
    ///     or everything.
    ///   - silent: What a silent fault does in place of `body`; nil for calls that have none.
    ///   - body: What the call does; the flag says that the machine stops during it, so nothing may
    ///     become durable by it.
    func call<Result>(
        _ operation: SimulatedOperation, as kind: StorageError.Operation,
        faulty: ((inout State, FaultRule.Extent) -> Void)? = nil,
        silent: ((inout State, FaultRule.SilentFault) throws(StorageError) -> Result)? = nil,
        _ body: (inout State, _ isInFlight: Bool) throws(StorageError) -> Result
    ) throws(StorageError) -> Result {
        try state.withLock { (state: inout State) throws(StorageError) -> Result in
            switch try state.begin(operation, as: kind) {
            case nil:
                observe(operation, &state, body)
                return try body(&state, false)
            case .silently(let fault):
                if let silent { return try silent(&state, fault) }
                return try body(&state, false)
            case .fail(_, .reportedLater) where operation.kind.isSync:
                // Nothing becomes durable, and no call reports it.
                let result = try body(&state, true)
                faulty?(&state, .reportedLater)
                return result
            case .fail(let errno, let extent):
                if let faulty {
                    faulty(&state, extent)
                } else if extent == .everything {
                    _ = try body(&state, false)
                }
                throw StorageError(errno, operation: kind, path: FilePath(operation.path))
            case .crash:
                state.hasCrashed = true
                _ = try? body(&state, true)
                throw Self.crashed(kind, operation.path)
            }
        }
    }

    /// Shows what a crash in the middle of the call would leave.
    private func observe<Result>(
        _ operation: SimulatedOperation, _ state: inout State,
        _ body: (inout State, _ isInFlight: Bool) throws(StorageError) -> Result
    ) {
        guard let crashPointHandler = state.crashPointHandler, operation.kind.isMutating else {
            return
        }
        // All images of this moment and of the later ones begin with the same durable bytes.
        state.disk.keepDigests()
        var stopped = state
        _ = try? body(&stopped, true)
        crashPointHandler(
            CrashPoint(
                operationIndex: state.operations.count - 1, operation: operation,
                disk: stopped.disk, processID: processID))
    }

    static func crashed(_ kind: StorageError.Operation, _ path: String) -> StorageError {
        StorageError(.ioError, operation: kind, path: FilePath(path))
    }
}

extension SimulatedFileSystem.State {
    mutating func begin(
        _ operation: SimulatedOperation, as kind: StorageError.Operation
    ) throws(StorageError) -> FaultRule.Action? {
        guard !hasCrashed else { throw SimulatedFileSystem.crashed(kind, operation.path) }
        let action = faults.action(
            for: operation, operationIndex: operations.count, callIndex: callCount)
        callCount += 1
        if operation.kind.isMutating { operations.append(operation) }
        if action != nil { faultyOperations.append(operation) }
        return action
    }
}
