// SPDX-License-Identifier: Apache-2.0

/// The payload of a checkpoint in the log: facts about its snapshot besides the fence.
public struct CheckpointMark: Hashable, Sendable {
    /// The digest of the state at the fence.
    public let digest: StateDigest
    /// When the snapshot was in place, in nanoseconds since 1970.
    public let nanoseconds: UInt64

    /// A mark of the state with this digest.
    public init(digest: StateDigest, nanoseconds: UInt64) {
        self.digest = digest
        self.nanoseconds = nanoseconds
    }

    private enum Fields {
        static let byteCount = Field<UInt64>("stateByteCount", at: 0, "The bytes of all records.")
        static let recordCount = Field<UInt64>(
            "stateRecordCount", at: 8, "The records of all sections.")
        static let nanoseconds = Field<UInt64>(
            "nanoseconds", at: 16,
            "When the snapshot was in place, in nanoseconds since 1970, by the clock of the writer."
        )
        static let checksum = Field<UInt32>(
            "stateChecksum", at: 24,
            """
            CRC-32C, without salt, of each section of the snapshot in order: its number (u64), its records, how many \
            they are (u64), and how many bytes they have (u64).
            """)
    }

    /// The number of bytes that it takes.
    package static let byteCount = 28

    /// The mark as documents show it.
    package static let layout = BinaryLayout(
        "checkpointMark", byteCount: byteCount,
        "The payload of a checkpoint, unless that is empty: the digest of the state that the snapshot at the fence "
            + "holds. A replay past the checkpoint can see whether the state is that one. No reader of files "
            + "refuses anything by it.",
        fields: [
            Fields.byteCount.description, Fields.recordCount.description,
            Fields.nanoseconds.description, Fields.checksum.description,
        ])

    /// Reads the payload of a checkpoint; nil for one that says nothing, or what a later version says.
    package init?(payload: RawSpan) {
        guard payload.byteCount == Self.byteCount else { return nil }
        digest = StateDigest(
            byteCount: payload.load(Fields.byteCount),
            recordCount: payload.load(Fields.recordCount),
            checksum: payload.load(Fields.checksum))
        nanoseconds = payload.load(Fields.nanoseconds)
    }

    /// Appends the payload of a checkpoint.
    package func append(to buffer: inout BinaryBuffer) {
        let base = buffer.count
        buffer.append(zeros: Self.byteCount)
        buffer.store(digest.byteCount, at: Fields.byteCount, base: base)
        buffer.store(digest.recordCount, at: Fields.recordCount, base: base)
        buffer.store(nanoseconds, at: Fields.nanoseconds, base: base)
        buffer.store(digest.checksum, at: Fields.checksum, base: base)
    }
}
