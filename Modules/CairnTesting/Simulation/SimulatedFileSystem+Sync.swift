// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
public import SystemPackage

extension SimulatedFileSystem {
    /// A sync of a file or a directory, with all the ways in which it may fail.
    func sync(_ node: NodeID, _ operation: SimulatedOperation) throws(StorageError) {
        let faulty = { (state: inout State, extent: FaultRule.Extent) in
            switch extent {
            case .reverted: state.disk.revert(node)
            case .reportedLater:
                state.disk.failSync(node)
                state.lateErrors[node] = .ioError
            case .nothing, .half, .everything: state.disk.failSync(node)
            }
        }
        try call(operation, as: .sync, faulty: faulty) { state, isInFlight throws(StorageError) in
            try state.throwLateError(of: node, .sync, operation.path)
            if !isInFlight { state.disk.sync(node) }
        }
    }

    /// Makes bytes of a file unreadable, as a bad sector is: a read that touches them fails with EIO.
    ///
    /// - Precondition: The file exists.
    public func makeUnreadable(_ path: FilePath, _ range: Range<Int>) {
        state.withLock { state in state.unreadable[state.disk.file(path), default: []].append(range)
        }
    }
}

extension SimulatedFileSystem.State {
    /// Reports the error of an earlier sync, once.
    mutating func throwLateError(
        of node: NodeID, _ operation: StorageError.Operation, _ path: String
    ) throws(StorageError) {
        guard !lateErrors.isEmpty, let errno = lateErrors.removeValue(forKey: node) else { return }
        throw StorageError(errno, operation: operation, path: FilePath(path))
    }
}
