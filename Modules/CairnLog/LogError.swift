// SPDX-License-Identifier: Apache-2.0

public import CairnCodec
public import CairnFormat
public import CairnIO
public import CairnLSN
public import CairnSegments

/// Why a log refused.
public struct LogError: Error, Hashable, Sendable {
    /// The kind of error; more may be added.
    public struct Code: Hashable, Sendable {
        enum Storage: String, Sendable {
            case damaged, tailTooLong, notEmpty, replayGap, io, codec, poisoned, indeterminate
            case closed, readOnly, exhausted, truncationRefused, changesGone, changesAhead
            case changesUnreadable, checkpointRefused, invalidOptions, inUse, encryption
            case cancelled
        }
        let storage: Storage

        /// The log cannot be opened as it is: see ``LogError/finding``. Nothing was changed.
        public static var damaged: Self { .init(storage: .damaged) }
        /// The torn tail is longer than the options allow to cut. Nothing was changed.
        public static var tailTooLong: Self { .init(storage: .tailTooLong) }
        /// There is no store, and the directory holds other files. Nothing was changed.
        public static var notEmpty: Self { .init(storage: .notEmpty) }
        /// The log begins after the end of the state that the caller has.
        public static var replayGap: Self { .init(storage: .replayGap) }
        /// The operating system refused: see ``LogError/cause``.
        public static var io: Self { .init(storage: .io) }
        /// A batch could not be stored or read: see ``LogError/codec``.
        public static var codec: Self { .init(storage: .codec) }
        /// An earlier failure stopped the log for good.
        public static var poisoned: Self { .init(storage: .poisoned) }
        /// A failure met this very commit: it may or may not be there after reopening.
        public static var indeterminate: Self { .init(storage: .indeterminate) }
        /// The log was closed.
        public static var closed: Self { .init(storage: .closed) }
        /// The log was opened for reading only.
        public static var readOnly: Self { .init(storage: .readOnly) }
        /// No further LSN or segment number exists.
        public static var exhausted: Self { .init(storage: .exhausted) }
        /// The fence does not belong to this log.
        public static var truncationRefused: Self { .init(storage: .truncationRefused) }
        /// A checkpoint was to be recorded for more than is durable.
        public static var checkpointRefused: Self { .init(storage: .checkpointRefused) }
        /// The options allow no log to be written.
        public static var invalidOptions: Self { .init(storage: .invalidOptions) }
        /// A log is open for writing in this very opening of the store, so its files change while they are read.
        public static var inUse: Self { .init(storage: .inUse) }
        /// The keys do not fit a file of the store, or there are none: see ``LogError/encryption``. Nothing was decrypted
        /// with a wrong key, and nothing was changed.
        public static var encryption: Self { .init(storage: .encryption) }
        /// The observer of the opening ended it. Nothing was changed.
        public static var cancelled: Self { .init(storage: .cancelled) }
        /// The next transaction of a change reader was truncated; ``LogError/lsn`` is the first that is there.
        public static var changesGone: Self { .init(storage: .changesGone) }
        /// A reader of changes has seen more than the log holds, whose last LSN is ``LogError/lsn``.
        public static var changesAhead: Self { .init(storage: .changesAhead) }
        /// The next transaction of a change reader is damaged: see ``LogError/finding``.
        public static var changesUnreadable: Self { .init(storage: .changesUnreadable) }
    }

    /// The kind of the error.
    public var code: Code { details.code }
    /// The finding in the files that caused the error.
    public var finding: Finding? { details.finding }
    /// The LSN concerned.
    public var lsn: LSN? { details.lsn }
    /// The error of the operating system; for `.poisoned` and `.indeterminate` that of the first failure.
    public var cause: StorageError? { details.cause }
    /// The error of the codec.
    public var codec: CodecError? { details.codec }
    /// Why the keys do not fit, for `.encryption`: which key is needed, the file, and the offset.
    public var encryption: CipherError? { details.encryption }

    private struct Details: Hashable, Sendable {
        let code: Code
        let finding: Finding?
        let lsn: LSN?
        let cause: StorageError?
        let codec: CodecError?
        let encryption: CipherError?
    }

    // Behind a pointer, so that a result that is hardly ever an error does not take its size along.
    private indirect enum Storage: Hashable, Sendable {
        case details(Details)
    }

    private let storage: Storage
    private var details: Details {
        switch storage {
        case .details(let details): details
        }
    }

