// SPDX-License-Identifier: Apache-2.0

import CairnIO
import CairnTesting

/// What is done to a call in place of what the program asked for.
typealias Lie = @Sendable (
    _ operation: SimulatedOperation, _ target: InterceptedTarget,
    _ proceed: () throws(IOError) -> Void
) throws(IOError) -> Void

/// Lies to the disk on behalf of a program: leaves calls out, changes them, or hides their errors, so that
/// the whole behaves like a program that never made them.
final class Liar: FileSystemInterceptor {
    private let lie: Lie

    init(_ lie: @escaping Lie) { self.lie = lie }

    func intercept(
        _ operation: SimulatedOperation, on target: InterceptedTarget,
        _ proceed: () throws(IOError) -> Void
    ) throws(IOError) {
        try lie(operation, target, proceed)
    }
}
