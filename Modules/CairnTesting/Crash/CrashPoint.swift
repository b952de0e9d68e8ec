// SPDX-License-Identifier: Apache-2.0

internal import CairnIO

/// A moment at which the machine may stop: in the middle of one operation, or after the last one.
///
/// It keeps the disk as it was then, so that all images of all crashes of a workload come from one run of
/// it. See ``SimulatedFileSystem/observeCrashPoints(_:)``.
public struct CrashPoint: Sendable {
    /// The number of the operation, as ``FaultRule/Place/operation(_:)`` counts.
    public let operationIndex: Int
    /// The operation in which the machine stops; nil between two of them.
    public let operation: SimulatedOperation?
    let disk: SimulatedDisk
    let processID: Int32

    /// The files that the machine finds afterwards; as ``SimulatedFileSystem/crashImage(_:)``.
    public func image(_ choice: CrashChoice) -> SimulatedFileSystem {
        SimulatedFileSystem(
            disk: disk.image(choice), faults: FaultPlan(), processID: processID)
    }

    /// A number that follows from all that an image depends on: two moments with the same one leave the
    /// same images for the same choices. A sync, for example, adds nothing while it is under way.
    ///
    /// - Complexity: O(*n*) in the number of files and in the bytes pending.
    public var fingerprint: UInt64 { disk.fingerprint }

    /// The number of effects that are pending.
    public var pendingEffectCount: Int { disk.pending.count }
}

extension SimulatedFileSystem {
    /// Calls `body` in the middle of every operation from now on, with what a crash there would leave;
    /// nil ends it. The body must not call the file system.
    public func observeCrashPoints(_ body: (@Sendable (CrashPoint) -> Void)?) {
        state.withLock { $0.crashPointHandler = body }
    }

    /// The moment after the last operation.
    public var crashPoint: CrashPoint {
        state.withLock { state in
            CrashPoint(
                operationIndex: state.operations.count, operation: nil, disk: state.disk,
                processID: processID)
        }
    }
}
