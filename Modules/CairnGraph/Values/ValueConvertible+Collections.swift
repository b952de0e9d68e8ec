// SPDX-License-Identifier: Apache-2.0

extension Array: ValueConvertible where Element: ValueConvertible {
    /// The elements of the list; nil for another type, also when one element is of another.
    ///
    /// - Complexity: O(*n*) in the elements.
    public init?(_ value: Value) {
        guard case .list(let values) = value else { return nil }
        self = []
        reserveCapacity(values.count)
        for value in values {
            guard let element = Element(value) else { return nil }
            append(element)
        }
    }
    /// A list.
    public var value: Value { .list(map(\.value)) }
}

extension Dictionary: ValueConvertible where Key == String, Value: ValueConvertible {
    /// The entries of the map; nil for another type, also when one entry is of another.
    ///
    /// - Complexity: O(*n*) in the entries.
    public init?(_ value: CairnGraph.Value) {
        guard case .map(let values) = value else { return nil }
        self.init(minimumCapacity: values.count)
        for (key, value) in values {
            guard let entry = Value(value) else { return nil }
            self[key] = entry
        }
    }
    /// A map.
    public var value: CairnGraph.Value { .map(mapValues(\.value)) }
}

extension Optional: ValueConvertible where Wrapped: ValueConvertible {
    /// The wrapped value, or nil for ``Value/null``, which lists and maps may have; nil for another type.
    public init?(_ value: Value) {
        if value.isNull {
            self = .none
        } else if let wrapped = Wrapped(value) {
            self = .some(wrapped)
        } else {
            return nil
        }
    }
    /// The wrapped value; ``Value/null`` for nil.
    public var value: Value { self?.value ?? .null }
}
