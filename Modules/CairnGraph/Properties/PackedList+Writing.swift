// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

extension PropertyList {
    /// As many bytes as the packed form takes, or more.
    var packedByteCountMax: Int { isEmpty ? 0 : bytes.count + 16 }

    /// Appends the packed form without a shape.
    func appendWithoutShape(to lists: inout [UInt8]) {
        withUnsafeTemporaryAllocation(byteCount: 1 + Varint.byteCountMax, alignment: 1) { room in
            var head = ByteWriter(room)
            head.append(UInt8(0))
            head.append(varint: UInt64(bytes.count))
            lists.append(contentsOf: head.bytes)
        }
        lists.append(contentsOf: bytes)
    }
}

extension PropertyShape {
    /// As many bytes as the number and the flags of a list take, or more.
    var headByteCountMax: Int { Varint.byteCountMax + flagByteCount }
}

extension PackedList {
    /// Packs the values of a list that has a shape, in its order, into room that is large enough.
    struct Writer {
        private var output: ByteWriter
        private let flags: Int
        private var flag = 0

        /// Begins a list of a shape; its flags are not set yet.
        @inline(__always)
        init(_ room: UnsafeMutableRawBufferPointer, _ shape: PropertyShape) {
            output = ByteWriter(room)
            output.append(varint: UInt64(shape.number &+ 1))
            flags = output.count
            for _ in 0..<shape.flagByteCount { output.append(UInt8(0)) }
        }

        /// The number of bytes so far.
        var byteCount: Int { output.count }

        @inline(__always)
        mutating func append(_ truth: Bool) {
            if truth { output[flags &+ flag &>> 3] |= 1 &<< UInt8(flag & 7) }
            flag &+= 1
        }

        @inline(__always)
        mutating func append(_ number: Int64) { output.append(varint: Varint.zigzag(number)) }

        @inline(__always)
        mutating func append(doubleBits bits: UInt64) {
            let float = Float(Double(bitPattern: bits))
            let isNarrow = Double(float).bitPattern == bits
            append(isNarrow)
            if isNarrow {
                output.append(float.bitPattern)
            } else {
                output.append(bits)
            }
        }

        /// Appends a text, or bytes.
        @inline(__always)
        mutating func append(text: UnsafeRawBufferPointer) {
            output.append(varint: UInt64(text.count))
            output.append(text)
        }

        /// Appends a value by its encoding.
        ///
        /// - Parameter content: The bytes that follow the tag.
        @inline(__always)
        mutating func append(_ tag: Value.Tag, _ content: UnsafeRawBufferPointer) {
            switch tag {
            case .true, .false: append(tag == .true)
            case .double:
                append(doubleBits: UInt64(littleEndian: content.loadUnaligned(as: UInt64.self)))
            default: output.append(content)
            }
        }
    }
}
