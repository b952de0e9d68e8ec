// SPDX-License-Identifier: Apache-2.0

/// One crash, or several in a row: after which operation of the workload and with which of the pending
/// effects; then, when recovering from that was interrupted, too, the same of the recovery, and so on.
///
/// It is one line, so that a failure can be repeated: `17/fates:512:+-0 3/synced`.
public struct CrashPlace: Hashable, Sendable, LosslessStringConvertible {
    /// One crash.
    public struct Step: Hashable, Sendable {
        /// The operation in which the machine stopped.
        public var operation: Int
        /// The part of the pending changes that the crash left.
        public var choice: CrashChoice

        /// A crash after an operation, with a choice of what the disk kept.
        public init(operation: Int, choice: CrashChoice) {
            self.operation = operation
            self.choice = choice
        }
    }

    /// The crashes, in order.
    public var steps: [Step]

    /// A place by the crashes that lead to it, the first one first.
    public init(_ steps: [Step]) { self.steps = steps }

    /// Reads a line; nil when it is none.
    public init?(_ description: String) {
        var steps: [Step] = []
        for word in description.split(separator: " ") {
            let parts = word.split(separator: "/", maxSplits: 1).map(String.init)
            guard parts.count == 2, let operation = Int(parts[0]),
                let choice = CrashChoice(parts[1])
            else { return nil }
            steps.append(Step(operation: operation, choice: choice))
        }
        guard !steps.isEmpty else { return nil }
        self.init(steps)
    }

    /// The line that reproduces the place.
    public var description: String {
        steps.map { "\($0.operation)/\($0.choice)" }.joined(separator: " ")
    }

    func adding(_ operation: Int, _ choice: CrashChoice) -> CrashPlace {
        CrashPlace(steps + [Step(operation: operation, choice: choice)])
    }
}
