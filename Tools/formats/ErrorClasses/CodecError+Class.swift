// SPDX-License-Identifier: Apache-2.0

package import CairnCodec

extension CodecError.Code {
    /// The class of this code, for declarations.
    package var errorClass: ErrorClass {
        ErrorClass(description, category, CodecError(code: self, offset: 0).sentence)
    }

    private var category: ErrorCategory {
        switch storage {
        case .truncated, .noFrame: .truncated
        case .unknownKind, .unknownCompression: .unsupported
        case .limitExceeded, .batchTooLarge: .limit
        case .headerChecksum, .payloadChecksum, .paddingNotZero, .reservedNotZero,
            .decompressionFailed, .malformedBatch:
            .corrupt
        case .compressionFailed, .unencodableEvent: .semantic
        }
    }
}
