// SPDX-License-Identifier: Apache-2.0

public import CairnGraph

extension QueryValue {
    /// The value that a property holds.
    public init(_ value: Value) {
        switch value {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .double(let value): self = .double(value)
        case .string(let value): self = .string(value)
        case .list(let values): self = .list(values.map(QueryValue.init))
        case .map(let entries): self = .map(entries.mapValues(QueryValue.init))
        case .date(let date): self = .date(QueryDate(date))
        case .localTime(let time): self = .localTime(QueryTime(time))
        case .zonedTime(let time): self = .time(QueryZonedTime(time))
        case .localDateTime(let moment): self = .localDateTime(QueryDateTime(moment))
        case .zonedDateTime(let moment): self = .dateTime(QueryZonedDateTime(moment))
        case .duration(let duration): self = .duration(QueryDuration(duration))
        case .bytes, .point, .vector: self = .opaque(value)
        }
    }

    /// The value as a property can hold it; nil for nodes, relationships, paths, and for temporal values
    /// that a store cannot hold.
    public var stored: Value? {
        switch self {
        case .null: .null
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .double(let value): .double(value)
        case .string(let value): .string(value)
        case .list(let values): Self.stored(values)
        case .map(let entries): Self.stored(entries)
        case .date(let date): date.stored.map(Value.date)
        case .localTime(let time): .localTime(time.stored)
        case .time(let time): time.stored.map(Value.zonedTime)
        case .localDateTime(let moment): moment.stored.map(Value.localDateTime)
        case .dateTime(let moment): moment.stored.map(Value.zonedDateTime)
        case .duration(let duration): duration.stored.map(Value.duration)
        case .opaque(let value): value
        case .node, .relationship, .path, .deleted: nil
        }
    }

    private static func stored(_ values: [QueryValue]) -> Value? {
        var list: [Value] = []
        list.reserveCapacity(values.count)
        for value in values {
            guard let stored = value.stored else { return nil }
            list.append(stored)
        }
        return .list(list)
    }

    private static func stored(_ entries: [String: QueryValue]) -> Value? {
        var map: [String: Value] = [:]
        for (key, value) in entries {
            guard let stored = value.stored else { return nil }
            map[key] = stored
        }
        return .map(map)
    }
}
