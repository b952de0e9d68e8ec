// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// Rules and values to start from.
enum SchemaSeed {
    static let rules: [SchemaRule] = [
        .existence(label: "A", key: "k"), .type(label: "A", key: "n", .int),
        .key(label: "B", keys: ["k", "n"]), .index(label: "A", keys: ["n"]),
    ]

    static let relationshipRules: [RelationshipRule] = [
        .valueType(type: "T", key: "k", .bool), .index(type: "T", keys: ["k", "n"]),
        .unique(type: "T", keys: ["k"]),
    ]

    /// One value of each newer type.
    static var values: Properties {
        var values: Properties = ["k": "v", "n": 1]
        let date = CalendarDate(year: 2024, month: 2, day: 29)
        let time = LocalTime(hour: 23, minute: 59, second: 1, nanosecond: 5)
        if let date, let time, let offset = UTCOffset(seconds: 3600) {
            let local = LocalDateTime(date: date, time: time)
            values["date"] = .date(date)
            values["localTime"] = .localTime(time)
            values["zonedTime"] = .zonedTime(ZonedTime(time: time, offset: offset))
            values["localDateTime"] = .localDateTime(local)
            values["zonedDateTime"] = .zonedDateTime(ZonedDateTime(local: local, offset: offset))
            values["namedZone"] = ZonedDateTime(local: local, offset: offset, zone: "Europe/Paris")
                .map(Value.zonedDateTime)
        }
        values["duration"] = CalendarDuration(months: 1, days: -2, seconds: 3).map(Value.duration)
        values["point"] = SpatialPoint(longitude: 13.4, latitude: 52.5, height: 34).map(Value.point)
        values["vector"] = .vector(.float32([1, -0.5]))
        values["vector8"] = .vector(.int8([1, -128]))
        return values
    }
}
