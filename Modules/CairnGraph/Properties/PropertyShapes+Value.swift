// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

extension PropertyShapes {
    /// The value of one key of the list that is packed at the beginning of these bytes; nil when it has none. Values
    /// before it are gone past, not unpacked.
    func value(of key: UInt32, in packed: RawSpan) -> Value? {
        let simple: Value?? = read(packed) { reader throws(FormatError) in
            guard let shape = try shape(&reader) else {
                return .some(PropertyBytes.value(of: key, in: try reader.lengthPrefixed()))
            }
            let flags = try reader.take(shape.flagByteCount)
            var flag = 0
            let bytes = shape.bytes
            var kinds = ByteReader(bytes.span.bytes)
            while !kinds.isAtEnd {
                let (next, tag) = Self.next(&kinds)
                guard next <= key else { return .some(nil) }
                if next == key { return try simpleValue(tag, flag, flags, &reader) }
                guard tag.hasFlag else {
                    try Value.skip(tag, &reader)
                    continue
                }
                if tag == .double { _ = try reader.take(Self.isSet(flag, in: flags) ? 4 : 8) }
                flag += 1
            }
            return .some(nil)
        }
        guard let simple else {
            return withList(packed) { PropertyBytes.value(of: key, in: $0) }
        }
        return simple
    }

    /// The value that follows, of the kinds that most values are of; nil for another.
    private func simpleValue(
        _ tag: Value.Tag, _ flag: Int, _ flags: RawSpan, _ reader: inout ByteReader
    ) throws(FormatError) -> Value?? {
        switch tag {
        case .false: return .some(.bool(Self.isSet(flag, in: flags)))
        case .int: return .some(.int(try reader.zigzag()))
        case .string: return .some(.string(try reader.string()))
        case .double:
            if Self.isSet(flag, in: flags) {
                return .some(.double(Double(Float(bitPattern: try reader.integer()))))
            }
            return .some(.double(Double(bitPattern: try reader.integer())))
        default: return nil
        }
    }

    private static func isSet(_ flag: Int, in flags: RawSpan) -> Bool {
        flags.unsafeLoad(fromByteOffset: flag >> 3, as: UInt8.self) & 1 << UInt8(flag & 7) != 0
    }
}
