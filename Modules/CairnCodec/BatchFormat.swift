// SPDX-License-Identifier: Apache-2.0

public import CairnFormat

/// What documents say of batches.
public enum BatchFormat {
    /// Everything declared about them.
    public static let format = FormatDescription(
        "batch",
        "The events of a transaction, or a part of them, in the payload of a frame. A batch stands alone: "
            + "nothing in it refers to another one.",
        layouts: [],
        tags: [("compression", CompressionID.tags)],
        limits: FrameLimits().descriptions,
        rules: [
            "In a transaction frame the batch follows the eight bytes of the commit time; in a "
                + "mutationBatch frame it is the payload.",
            "When the frame says so, the batch is compressed as a whole and inflates to exactly the size "
                + "the frame declares, which is checked against the limits before anything is inflated.",
            "First the symbol table: how many strings, then for each its byte count and its UTF-8. No "
                + "string occurs twice.",
            "Then how many events, then the byte count of each.",
            "Then the events, one behind the other, up to the end; no byte is left over.",
            "All numbers are unsigned varints (LEB128) in their shortest form.",
            "A count is refused when the bytes left could not hold so many things.",
        ])
}
