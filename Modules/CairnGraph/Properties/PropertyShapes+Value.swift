// SPDX-License-Identifier: Apache-2.0
//
// Shapes are read through a pointer, and their kinds lie in one array: taking an array out of another one would count
// references for each property that is read.

extension PropertyShapes {
    /// The value of one key of the list that is packed at the beginning of these bytes. Values before it are gone past,
    /// not unpacked.
    ///
    /// - Returns: Nil where the list has no shape, or the value is of a kind that has its own form.
    static func simpleValue(
        of key: UInt32, in bytes: UnsafeRawBufferPointer, _ shapes: UnsafePointer<Self>
    ) -> PackedValue? {
        var reader = PackedList.Reader(bytes)
        guard let number = reader.shapeNumber() else { return nil }
        let shape = shapes.pointee[number]
        reader.beginValues(of: shape)
        for place in shape.kinds {
            let kind = shapes.pointee.kinds[place]
            if kind.key >= key {
                return kind.key == key ? reader.simpleValue(kind.tag) : PackedValue.none
            }
            reader.skip(kind.tag)
        }
        return PackedValue.none
    }

    /// The value of one key of a list of any kind.
    func unpackedValue(of key: UInt32, in packed: RawSpan) -> PackedValue {
        withList(packed) { PropertyBytes.value(of: key, in: $0) }.map(PackedValue.other) ?? .none
    }
}
