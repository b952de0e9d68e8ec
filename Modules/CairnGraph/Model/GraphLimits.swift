// SPDX-License-Identifier: Apache-2.0

/// The bounds that a store keeps.
public enum GraphLimits {
    /// The number of bytes of UTF-8 that a label, a relationship type or a property key may have.
    ///
    /// A name also has at least one byte and is in Unicode normalization form C. So names that Swift
    /// calls equal are the same bytes, and one name has one spelling in every file.
    public static let nameByteCountMax = 255

    /// The number of nodes, and of relationships, that a store can hold.
    public static let slotCountMax = UInt64(UInt32.max)

    /// The number of bytes that the properties of 128 nodes, or relationships, with neighbouring ids (0 to 127 and so
    /// on) can take together, as they are kept.
    public static let propertyByteCountMax = UInt64(PropertyChunk.listByteCountMax)

    /// The number of bytes that one node or relationship may take, as it is written: 5 for each label and each property,
    /// whatever its name, and what the values take.
    ///
    /// A change that makes it larger is refused; one that makes it smaller never is, nor what an older release has
    /// written. The bound is 1 MiB below that of an event, so each of its properties comes back by an event of its
    /// own. A checkpoint writes whatever is accepted: a long value is cut into parts.
    public static let entityByteCountMax = 63 << 20

    /// Whether `name` may be a label, a type or a key.
    static func isValid(name: String) -> Bool {
        var name = name
        name.makeContiguousUTF8()
        var span = name.utf8Span
        return span.count > 0 && span.count <= nameByteCountMax
            && (span.checkForASCII() || span.checkForNFC(quickCheck: false))
    }
}
