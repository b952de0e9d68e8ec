// SPDX-License-Identifier: Apache-2.0

internal import CairnIO

extension SimulatedFileSystem {
    /// The disk that a machine finds after a crash at this moment: a new file system in which nothing is
    /// pending, nothing is locked and nothing fails. This one stays as it is.
    ///
    /// - Complexity: O(*n*) in the number of files, in the bytes pending and in the pages they touch.
    public func crashImage(_ choice: CrashChoice) -> SimulatedFileSystem {
        let disk = state.withLock { $0.disk.image(choice) }
        return SimulatedFileSystem(disk: disk, faults: FaultPlan(), processID: processID)
    }

    /// The number of effects that are pending: whole writes, sizes, entries. The bound of ``CrashChoice/prefix(_:)``.
    public var pendingEffectCount: Int { state.withLock { $0.disk.pending.count } }

    /// The number of parts that may survive independently: the bound of ``CrashChoice/subset(_:)``.
    public var pendingPartCount: Int {
        state.withLock {
            CrashSelection.split($0.disk.pending, CrashProfile().partByteCount).count
        }
    }
}
