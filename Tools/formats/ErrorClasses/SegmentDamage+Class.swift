// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
package import CairnSegments

extension SegmentDamage.Kind {
    /// The class of this damage, for declarations.
    package var errorClass: ErrorClass {
        switch self {
        case .truncated: CodecError.Code.truncated.errorClass
        case .bytesAfterEnd: SegmentEnd.bytesAfterEnd
        case .lsnOutOfOrder: ErrorClass("lsnOutOfOrder", .semantic, description)
        case .sealMismatch: ErrorClass("sealMismatch", .semantic, description)
        case .frameAfterSeal: ErrorClass("frameAfterSeal", .semantic, description)
        case .misplacedKey: ErrorClass("misplacedKey", .semantic, description)
        case .notAuthentic: ErrorClass("notAuthentic", .corrupt, description)
        case .codec(let code): code.errorClass
        }
    }
}

extension SegmentError.Reason {
    /// The class of an error in a segment's header, for declarations.
    package static let nameAndHeaderDifferClass = ErrorClass(
        "nameAndHeaderDiffer", .semantic, "the name of a file and its header do not agree")
}
