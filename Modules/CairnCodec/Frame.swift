// SPDX-License-Identifier: Apache-2.0

public import CairnFormat

/// A frame that was read as a whole and found intact.
public struct Frame: Hashable, Sendable {
    /// The decoded fields of the header.
    public let header: FrameHeader
    /// Its checksums, as stored and as they should be.
    public let checksums: FrameChecksums

    @inlinable
    init(header: FrameHeader, checksums: FrameChecksums) {
        self.header = header
        self.checksums = checksums
    }
}

/// The two checksums of a frame.
public struct FrameChecksums: Hashable, Sendable {
    /// The checksum that the header stores of its other fields.
    public let header: UInt32
    /// Of payload and padding.
    public let payload: UInt32

    @inlinable
    init(header: UInt32, payload: UInt32) {
        self.header = header
        self.payload = payload
    }

    /// The checksum over all frames of a segment so far, `chain`, with this frame added: CRC-32C of the
    /// eight bytes of both checksums, started from `chain`.
    @inlinable
    public func chained(onto chain: UInt32) -> UInt32 {
        CRC32C.checksum(of: UInt64(header) | UInt64(payload) << 32, seed: chain)
    }
}
