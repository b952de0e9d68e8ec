// SPDX-License-Identifier: Apache-2.0
//
// Access to the elements of lists and maps. A value that is missing, or of another type, is nil.

extension Value {
    /// The entry of a map; nil when there is none of that key, or when this is no map.
    public subscript(key: String) -> Value? {
        if case .map(let entries) = self { entries[key] } else { nil }
    }

    /// The entry of a map as a Swift type; nil when there is none, or when it is of another type.
    public subscript<T: ValueConvertible>(key: String, as type: T.Type) -> T? {
        self[key].flatMap { T($0) }
    }

    /// The entry of a map as bytes; nil when there is none, or when it is of another type.
    public subscript(key: String, as type: [UInt8].Type) -> [UInt8]? { self[key]?.bytes }

    /// The element of a list, from 0; nil when there is none at this place, or when this is no list.
    public subscript(index: Int) -> Value? {
        if case .list(let elements) = self, elements.indices.contains(index) {
            elements[index]
        } else {
            nil
        }
    }

    /// The element of a list as a Swift type; nil when there is none, or when it is of another type.
    public subscript<T: ValueConvertible>(index: Int, as type: T.Type) -> T? {
        self[index].flatMap { T($0) }
    }

    /// The element of a list as bytes; nil when there is none, or when it is of another type.
    public subscript(index: Int, as type: [UInt8].Type) -> [UInt8]? { self[index]?.bytes }

    /// The bytes; nil for another type.
    var bytes: [UInt8]? {
        if case .bytes(let bytes) = self { bytes } else { nil }
    }
}

extension Properties {
    /// The property, or the entry of a map, as a Swift type; nil when there is none, or when it is of another type.
    public subscript<T: ValueConvertible>(key: String, as type: T.Type) -> T? {
        self[key].flatMap { T($0) }
    }

    /// The property, or the entry of a map, as bytes; nil when there is none, or when it is of another type.
    public subscript(key: String, as type: [UInt8].Type) -> [UInt8]? { self[key]?.bytes }
}
