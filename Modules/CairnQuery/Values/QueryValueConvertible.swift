// SPDX-License-Identifier: Apache-2.0

public import CairnGraph

/// A Swift type whose values can be parameters of a query.
public protocol QueryValueConvertible {
    /// The value in a query.
    var queryValue: QueryValue { get }
}

extension QueryValue: QueryValueConvertible {
    /// The value itself.
    public var queryValue: QueryValue { self }
}

extension Value: QueryValueConvertible {
    /// The value of a property with this value in a query.
    public var queryValue: QueryValue { QueryValue(self) }
}

extension Bool: QueryValueConvertible {
    /// A truth value.
    public var queryValue: QueryValue { .bool(self) }
}

extension Int: QueryValueConvertible {
    /// An integer.
    public var queryValue: QueryValue { .int(Int64(self)) }
}

extension Int64: QueryValueConvertible {
    /// An integer.
    public var queryValue: QueryValue { .int(self) }
}

extension Double: QueryValueConvertible {
    /// A double.
    public var queryValue: QueryValue { .double(self) }
}

extension String: QueryValueConvertible {
    /// Text.
    public var queryValue: QueryValue { .string(self) }
}

extension NodeID: QueryValueConvertible {
    /// The node.
    public var queryValue: QueryValue { .node(self) }
}

extension RelationshipID: QueryValueConvertible {
    /// The relationship.
    public var queryValue: QueryValue { .relationship(self) }
}

extension Optional: QueryValueConvertible where Wrapped: QueryValueConvertible {
    /// The value, or null.
    public var queryValue: QueryValue { self?.queryValue ?? .null }
}

extension Array: QueryValueConvertible where Element: QueryValueConvertible {
    /// A list.
    public var queryValue: QueryValue { .list(map(\.queryValue)) }
}

extension Dictionary: QueryValueConvertible where Key == String, Value: QueryValueConvertible {
    /// A map.
    public var queryValue: QueryValue { .map(mapValues(\.queryValue)) }
}
