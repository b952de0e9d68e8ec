// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
internal import CairnFormat
package import CairnSegments

extension SegmentLayout {
    /// Everything declared about segment files.
    package static let format = FormatDescription(
        "segment",
        "One file of a log: a header, frames, and in every segment but the last a seal. "
            + "Named log/<segment, 10 digits>-<base LSN, 20 digits>.wal.",
        layouts: [header, FrameLayout.layout, seal, CheckpointMark.layout, KeyRecord.layout],
        tags: [("kind", FrameKind.tags), ("compression", CompressionID.tags)],
        limits: FrameLimits().descriptions,
        rules: [
            "The preamble is judged first: magic, its checksum, then the major version.",
            "The header's own checksum holds before identity, numbers and chain are believed.",
            "Segment number and base LSN of the header equal those of the file's name.",
            "The predecessor fields equal what the segment before really holds.",
            "The salt of all frame checksums is the CRC-32C of the 16 bytes of the log identity and "
                + "the 8 bytes of the segment number.",
            "The chain checksum starts as the header's checksum; each frame adds the 8 bytes of its two "
                + "checksums.",
            "LSNs are dense: each frame that takes LSNs starts at the one after the last; a frame that "
                + "takes none carries the last.",
            "Zeros up to the end of the file are a clean end of the last segment.",
            "Every segment but the last ends in a seal; only while the last segment holds no frame may "
                + "the one before it lack its seal.",
            "A sealed last segment means that a segment is missing.",
            "A segment is encrypted if its first frame is a key record, and only then. Its framing is read without the "
                + "key; Docs/Encryption.md says how payloads are decrypted.",
            "A reader that needs the payloads of an encrypted segment, and has no key, refuses the file. One that only "
                + "checks it does so without.",
        ], reading: reading)
}
