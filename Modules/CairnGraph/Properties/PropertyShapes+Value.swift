// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

extension PropertyShapes {
    /// The value of one key of the list that is packed at the beginning of these bytes; nil when it has none. Values
    /// before it are gone past, not unpacked.
    func value(of key: UInt32, in packed: RawSpan) -> Value? {
        let simple: Value?? = read(packed) { reader throws(FormatError) in
            let number = Int(truncatingIfNeeded: try reader.varint())
            guard number > 0 else {
                return .some(PropertyBytes.value(of: key, in: try reader.lengthPrefixed()))
            }
            let (kinds, flagByteCount) = content(ofShape: number - 1)
            let flags = try reader.take(flagByteCount)
            var flag = 0
            for kind in kinds {
                guard kind.key < key else {
                    return kind.key == key
                        ? try simpleValue(kind.tag, flag, flags, &reader) : .some(nil)
                }
                switch kind.tag {
                case .string, .bytes: _ = try reader.lengthPrefixed()
                case .int: _ = try reader.varint()
                case .false: flag += 1
                case .double:
                    _ = try reader.take(Self.isSet(flag, in: flags) ? 4 : 8)
                    flag += 1
                default: try Value.skip(kind.tag, &reader)
                }
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
