// SPDX-License-Identifier: Apache-2.0

public import CairnFormat
public import CairnIO
public import CairnLSN
public import CairnLog
public import CairnRecorder
public import CairnSegments
public import CairnSnapshot

/// An error of a store: the one error of ``Durable`` and of what is built on it.
public struct DurableError: Error, Hashable, Sendable {
    /// The kind of error; more may be added.
    public struct Code: Hashable, Sendable {
        enum Storage: String, Sendable {
            case damaged, foreign, unsupportedVersion, notAStore, inUse, doesNotFit
            case unencodable, tooLarge, indeterminate, poisoned, closed, readOnly, exhausted
            case mirrorFailed, archiveFailed, invalidOptions, changesUnavailable, outOfReach
            case cancelled, io, misuse
            case encrypted, wrongKey, notEncrypted
        }
        let storage: Storage

        /// Files of the store are damaged or missing: see ``DurableError/finding``. Nothing was changed.
        public static var damaged: Self { .init(storage: .damaged) }
        /// A snapshot or a segment belongs to another log. Nothing was changed.
        public static var foreign: Self { .init(storage: .foreign) }
        /// A newer release wrote a file, or it is compressed in a way for which no compressor was given. Nothing was changed.
        public static var unsupportedVersion: Self { .init(storage: .unsupportedVersion) }
        /// A file of the store is encrypted, and no key was given: see ``DurableError/encryption``. Nothing was changed.
        public static var encrypted: Self { .init(storage: .encrypted) }
        /// None of the keys is that of a file of the store: see ``DurableError/encryption``. Nothing of it was decrypted,
        /// and nothing was changed.
        public static var wrongKey: Self { .init(storage: .wrongKey) }
        /// A key was given, and a file of the store is not encrypted: see ``DurableError/encryption``. Nothing was changed.
        public static var notEncrypted: Self { .init(storage: .notEncrypted) }
        /// The directory holds no store, and other files. Nothing was changed.
        public static var notAStore: Self { .init(storage: .notAStore) }
        /// Another process has the store open.
        public static var inUse: Self { .init(storage: .inUse) }
        /// The store belongs to another program or was written by a newer version: see ``DurableError/program``. Or an
        /// intact event or snapshot does not fit the program that reads it: see ``DurableError/coding``. Nothing was
        /// changed.
        public static var doesNotFit: Self { .init(storage: .doesNotFit) }
        /// An event cannot be written so that it could be read back. Nothing was committed; the store goes on.
        public static var unencodable: Self { .init(storage: .unencodable) }
        /// A change is larger than the log can store. Nothing was committed; the store goes on.
        public static var tooLarge: Self { .init(storage: .tooLarge) }
        /// A failure met this very commit: whether it is there shows when the store is opened again.
        public static var indeterminate: Self { .init(storage: .indeterminate) }
        /// An earlier failure stopped the store for good. Nothing was committed.
        public static var poisoned: Self { .init(storage: .poisoned) }
        /// The store was closed.
        public static var closed: Self { .init(storage: .closed) }
        /// The store was opened for reading only.
        public static var readOnly: Self { .init(storage: .readOnly) }
        /// The log has given out its last number.
        public static var exhausted: Self { .init(storage: .exhausted) }
        /// The mirror failed. The log itself is durable, and the store goes on.
        public static var mirrorFailed: Self { .init(storage: .mirrorFailed) }
        /// The archive failed, or is of another store. The snapshot that was being made is in place, nothing was dropped, and
        /// the store goes on.
        public static var archiveFailed: Self { .init(storage: .archiveFailed) }
        /// The options allow no store to be written.
        public static var invalidOptions: Self { .init(storage: .invalidOptions) }
        /// Changes that a reader wants next were dropped, or lie beyond the end of the log.
        public static var changesUnavailable: Self { .init(storage: .changesUnavailable) }
        /// The moment that was asked for cannot be restored: ``DurableError/lsn`` is the nearest one that can.
        public static var outOfReach: Self { .init(storage: .outOfReach) }
        /// The task that made a checkpoint was cancelled, or the observer of a checkpoint or of an opening ended it. The store is as
        /// it was; one that was open goes on.
        public static var cancelled: Self { .init(storage: .cancelled) }
        /// The operating system refused.
        public static var io: Self { .init(storage: .io) }
        /// The program called the recorder of the store behind its back.
        public static var misuse: Self { .init(storage: .misuse) }
    }

