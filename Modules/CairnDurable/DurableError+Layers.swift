// SPDX-License-Identifier: Apache-2.0
//
// Which code an error of a lower layer gets.

internal import CairnCodec
internal import CairnFormat
internal import CairnIO
internal import CairnLSN
public import CairnLog
public import CairnRecorder
internal import CairnSegments
public import CairnSnapshot

extension DurableError {
    /// Wraps an error of the log; the code says what it means for the store.
    public init(_ error: LogError) {
        self.init(code: Self.code(of: error), lsn: error.lsn, underlying: .log(error))
    }

    /// Wraps an error of the recorder; the code says what it means for the store.
    public init(_ error: RecorderError) {
        let code: Code =
            switch error.code {
            case .poisoned: .poisoned
            case .commitFailed, .logFailed: error.cause.map { Self.code(of: $0) } ?? .poisoned
            case .refused: error.cause?.codec?.code == .unencodableEvent ? .unencodable : .tooLarge
            case .mirrorFailed: .mirrorFailed
            case .unreadableEvent: .doesNotFit
            default: .misuse
            }
        self.init(
            code: code, lsn: error.lsn ?? error.cause?.lsn, reason: error.format,
            underlying: .recorder(error))
    }

    /// Wraps an error of a snapshot; the code says what it means for the store.
    public init(_ error: SnapshotError) {
        let code: Code =
            switch error.code {
            case .foreignLog: .foreign
            case .unsupportedVersion, .unknownCompression: .unsupportedVersion
            case .io, .exists: .io
            case .limitExceeded: .tooLarge
            case .readOnly: .readOnly
            case .poisoned: .poisoned
            case .unencodable: .unencodable
            case .doesNotFit: .doesNotFit
            case .cancelled: .cancelled
            case .encryption: Self.code(of: error.encryption)
            default: .damaged
            }
        self.init(
            code: code, lsn: error.fence?.lsn, coding: error.coding, underlying: .snapshot(error))
    }

    /// An error of an archive.
    init(_ error: ArchiveError) {
        self.init(code: .archiveFailed, underlying: .archive(error))
    }

    /// An error of any layer.
    init(wrapping error: any Error) {
        switch error {
        case let error as DurableError: self = error
        case let error as LogError: self.init(error)
        case let error as RecorderError: self.init(error)
        case let error as SnapshotError: self.init(error)
        case let error as ArchiveError: self.init(error)
        default: preconditionFailure("an error that no layer throws: \(error)")
        }
    }

    /// An error of any layer, that of files included.
    package init(anyOf error: any Error) {
        switch error {
        case let error as StorageError: self.init(LogError(error))
        case let error as SegmentError: self.init(LogError(error))
        case let error as LSNError: self.init(code: .exhausted, lsn: error.lsn)
        case let error as FormatError: self.init(code: .damaged, reason: error)
        case is CodecError: self.init(code: .damaged)
        default: self.init(wrapping: error)
        }
    }

    private static func code(of error: LogError) -> Code {
        switch error.code {
        case .damaged: code(of: error.finding)
        case .tailTooLong, .replayGap: .damaged
        case .notEmpty: .notAStore
        case .io: error.cause?.code == .locked ? .inUse : .io
        case .inUse: .inUse
        case .codec: code(of: error.finding)
        case .poisoned: .poisoned
        case .indeterminate: .indeterminate
        case .closed: .closed
        case .readOnly: .readOnly
        case .exhausted: .exhausted
        case .invalidOptions: .invalidOptions
        case .encryption: code(of: error.encryption)
        case .cancelled: .cancelled
        case .changesGone, .changesAhead: .changesUnavailable
        case .changesUnreadable: .damaged
        default: .misuse
        }
    }

    private static func code(of error: CipherError?) -> Code {
        switch error?.code {
        case .encrypted: .encrypted
        case .notEncrypted: .notEncrypted
        case .unsupportedScheme: .unsupportedVersion
        case .notAuthentic, .passwordCost: .damaged
        default: .wrongKey
        }
    }

    private static func code(of finding: Finding?) -> Code {
        switch finding?.verdict {
        case .foreignLog: .foreign
        case .unsupportedVersion: .unsupportedVersion
        case .notALog: .notAStore
        default: .damaged
        }
    }
}
