// SPDX-License-Identifier: Apache-2.0

public import CairnCodec
public import CairnLSN

/// The place where a segment stops being readable, and the reason.
public struct SegmentDamage: Hashable, Sendable {
    /// The kind of the damage.
    public enum Kind: Hashable, Sendable {
        /// The file ends before the frame does.
        case truncated
        /// Zeros where a frame would begin, and other bytes behind them.
        case bytesAfterEnd
        /// An intact frame whose LSN is not the next one.
        case lsnOutOfOrder
        /// An intact seal that does not say what the segment holds.
        case sealMismatch
        /// An intact frame behind the seal.
        case frameAfterSeal
        /// An intact key record that is not the first frame, or has the wrong size.
        case misplacedKey
        /// An intact frame whose payload no holder of the key wrote at this place.
        case notAuthentic
        /// A frame that the codec refused, with its error code.
        case codec(CodecError.Code)
    }

    /// The kind of the damage.
    public let kind: Kind
    /// The offset of the frame that is not readable.
    public let offset: UInt64
    /// The LSN that was expected there.
    public let lsn: LSN

    /// Damage at a place.
    package init(kind: Kind, offset: UInt64, lsn: LSN) {
        self.kind = kind
        self.offset = offset
        self.lsn = lsn
    }

    /// True when a write that was cut short by a crash can look like this.
    var mayBeTorn: Bool { Kind.torn.contains(kind) }
}

extension SegmentDamage.Kind {
    /// The kinds of damage that an interrupted write can leave.
    package static let torn: [Self] = [
        .truncated, .bytesAfterEnd, .codec(.headerChecksum), .codec(.payloadChecksum),
    ]
}

extension SegmentDamage.Kind: CustomStringConvertible {
    /// The damage, as part of a sentence.
    public var description: String {
        switch self {
        case .truncated: "the file ends within a frame"
        case .bytesAfterEnd: "there are bytes behind the end"
        case .lsnOutOfOrder: "a frame has the wrong LSN"
        case .sealMismatch: "the seal does not match the segment"
        case .frameAfterSeal: "there is a frame behind the seal"
        case .misplacedKey: "a key record stands where none may be"
        case .notAuthentic: "a frame is not what a holder of the key wrote there"
        case .codec(let code): "a frame is unreadable (\(code))"
        }
    }
}
