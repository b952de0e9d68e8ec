// SPDX-License-Identifier: Apache-2.0

public import CairnLog

/// Why a recorder refused.
public struct RecorderError: Error, Hashable, Sendable {
    /// The kind of error; more may be added.
    public struct Code: Hashable, Sendable {
        enum Storage: String, Sendable {
            case poisoned, alreadyArmed, notArmed, recordedOutsideOfScope, commitFailed, logFailed
            case unknownSavepoint, mirrorFailed
        }
        let storage: Storage

        /// An earlier failure stopped the recorder for good: see ``RecorderError/reason``.
        public static var poisoned: Self { .init(storage: .poisoned) }
        /// A scope was armed within another. A bug of the host; it poisons.
        public static var alreadyArmed: Self { .init(storage: .alreadyArmed) }
        /// A commit without a scope. A bug of the host; it poisons.
        public static var notArmed: Self { .init(storage: .notArmed) }
        /// A mutation was recorded outside of a scope. A bug of the host; it poisons.
        public static var recordedOutsideOfScope: Self { .init(storage: .recordedOutsideOfScope) }
        /// This very commit failed: see ``RecorderError/cause``. It poisons.
        public static var commitFailed: Self { .init(storage: .commitFailed) }
        /// The log failed outside of a commit: see ``RecorderError/cause``.
        public static var logFailed: Self { .init(storage: .logFailed) }
        /// The savepoint was released, rolled back over, or is of another scope.
        public static var unknownSavepoint: Self { .init(storage: .unknownSavepoint) }
        /// The mirror failed. The log itself is durable, and nothing is poisoned.
        public static var mirrorFailed: Self { .init(storage: .mirrorFailed) }
    }

    /// What happened.
    public let code: Code
    /// For `.poisoned`: what happened first.
    public let reason: Code?
    /// What the log said.
    public let cause: LogError?

    /// An error.
    public init(code: Code, reason: Code? = nil, cause: LogError? = nil) {
        self.code = code
        self.reason = reason
        self.cause = cause
    }
}

extension RecorderError.Code: CustomStringConvertible {
    /// The name of the code.
    public var description: String { storage.rawValue }
}

extension RecorderError: CustomStringConvertible {
    /// One sentence: what happened and what to do.
    public var description: String {
        switch code.storage {
        case .poisoned:
            "an earlier failure (\(reason?.description ?? "unknown")) stopped the store; open it again"
                + (cause.map { ": \($0)" } ?? "")
        case .alreadyArmed: "a write began within another one; hold the write lock around each"
        case .notArmed: "a commit without a write; arm the recorder first"
        case .recordedOutsideOfScope: "a mutation outside of a write; arm the recorder first"
        case .commitFailed: cause?.description ?? "the commit failed"
        case .logFailed: cause?.description ?? "the log failed"
        case .unknownSavepoint: "the savepoint was released or belongs to another transaction"
        case .mirrorFailed: "the mirror could not be written; the log itself is durable"
        }
    }
}
