// SPDX-License-Identifier: Apache-2.0

public import CairnFormat
public import CairnLSN
public import CairnLog

/// An error of a recorder.
public struct RecorderError: Error, Hashable, Sendable {
    /// The kind of error; more may be added.
    public struct Code: Hashable, Sendable {
        enum Storage: String, Sendable {
            case poisoned, alreadyArmed, notArmed, recordedOutsideOfScope, commitFailed, logFailed
            case unknownSavepoint, mirrorFailed, refused, unreadableEvent, hostFailed
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
        /// The events of this commit cannot be stored: see ``RecorderError/cause``. Nothing was appended, the
        /// scope is over, and the recorder goes on.
        public static var refused: Self { .init(storage: .refused) }
        /// An intact event of the log does not fit the program that reads it: see ``RecorderError/format``.
        public static var unreadableEvent: Self { .init(storage: .unreadableEvent) }
        /// The host stopped the recorder.
        public static var hostFailed: Self { .init(storage: .hostFailed) }
    }

    /// The kind of the error.
    public let code: Code
    /// For `.poisoned`: what happened first.
    public let reason: Code?
    /// The error of the log, if it was the cause.
    public let cause: LogError?
    /// The commit of the transaction that the event belongs to.
    public let lsn: LSN?
    /// The format error of the event, if it was the cause.
    public let format: FormatError?
    /// The error that the mirror threw.
    public let mirrorFailure: MirrorFailure?

    /// An error of the host, for ``WalRecorder/poison(_:)``.
    public init(
        code: Code, reason: Code? = nil, cause: LogError? = nil, lsn: LSN? = nil,
        format: FormatError? = nil, mirrorFailure: MirrorFailure? = nil
    ) {
        self.code = code
        self.reason = reason
        self.cause = cause
        self.lsn = lsn
        self.format = format
        self.mirrorFailure = mirrorFailure
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
        case .mirrorFailed:
            "the mirror could not be written\(mirrorFailure.map { " (\($0))" } ?? ""); the log itself is durable"
        case .refused:
            "the change cannot be stored, and nothing of it was: \(cause?.description ?? "unknown reason")"
        case .unreadableEvent:
            "the transaction at LSN \(lsn?.description ?? "?") does not fit this program "
                + "(\(format?.description ?? "unknown reason")); open it with the version that wrote it"
        case .hostFailed: "the program in front of the log stopped it"
        }
    }
}
