// SPDX-License-Identifier: Apache-2.0

public import CairnFormat
public import CairnIO

/// An error of reading or writing a segment.
public struct SegmentError: Error, Hashable, Sendable {
    /// The kind of error; more may be added.
    public struct Code: Hashable, Sendable {
        enum Storage: String, Sendable {
            case io, corruption, notALog, unsupportedVersion, exhausted, encryption
        }
        let storage: Storage

        /// The operating system refused: see ``SegmentError/cause``.
        public static var io: Self { .init(storage: .io) }
        /// The file was damaged.
        public static var corruption: Self { .init(storage: .corruption) }
        /// The file is no segment.
        public static var notALog: Self { .init(storage: .notALog) }
        /// A newer version wrote the file.
        public static var unsupportedVersion: Self { .init(storage: .unsupportedVersion) }
        /// The keys do not fit the file: see ``SegmentError/encryption``.
        public static var encryption: Self { .init(storage: .encryption) }
        /// No further LSN or segment number exists.
        public static var exhausted: Self { .init(storage: .exhausted) }
    }

    /// The observation behind `.corruption`.
    public enum Reason: Hashable, Sendable {
        /// The header of the file does not hold.
        case header(FormatError.Code)
        /// Name and header of the file do not agree.
        case nameAndHeaderDiffer
        /// The key record does not belong to the header of the file.
        case notAuthentic
        /// The file became shorter while it was read.
        case fileShrank
    }

    /// The kind of the error.
    public let code: Code
    /// The segment, when the error is about one.
    public let name: SegmentName?
    /// Bytes from the start of the file.
    public let offset: UInt64?
    /// The observation, for `.corruption`.
    public let reason: Reason?
    /// The error of the operating system, for `.io`.
    public let cause: StorageError?
    /// Why the keys do not fit, for `.encryption`.
    public let encryption: CipherError?

    /// An error in a segment.
    package init(
        code: Code, name: SegmentName?, offset: UInt64? = nil, reason: Reason? = nil,
        cause: StorageError? = nil, encryption: CipherError? = nil
    ) {
        self.code = code
        self.name = name
        self.offset = offset
        self.reason = reason
        self.cause = cause
        self.encryption = encryption
    }

    /// Keys that do not fit.
    init(_ error: CipherError, name: SegmentName) {
        let offset = UInt64(SegmentLayout.headerByteCount)
        self.init(
            code: .encryption, name: name, offset: offset,
            encryption: error.located(in: "log/\(name)", at: offset))
    }

    /// An error of the operating system.
    init(_ cause: StorageError, name: SegmentName? = nil) {
        self.init(code: .io, name: name, cause: cause)
    }

    /// An error in a segment's header.
    init(_ error: FormatError, name: SegmentName) {
        let code: Code =
            switch error.code {
            case .badMagic: .notALog
            case .unsupportedVersion: .unsupportedVersion
            default: .corruption
            }
        self.init(
            code: code, name: name, offset: UInt64(error.offset), reason: .header(error.code))
    }
}

extension SegmentError.Code: CustomStringConvertible {
    /// The name of the code.
    public var description: String { storage.rawValue }
}

extension SegmentError: CustomStringConvertible {
    /// One sentence: what happened and what to do.
    public var description: String {
        let file = name.map { "segment file \($0)" } ?? "a segment"
        switch code.storage {
        case .io: return cause?.description ?? "\(file) could not be read or written"
        case .corruption: return "\(file) is damaged: \(reasonText); restore it from a copy"
        case .notALog: return "\(file) is not a segment of a log"
        case .unsupportedVersion:
            return "\(file) was written by a newer version; use a newer release to read it"
        case .encryption: return encryption?.description ?? "\(file) needs another key"
        case .exhausted: return "\(file) cannot be followed: the last number was used"
        }
    }

    private var reasonText: String {
        switch reason {
        case .header(let code): "its header does not hold (\(code))"
        case .nameAndHeaderDiffer: "its name and its header do not agree"
        case .notAuthentic: "its header or its key record is not what a holder of the key wrote"
        case .fileShrank: "it became shorter while it was read"
        case nil: "its content does not hold"
        }
    }
}
