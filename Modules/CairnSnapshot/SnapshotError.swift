// SPDX-License-Identifier: Apache-2.0

public import CairnCodec
public import CairnFormat
public import CairnIO
public import CairnLSN

/// An error of writing, reading or removing a snapshot.
public struct SnapshotError: Error, Hashable, Sendable {
    /// The kind of error; more may be added.
    public struct Code: Hashable, Sendable {
        package enum Storage: String, Sendable {
            case notFound, exists, damaged, notASnapshot, unsupportedVersion, foreignLog, wrongName
            case limitExceeded, readOnly, poisoned, io
            case unencodable, doesNotFit, cancelled, encryption, unknownCompression
        }
        package let storage: Storage

        /// There is no snapshot of that fence.
        public static var notFound: Self { .init(storage: .notFound) }
        /// Another writer made a snapshot of the same fence in the meantime.
        public static var exists: Self { .init(storage: .exists) }
        /// Bytes are missing, left over or wrong: see ``SnapshotError/reason``.
        public static var damaged: Self { .init(storage: .damaged) }
        /// The file does not begin like a snapshot.
        public static var notASnapshot: Self { .init(storage: .notASnapshot) }
        /// A newer release wrote it; it may well be intact.
        public static var unsupportedVersion: Self { .init(storage: .unsupportedVersion) }
        /// It belongs to another log.
        public static var foreignLog: Self { .init(storage: .foreignLog) }
        /// It is intact, but of another fence than its name says.
        public static var wrongName: Self { .init(storage: .wrongName) }
        /// A record or the number of sections is above the limit of the format.
        public static var limitExceeded: Self { .init(storage: .limitExceeded) }
        /// The directory was opened for reading only.
        public static var readOnly: Self { .init(storage: .readOnly) }
        /// An earlier sync of the directory failed, so nothing more can be promised of it.
        public static var poisoned: Self { .init(storage: .poisoned) }
        /// The state cannot be encoded: see ``SnapshotError/coding``. Nothing was put in place.
        public static var unencodable: Self { .init(storage: .unencodable) }
        /// It is intact, and does not fit the program that reads it: see ``SnapshotError/coding``.
        public static var doesNotFit: Self { .init(storage: .doesNotFit) }
        /// The observer of the writing, or of the reading, ended it. Nothing was put in place.
        public static var cancelled: Self { .init(storage: .cancelled) }
        /// The keys do not fit, or there are none: see ``SnapshotError/encryption``. Nothing was decrypted with a wrong
        /// key, and nothing was changed.
        public static var encryption: Self { .init(storage: .encryption) }
        /// It is intact, and compressed in a way for which no compressor was given: see ``SnapshotError/compression``.
        public static var unknownCompression: Self { .init(storage: .unknownCompression) }
        /// The system refused a call: see ``SnapshotError/cause``.
        public static var io: Self { .init(storage: .io) }
    }

    /// The kind of the error.
    public let code: Code
    /// The snapshot it happened to, by the fence in its name.
    public let fence: SnapshotFence?
    /// The offset in the file, in bytes.
    public let offset: UInt64?
    /// The format error in the bytes, for `.damaged`.
    public let reason: FormatError.Code?
    /// The error of the operating system, for `.io`.
    public let cause: StorageError?
    /// The part of the state that cannot be encoded, or does not fit.
    public let coding: CodingFailure?
    /// Why the keys do not fit, for `.encryption`: which key is needed, the file, and the offset.
    public let encryption: CipherError?
    /// The compression that the file says, for `.unknownCompression`.
    public let compression: CompressionID?

    /// An error of the given code.
    package init(
        code: Code, fence: SnapshotFence? = nil, offset: UInt64? = nil,
        reason: FormatError.Code? = nil, cause: StorageError? = nil, coding: CodingFailure? = nil,
        encryption: CipherError? = nil, compression: CompressionID? = nil
    ) {
        self.compression = compression
        self.code = code
        self.fence = fence
        self.offset = offset
        self.reason = reason
        self.cause = cause
        self.coding = coding
        self.encryption = encryption
    }

    /// Keys that do not fit.
    init(_ error: CipherError, fence: SnapshotFence?, offset: UInt64? = nil) {
        let file = fence.map { "\(SnapshotDirectory.snapshotsName)/\(SnapshotInfo(fence: $0))" }
        self.init(
            code: .encryption, fence: fence, offset: offset,
            encryption: error.located(in: file ?? "the snapshot", at: offset))
    }

    init(_ error: StorageError, fence: SnapshotFence?) {
        let code: Code = error.code == .readOnly ? .readOnly : .io
        self.init(code: code, fence: fence, cause: error)
    }

    init(_ error: FormatError, fence: SnapshotFence?) {
        let code: Code =
            switch error.code {
            case .badMagic: .notASnapshot
            case .unsupportedVersion: .unsupportedVersion
            default: .damaged
            }
        let offset = UInt64(exactly: error.offset)
        self.init(code: code, fence: fence, offset: offset, reason: error.code)
    }

    /// True when the bytes themselves are wrong, for any reader.
    var provesDamage: Bool { code == .damaged || code == .notASnapshot || code == .wrongName }
}

extension SnapshotError.Code: CustomStringConvertible {
    /// The name of the code.
    public var description: String { storage.rawValue }
}

extension SnapshotError: CustomStringConvertible {
    /// One sentence: what happened, where, and what to do.
    public var description: String {
        let name = fence.map { "the snapshot at \($0.lsn)" } ?? "the snapshot"
        let place = offset.map { " (at byte \($0))" } ?? ""
        return switch code.storage {
        case .notFound: "\(name) does not exist"
        case .exists: "\(name) exists already; open the store again"
        case .damaged:
            "\(name) is damaged: \(reason?.description ?? "unknown")\(place); use an older one"
        case .notASnapshot: "\(name) is not a snapshot file\(place); use an older one"
        case .unsupportedVersion:
            "\(name) was written by a newer release\(place); use that release to read it"
        case .foreignLog: "\(name) belongs to another log; put the files of one log together"
        case .wrongName: "\(name) has the fence of another one inside; its file was renamed"
        case .limitExceeded:
            "\(name) needs a record of more than \(SnapshotFormat.recordByteCountMax) bytes, or more than "
                + "\(SnapshotFormat.sectionCountMax) sections; write the state in smaller records"
        case .readOnly:
            cause?.description ?? "\(name) cannot be written: the store was opened for reading"
        case .poisoned: "an earlier sync of the snapshots failed; open the store again"
        case .unencodable:
            "the state cannot be encoded (\(coding?.description ?? "unknown reason")), so no snapshot was made; "
                + "nothing else is harmed"
        case .doesNotFit:
            "\(name) is intact, and does not fit this program (\(coding?.description ?? "unknown reason")); open "
                + "it with the version that wrote it"
        case .cancelled:
            "writing or reading \(name) was given up, as it was asked for; nothing else is harmed"
        case .encryption: encryption?.description ?? "\(name) needs another key"
        case .unknownCompression:
            "\(name) is compressed, and no compressor was given for it"
                + (compression.map { " (number \($0.rawValue))" } ?? "")
                + "\(place); nothing was changed: open the store with it among the decompressors of its options"
        case .io: "\(name) failed: \(cause?.description ?? "unknown error")"
        }
    }
}
