// SPDX-License-Identifier: Apache-2.0

public import CairnFormat
internal import CairnLSN

/// The fixed layouts of a container: one file that holds all files of a store.
///
/// ```text
/// header │ journal block │ file data │ journal block │ file data │ zeros that nothing uses yet
///   60 B   records, zeros   extents     ▲ the last record of a block links to the next one
/// ```
public enum ContainerLayout {
    /// Begins every container.
    public static let magic = FilePreamble.magic("CAIRNBOX")
    /// The version this code writes, and the highest it reads.
    public static let version = FormatVersion(major: 1, minor: 0)

    /// The identity of the container.
    public static let containerID = BytesField(
        "containerID", at: 16, byteCount: 16,
        "Random identity of the container; compaction keeps it.")
    /// The number of the file among those that compaction made of the container.
    public static let generation = Field<UInt64>(
        "generation", at: 32, "1 for a new container, one more after each compaction.")
    /// The place of the first journal block.
    public static let journalPlace = Field<UInt64>(
        "journalPlace", at: 40, "Bytes from the start of the file to the first journal block.")
    /// The size of the first journal block.
    public static let journalByteCount = Field<UInt64>(
        "journalByteCount", at: 48, "Bytes of the first journal block.")
    /// The checksum of the header.
    public static let headerChecksum = Field<UInt32>(
        "headerChecksum", at: 56, "CRC-32C of the 56 bytes before it, without salt.")
    /// The number of bytes that the header takes.
    public static let headerByteCount = 60

    /// The header as documents show it.
    public static let header = BinaryLayout(
        "containerHeader", byteCount: headerByteCount,
        "Begins every container. Written once, before the file gets its name, and never again.",
        fields: FilePreamble.fields + [
            containerID.description, generation.description, journalPlace.description,
            journalByteCount.description, headerChecksum.description,
        ])

    /// The checksum of the record before. It comes first: a sector that ends behind it and is missing is then never
    /// taken for one flipped bit.
    public static let previousChecksum = Field<UInt32>(
        "previousChecksum", at: 0,
        "Checksum of the record before; of the header of the container for the first.")
    /// The kind of a record.
    public static let kind = Field<UInt8>("kind", at: 4, "What the record changes.")
    /// The kind of a new entry.
    public static let entryKind = Field<UInt8>(
        "entryKind", at: 5, "For `create`: 1 for a file, 2 for a directory; otherwise 0.")
    /// The bytes of the name.
    public static let nameByteCount = Field<UInt16>(
        "nameByteCount", at: 6,
        "Bytes of the name behind the record; only `create` and `rename` have one.")
    /// The number of the record.
    public static let sequence = Field<UInt64>("sequence", at: 8, "Number of the record, from 1.")
    /// The last record that was durable.
    public static let durableSequence = Field<UInt64>(
        "durableSequence", at: 16,
        "Every record up to this one was durable when this one was written.")
    /// The number of the entry.
    public static let entry = Field<UInt64>(
        "entry", at: 24, "Number of the entry that is changed; 0 for `link`.")
    /// The number of the directory.
    public static let parent = Field<UInt64>(
        "parent", at: 32, "For `create`: number of the directory; 0 is the root. Otherwise 0.")
    /// The place in the file that is changed.
    public static let position = Field<UInt64>(
        "position", at: 40,
        "For `extend`: where in the file the extent begins, which is where it ended before. For `size` and `cut`: the size of the file. Otherwise 0."
    )
    /// The place in the container.
    public static let place = Field<UInt64>(
        "place", at: 48,
        "For `extend` and `link`: bytes from the start of the container to the extent or to the next journal block. Otherwise 0."
    )
    /// The size of what is allocated.
    public static let byteCount = Field<UInt64>(
        "byteCount", at: 56, "For `extend` and `link`: bytes of the extent or block. Otherwise 0.")
    /// The checksum of the record.
    public static let recordChecksum = Field<UInt32>(
        "recordChecksum", at: 64, "CRC-32C of the 64 bytes before it, from the salt on.")
    /// The number of bytes that a record without a name takes.
    public static let recordByteCount = 68
    /// Records begin at multiples of so many bytes of their block.
    public static let alignment = 4

    /// A record as documents show it.
    public static let record = BinaryLayout(
        "containerRecord", byteCount: recordByteCount,
        "One change of the directory of a container. A name follows where the kind has one, then zeros up to a multiple of 4 bytes, then the CRC-32C of both, from the checksum of the record on.",
        fields: [
            previousChecksum.description, kind.description, entryKind.description,
            nameByteCount.description, sequence.description, durableSequence.description,
            entry.description, parent.description, position.description, place.description,
            byteCount.description, recordChecksum.description,
        ])

    /// The largest name, in bytes.
    public static let nameByteCountMax = 255
    /// The largest journal block, in bytes.
    public static let blockByteCountMax: UInt64 = 1 << 26
    /// The smallest journal block, in bytes: a record with the longest name, and the link to the next block.
    public static let blockByteCountMin: UInt64 = 400
    /// The largest place, and the largest size of a file in a container.
    public static let placeMax: UInt64 = 1 << 56
    /// How deep directories may lie in one another.
    public static let depthMax = 8
}