    package init(
        code: Code, finding: Finding? = nil, lsn: LSN? = nil, cause: StorageError? = nil,
        codec: CodecError? = nil, encryption: CipherError? = nil
    ) {
        storage = .details(
            Details(
                code: code, finding: finding, lsn: lsn, cause: cause, codec: codec,
                encryption: encryption))
    }

    /// An error of the operating system.
    package init(_ cause: StorageError) {
        switch cause.code {
        case .notEmpty: self.init(code: .notEmpty, cause: cause)
        case .noStore:
            self.init(
                code: .damaged,
                finding: Finding(verdict: .notALog, file: ".", meaning: cause.description))
        case .damaged, .unsupportedVersion, .notAContainer:
            self.init(code: .damaged, finding: Finding(container: cause), cause: cause)
        default: self.init(code: .io, cause: cause)
        }
    }

    package init(_ error: SegmentError) {
        if let encryption = error.encryption {
            self.init(encryption)
            return
        }
        self.init(
            code: error.code == .exhausted ? .exhausted : .io, cause: error.cause)
    }

    /// A directory without a log.
    package init(noStoreIn store: StoreDirectory) {
        self.init(code: .damaged, finding: .noStore(in: store))
    }

    /// Keys that do not fit.
    package init(_ error: CipherError) {
        self.init(code: .encryption, encryption: error)
    }

    init(_ error: LSNError) {
        self.init(code: .exhausted, lsn: error.lsn)
    }

    init(_ error: CodecError) {
        self.init(code: .codec, codec: error)
    }

    /// The same failure under another code.
    func recoded(_ code: Code) -> LogError {
        LogError(
            code: code, finding: finding, lsn: lsn, cause: cause, codec: codec,
            encryption: encryption)
    }
}

extension LogError.Code: CustomStringConvertible {
    /// The name of the code.
    public var description: String { storage.rawValue }
}

extension LogError: CustomStringConvertible {
    /// One sentence: the error, and the remedy.
    public var description: String {
        switch code.storage {
        case .damaged:
            switch finding {
            // A directory without a store is not a damaged one.
            case let finding? where finding.verdict == .notALog && finding.segment == nil:
                finding.meaning
            case let finding?: "the log was not opened, and nothing was changed: \(finding)"
            case nil: "the log is damaged; nothing was changed"
            }
        case .tailTooLong:
            "the torn end of the log is longer than LogOptions.tornTailByteCountMax; nothing was changed; look at it, and "
                + "open with a higher limit or none: \(finding?.description ?? "")"
        case .notEmpty:
            cause?.description
                ?? "the directory holds other files and no store; choose a new or empty directory"
        case .replayGap:
            "the log begins at LSN \(lsn?.description ?? "?"), after the end of the newest snapshot: "
                + "a snapshot or a segment is missing; restore it from a copy"
        case .io: cause?.description ?? "the operating system refused"
        case .codec: codec?.description ?? "a batch could not be stored"
        case .poisoned: "an earlier failure stopped the log: \(reason); open it again"
        case .indeterminate:
            "the commit may or may not have become durable: \(reason); open the log again to see"
        case .closed: "the log was closed"
        case .readOnly: cause?.description ?? "the log was opened for reading only"
        case .exhausted: "the log cannot take any more records: its last number was used"
        case .truncationRefused: "the truncation fence lies beyond the end of this log"
        case .checkpointRefused:
            "LSN \(lsn?.description ?? "?"), the end of the snapshot, is not durable in this log; sync the log "
                + "before the snapshot is made"
        case .invalidOptions:
            "the frame limits are too small for the records that a log needs; allow payloads of at least "
                + "\(LogOptions.payloadByteCountMin) bytes"
        case .inUse:
            "a log is open for writing in this store, so its files change while they are read; close it first"
        case .encryption:
            encryption?.description ?? "the keys do not fit the files of the store"
        case .cancelled: "the opening was given up, as it was asked for; nothing was changed"
        case .changesGone:
            "the changes wanted next were truncated; the first that is there has LSN "
                + "\(lsn?.description ?? "?"): begin again from a snapshot or from the state"
        case .changesUnreadable:
            "the changes wanted next cannot be read: \(finding?.description ?? "damaged"); close the log and "
                + "verify it"
        case .changesAhead:
            "the log ends at LSN \(lsn?.description ?? "?"), before what was seen already: the reader belongs to "
                + "another log, or saw what was not durable; begin again from the state"
        }
    }

    private var reason: String {
        cause?.description ?? codec?.description ?? "unknown cause"
    }
}
