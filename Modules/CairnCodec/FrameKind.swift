// SPDX-License-Identifier: Apache-2.0

public import CairnFormat

/// The kind of a frame, as its header stores it.
///
/// Kinds with the top bit set carry nothing that changes state: a reader that does not know one passes
/// over it. Any other unknown kind makes the log `unsupported`, never `corrupt`. Kind 0 is no kind, so
/// that zeros are never a frame.
public struct FrameKind: RawRepresentable, Hashable, Sendable {
    /// The byte on disk.
    public let rawValue: UInt8

    /// Wraps a byte, as read from a file.
    @inlinable
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Begins a transaction of several frames.
    @inlinable public static var transactionBegin: Self { .init(rawValue: 1) }
    /// One event of a transaction; written by no version so far, read like a batch.
    @inlinable public static var mutation: Self { .init(rawValue: 2) }
    /// A batch of events of a transaction.
    @inlinable public static var mutationBatch: Self { .init(rawValue: 3) }
    /// Makes the transaction count.
    @inlinable public static var transactionCommit: Self { .init(rawValue: 4) }
    /// Ends a transaction that does not count.
    @inlinable public static var transactionAbort: Self { .init(rawValue: 5) }
    /// Says that a snapshot up to the related LSN is durably in place.
    @inlinable public static var checkpoint: Self { .init(rawValue: 6) }
    /// Ends a segment for good.
    @inlinable public static var segmentSeal: Self { .init(rawValue: 7) }
    /// A whole transaction: stands for begin, batch and commit, and takes their three LSNs.
    @inlinable public static var transaction: Self { .init(rawValue: 8) }
    /// Says with which key the frames after it are encrypted; the first frame of an encrypted segment.
    @inlinable public static var segmentKey: Self { .init(rawValue: 16) }
    /// Carries the durable watermark alone, the related LSN; written when a log is closed.
    @inlinable public static var durableMark: Self { .init(rawValue: 0x81) }

    /// Set in kinds that a reader who does not know them may pass over.
    public static let skippableBit: UInt8 = 0x80

    /// True when a reader that does not know the kind may pass over it.
    @inlinable public var isSkippable: Bool { rawValue & 0x80 != 0 }

    /// True for the kinds of this version.
    @inlinable public var isKnown: Bool {
        (1...8).contains(rawValue) || self == .durableMark || self == .segmentKey
    }

    /// The number of LSNs that a frame of this kind takes. Seals, keys, marks and skipped kinds take none: they carry
    /// the LSN of the last record before them. In an encrypted segment exactly the frames that take one are encrypted.
    @inlinable public var lsnCount: UInt64 {
        if self == .transaction { return 3 }
        return self == .segmentSeal || self == .segmentKey || isSkippable ? 0 : 1
    }

    /// The number of bytes at the start of a payload that stay in the clear where the rest is encrypted: the commit
    /// time, and a key record before its proof. The tag covers them, too.
    @inlinable public var clearByteCount: Int {
        if self == .segmentKey { return KeyRecord.byteCount }
        return self == .transaction || self == .transactionCommit ? 8 : 0
    }

    /// True for a frame whose payload is encrypted where its segment is. Of a key record that is its proof, of nothing.
    package var isEncryptedWithSegment: Bool { lsnCount > 0 || self == .segmentKey }

    /// True when the related LSN says what was durable when the frame was written.
    @inlinable public var carriesWatermark: Bool {
        self == .transaction || self == .transactionBegin || self == .durableMark
    }
}

extension FrameKind: CustomStringConvertible {
    /// The name of the kind, or its number.
    public var description: String {
        switch self {
        case Self(rawValue: 0): "none"
        case .transactionBegin: "transactionBegin"
        case .mutation: "mutation"
        case .mutationBatch: "mutationBatch"
        case .transactionCommit: "transactionCommit"
        case .transactionAbort: "transactionAbort"
        case .checkpoint: "checkpoint"
        case .segmentSeal: "segmentSeal"
        case .transaction: "transaction"
        case .segmentKey: "segmentKey"
        case .durableMark: "durableMark"
        default: "kind \(rawValue)"
        }
    }
}