    /// The error of the layer that refused.
    public enum Underlying: Hashable, Sendable {
        /// An error that the log threw.
        case log(LogError)
        /// An error that the recorder threw.
        case recorder(RecorderError)
        /// An error of writing or reading a snapshot.
        case snapshot(SnapshotError)
        /// Of the archive.
        case archive(ArchiveError)
    }

    /// The kind of the error.
    public let code: Code
    /// At which LSN, where one is known: for an event, the commit of its transaction.
    public let lsn: LSN?
    /// The format error of an event that cannot be read or written.
    public let reason: FormatError?
    /// The part of an event or a state that cannot be encoded, or does not fit, where that is known.
    public let coding: CodingFailure?
    /// The program of the store and the one that was to open it, where they do not belong together.
    public let program: ProgramMismatch?
    /// The error of the layer below, if it was the cause.
    public let underlying: Underlying?

    package init(
        code: Code, lsn: LSN? = nil, reason: FormatError? = nil, coding: CodingFailure? = nil,
        program: ProgramMismatch? = nil, underlying: Underlying? = nil
    ) {
        self.code = code
        self.lsn = lsn
        self.reason = reason
        self.coding = coding
        self.program = program
        self.underlying = underlying
    }

    /// The error of the log, where it is one.
    public var log: LogError? {
        switch underlying {
        case .log(let error): error
        case .recorder(let error): error.cause
        case .snapshot, .archive, nil: nil
        }
    }

    /// The error of a snapshot, where it is one.
    public var snapshot: SnapshotError? {
        if case .snapshot(let error) = underlying { error } else { nil }
    }

    /// Why the keys do not fit, where they do not: which key is needed, the file, and the offset.
    public var encryption: CipherError? { log?.encryption ?? snapshot?.encryption }

    /// The finding in the files of the log: file, segment, offset, meaning.
    public var finding: Finding? { log?.finding }

    /// The error of the operating system, if it was the cause.
    public var cause: StorageError? { log?.cause ?? snapshot?.cause ?? archive?.cause }

    /// The error of the archive, where it is one.
    public var archive: ArchiveError? {
        if case .archive(let error) = underlying { error } else { nil }
    }

    /// The same failure under another code.
    func recoded(_ code: Code) -> Self {
        Self(
            code: code, lsn: lsn, reason: reason, coding: coding, program: program,
            underlying: underlying)
    }
}

extension DurableError.Code: CustomStringConvertible {
    /// The name of the code.
    public var description: String { storage.rawValue }
}

extension DurableError: CustomStringConvertible {
    /// One sentence: what happened and what to do.
    public var description: String {
        switch code.storage {
        case .unencodable:
            snapshot?.description
                ?? "an event cannot be written in a form that could be read back (\(detail)); nothing was committed, and "
                + "the store goes on"
        case .doesNotFit:
            program?.description ?? snapshot?.description
                ?? "the transaction at LSN \(lsn?.description ?? "?") is intact, and does not fit this program "
                + "(\(detail)); nothing was changed: open it with the version that wrote it"
        case .tooLarge:
            snapshot?.description
                ?? "a part of the change is larger than the log can store in one piece (64 MiB, unless its options "
                + "say otherwise); nothing was committed, and the store goes on: split it"
        case .poisoned: "an earlier failure stopped the store; open it again\(details)"
        case .closed: "the store was closed"
        // A file system that has become read-only is no choice of the caller.
        case .readOnly: cause?.description ?? "the store was opened for reading only"
        case .outOfReach:
            "that moment cannot be restored; the nearest one is that of LSN \(lsn?.description ?? "?"): cairn restore "
                + "--dry-run tells the earliest and the latest"
        default: underlyingDescription ?? "the store refused: \(code)"
        }
    }

    private var detail: String {
        coding?.description ?? reason?.description ?? "unknown reason"
    }

    private var details: String { underlyingDescription.map { ": \($0)" } ?? "" }

    private var underlyingDescription: String? {
        switch underlying {
        case .log(let error): error.description
        case .recorder(let error): (error.cause?.description) ?? error.description
        case .snapshot(let error): error.description
        case .archive(let error): error.description
        case nil: nil
        }
    }
}
