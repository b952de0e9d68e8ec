// SPDX-License-Identifier: Apache-2.0

/// An error in a frame or a batch.
public struct CodecError: Error, Hashable, Sendable {
    /// The kind of error; more may be added.
    public struct Code: Hashable, Sendable {
        package enum Storage: String, Sendable {
            case truncated, noFrame, headerChecksum, payloadChecksum, paddingNotZero
            case reservedNotZero, unknownKind, unknownCompression, limitExceeded
            case decompressionFailed, compressionFailed, malformedBatch, batchTooLarge,
                unencodableEvent
        }
        package let storage: Storage

        /// The bytes end before the frame does.
        public static var truncated: Self { .init(storage: .truncated) }
        /// There is no frame: zeros where its header would be.
        public static var noFrame: Self { .init(storage: .noFrame) }
        /// The header's checksum does not hold.
        public static var headerChecksum: Self { .init(storage: .headerChecksum) }
        /// The payload's checksum does not hold.
        public static var payloadChecksum: Self { .init(storage: .payloadChecksum) }
        /// The bytes between payload and checksum are not zero.
        public static var paddingNotZero: Self { .init(storage: .paddingNotZero) }
        /// A field that must be zero is not.
        public static var reservedNotZero: Self { .init(storage: .reservedNotZero) }
        /// An intact frame of a kind that this version does not know.
        public static var unknownKind: Self { .init(storage: .unknownKind) }
        /// A batch compressed in a way for which no compressor was given.
        public static var unknownCompression: Self { .init(storage: .unknownCompression) }
        /// A size above the limits.
        public static var limitExceeded: Self { .init(storage: .limitExceeded) }
        /// A compressed batch does not inflate to what its frame declares.
        public static var decompressionFailed: Self { .init(storage: .decompressionFailed) }
        /// The compressor failed.
        public static var compressionFailed: Self { .init(storage: .compressionFailed) }
        /// A batch does not follow its format.
        public static var malformedBatch: Self { .init(storage: .malformedBatch) }
        /// A batch is larger than a frame may be.
        public static var batchTooLarge: Self { .init(storage: .batchTooLarge) }
        /// An event cannot be written so that it could be read back.
        public static var unencodableEvent: Self { .init(storage: .unencodableEvent) }
    }

    /// The kind of the error.
    public let code: Code
    /// The place of the error, in bytes from the start of what was read.
    public let offset: Int

    /// An error at `offset`.
    public init(code: Code, offset: Int) {
        self.code = code
        self.offset = offset
    }
}

extension CodecError.Code: CustomStringConvertible {
    /// The name of the code.
    public var description: String { storage.rawValue }
}

extension CodecError: CustomStringConvertible {
    /// One sentence: what is wrong, and where.
    public var description: String { "\(sentence) (at byte \(offset))" }

    package var sentence: String {
        switch code.storage {
        case .truncated: "the bytes end before the frame does"
        case .noFrame: "there are zeros where a frame would begin"
        case .headerChecksum: "the checksum of a frame header does not match: it was damaged"
        case .payloadChecksum: "the checksum of a payload does not match: it was damaged"
        case .paddingNotZero: "the padding of a frame is not zero"
        case .reservedNotZero: "a reserved field of a frame is not zero"
        case .unknownKind: "a newer version wrote this frame; use a newer release to read it"
        case .unknownCompression:
            "no compressor was given for this batch; open the log with the one it was written with"
        case .limitExceeded: "a size is above the limit of the format"
        case .decompressionFailed: "a batch does not inflate to the size its frame declares"
        case .compressionFailed: "the compressor failed"
        case .malformedBatch: "a batch does not follow its format"
        case .batchTooLarge: "a batch is larger than a frame may be; record it as several events"
        case .unencodableEvent: "an event cannot be written in a form that could be read back"
        }
    }
}
