// SPDX-License-Identifier: Apache-2.0
//
// Shapes are read through a pointer, and their kinds lie in one array: taking an array out of another one would count
// references for each property that is read.

internal import CairnFormat

extension PropertyShapes {
    /// The value of one key of the list that is packed at the beginning of these bytes. Values before it are gone past,
    /// not unpacked.
    ///
    /// - Returns: Nil where the list has no shape, or the value is of a kind that has its own form.
    static func simpleValue(
        of key: UInt32, in bytes: UnsafeRawBufferPointer, _ shapes: UnsafePointer<Self>
    ) -> PackedValue? {
        var cursor = PackedCursor(bytes)
        let number = Int(truncatingIfNeeded: cursor.varint())
        guard number > 0 else { return nil }
        let content = shapes.pointee.contents[number - 1]
        let flags = cursor.take(Int(content.flagByteCount))
        var flag = 0
        for index in Int(content.start)..<Int(content.end) {
            let kind = shapes.pointee.kinds[index]
            if kind.key >= key {
                guard kind.key == key else { return PackedValue.none }
                return simpleValue(kind.tag, flag, flags, &cursor)
            }
            switch kind.tag {
            case .string, .bytes: cursor.skip(Int(truncatingIfNeeded: cursor.varint()))
            case .int: cursor.skipVarint()
            case .false: flag &+= 1
            case .double:
                cursor.skip(isSet(flag, in: flags) ? 4 : 8)
                flag &+= 1
            default: skip(kind.tag, bytes, &cursor)
            }
        }
        return PackedValue.none
    }

    /// The value of one key of a list of any kind.
    func unpackedValue(of key: UInt32, in packed: RawSpan) -> PackedValue {
        withList(packed) { PropertyBytes.value(of: key, in: $0) }.map(PackedValue.other) ?? .none
    }

    /// The value at a place, of the kinds that most values are of; nil for another.
    @inline(__always)
    private static func simpleValue(
        _ tag: Value.Tag, _ flag: Int, _ flags: UnsafeRawBufferPointer, _ cursor: inout PackedCursor
    ) -> PackedValue? {
        switch tag {
        case .false: return .bool(isSet(flag, in: flags))
        case .int: return .int(Varint.unzigzag(cursor.varint()))
        case .string: return .string(cursor.take(Int(truncatingIfNeeded: cursor.varint())))
        case .double:
            if isSet(flag, in: flags) {
                let bits = cursor.take(4).loadUnaligned(as: UInt32.self)
                return .double(Double(Float(bitPattern: UInt32(littleEndian: bits))))
            }
            let bits = cursor.take(8).loadUnaligned(as: UInt64.self)
            return .double(Double(bitPattern: UInt64(littleEndian: bits)))
        default: return nil
        }
    }

    @inline(__always)
    private static func isSet(_ flag: Int, in flags: UnsafeRawBufferPointer) -> Bool {
        flags.load(fromByteOffset: flag >> 3, as: UInt8.self) & 1 << UInt8(flag & 7) != 0
    }

    /// Goes past a value of a kind that has its own form.
    static func skip(
        _ tag: Value.Tag, _ bytes: UnsafeRawBufferPointer, _ cursor: inout PackedCursor
    ) {
        var reader = ByteReader(bytes.bytes.extracting(cursor.position..<bytes.count))
        guard (try? Value.skip(tag, &reader)) != nil else {
            preconditionFailure("properties in memory are damaged")
        }
        cursor.skip(reader.offset)
    }
}
