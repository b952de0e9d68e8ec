// SPDX-License-Identifier: Apache-2.0

import CairnIO
import CairnTesting

/// What is done to a call in place of what the program asked for. The operation has the name that the file
/// has now, also when it was renamed since it was opened.
typealias Lie =
    @Sendable (
        _ operation: SimulatedOperation, _ target: InterceptedTarget,
        _ proceed: () throws(StorageError) -> Void
    ) throws(StorageError) -> Void

/// Lies to the disk on behalf of a program: leaves calls out, changes them, or hides their errors, so that
/// the whole behaves like a program that never made them.
final class Liar: FileSystemInterceptor {
    private let lie: Lie
    private let newNames = Locked<[String: String]>([:])

    init(_ lie: @escaping Lie) { self.lie = lie }

    func intercept(
        _ operation: SimulatedOperation, on target: InterceptedTarget,
        _ proceed: () throws(StorageError) -> Void
    ) throws(StorageError) {
        let path = newNames.withLock { names in
            if operation.kind == .createFile { names[operation.path] = nil }
            return names[operation.path] ?? operation.path
        }
        if operation.kind == .rename, let new = target.newName,
            let slash = operation.path.lastIndex(of: "/")
        {
            newNames.withLock {
                $0[operation.path] = "\(operation.path[..<slash])/\(new.string)"
            }
        }
        let named = SimulatedOperation(
            operation.kind, path, offset: operation.offset, byteCount: operation.byteCount)
        try lie(named, target, proceed)
    }
}
