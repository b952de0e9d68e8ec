// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnGraph

/// How values are read: the types that the formats of events and snapshots share.
enum ValueReading {
    static let types =
        [value, list, map, entry] + [
            scalar(
                "date", .zigzag, "date",
                "\(CalendarDate.dayNumbers.lowerBound) <= number && number <= \(CalendarDate.dayNumbers.upperBound)",
                "A day, as how many days it is after 1970-01-01."),
            scalar(
                "localTime", .varint, "localTime", "number < \(LocalTime.nanosecondsPerDay)",
                "A time of day, in nanoseconds after midnight."),
            scalar(
                "utcOffset", .zigzag, "utcOffset",
                "\(UTCOffset.range.lowerBound) <= number && number <= \(UTCOffset.range.upperBound)",
                "How many seconds a zone is ahead of UTC."),
            duration, point, vector,
        ]

    /// The tables of the tags that values have.
    static let tables: [(name: String, values: [TagDescription])] = [
        ("value", Value.Tag.allCases.map(\.description)),
        ("pointSystem", SpatialPoint.CoordinateSystem.allCases.map(\.description)),
        ("vectorElement", Vector.ElementType.allCases.map(\.description)),
    ]

    static func check(
        _ id: String, _ formula: Formula, _ code: FormatError.Code, at: Formula = "start",
        _ meaning: String
    ) -> Step {
        .check(Check(id, formula, code.errorClass, at: at, meaning))
    }

    static let policy = UnknownPolicy(
        FormatError.Code.unknownTag.errorClass, "A newer version may have written it: unsupported.")

    private static let value = TypeDescription(
        "value", "A tag, then what the tag says.", parameters: ["room"],
        [
            .field("tag", .unsigned(byteCount: 1), "What the value is."),
            .select(
                "tag", table: "value", at: "start",
                cases: [
                    Step.Case(Value.Tag.null, .false, .true, steps: []),
                    Step.Case(Value.Tag.int, steps: [.field("value", .zigzag, "The number.")]),
                    Step.Case(
                        Value.Tag.double,
                        steps: [.field("value", .unsigned(byteCount: 8), "The bit pattern.")]),
                    Step.Case(
                        Value.Tag.string, steps: [.field("value", .type("string"), "The text.")]),
                    Step.Case(
                        Value.Tag.bytes, steps: [.field("value", .type("blob"), "The bytes.")]),
                    Step.Case(Value.Tag.list, steps: nested("list", "The elements.")),
                    Step.Case(Value.Tag.map, steps: nested("map", "The entries.")),
                    Step.Case(Value.Tag.date, steps: [.field("value", .type("date"), "The day.")]),
                    Step.Case(
                        Value.Tag.localTime,
                        steps: [.field("value", .type("localTime"), "The time.")]),
                    Step.Case(
                        Value.Tag.zonedTime,
                        steps: [
                            .field("time", .type("localTime"), "The time."),
                            .field("offset", .type("utcOffset"), "The offset of the zone."),
                        ]),
                    Step.Case(
                        Value.Tag.localDateTime,
                        steps: [
                            .field("date", .type("date"), "The day."),
                            .field("time", .type("localTime"), "The time."),
                        ]),
                    Step.Case(
                        Value.Tag.zonedDateTime,
                        steps: [
                            .field("date", .type("date"), "The day."),
                            .field("time", .type("localTime"), "The time."),
                            .field("offset", .type("utcOffset"), "The offset of the zone."),
                        ]),
                    Step.Case(
                        Value.Tag.namedZoneDateTime,
                        steps: [
                            .field("date", .type("date"), "The day."),
                            .field("time", .type("localTime"), "The time."),
                            .field("offset", .type("utcOffset"), "The offset of the zone."),
                            .define("zoneStart", "here", "Where the name begins."),
                            .field("zone", .type("string"), "The name of the zone."),
                            check(
                                "zoneName",
                                "1 <= count(utf8(zone)) && count(utf8(zone)) <= \(ZonedDateTime.zoneByteCountMax)",
                                .invalidValue, at: "zoneStart",
                                "A name has 1 to \(ZonedDateTime.zoneByteCountMax) bytes."),
                        ]),
                    Step.Case(
                        Value.Tag.duration,
                        steps: [.field("value", .type("duration"), "The duration.")]),
                    Step.Case(
                        Value.Tag.point, steps: [.field("value", .type("point"), "The point.")]),
                    Step.Case(
                        Value.Tag.vector, steps: [.field("value", .type("vector"), "The vector.")]),
                ]),
        ])

    private static func nested(_ type: String, _ meaning: String) -> [Step] {
        [
            check(
                "\(type)Nesting", "room > 0", .limitExceeded,
                "Lists and maps lie within one another at most nestingCountMax times."),
            .field("value", .type(type, [Argument("room", "room - 1")]), meaning),
        ]
    }

    private static let list = TypeDescription(
        "list", "A count and that many values.", parameters: ["room"], result: "elements",
        [
            .field(
                "elementCount", .count(each: 1), "How many elements."),
            .loop(
                "elements", .times("elementCount"), .type("value", [Argument("room", "room")]),
                "The elements."),
        ])

    private static let map = TypeDescription(
        "map", "A count and that many entries, ascending by the bytes of the key.",
        parameters: ["room"], result: "entries",
        [
            .field("entryCount", .count(each: 2), "How many entries."),
            .variable("lastKey", "none", "The key before."),
            .variable("keys", "[]", "All keys so far, in one form for all spellings of a text."),
            .loop(
                "entries", .times("entryCount"), .type("entry", [Argument("room", "room")]),
                "The entries."),
        ])

    private static let entry = TypeDescription(
        "entry", "A key and its value.", parameters: ["room"],
        [
            .field("key", .type("string"), "The key."),
            check(
                "mapKeysAscend", "lastKey == none || lastKey < key", .nonCanonical,
                "Keys ascend by their UTF-8 bytes."),
            .field("value", .type("value", [Argument("room", "room")]), "The value."),
            check(
                "mapKeyOnce", "!contains(keys, nfd(key))", .duplicate,
                "No two keys are spellings of the same text."),
            .assign("keys", "append(keys, nfd(key))"),
            .assign("lastKey", "key"),
        ])

    private static func scalar(
        _ name: String, _ kind: FieldKind, _ id: String, _ formula: Formula, _ meaning: String
    ) -> TypeDescription {
        TypeDescription(
            name, meaning, result: "number",
            [
                .field("number", kind, meaning),
                check("\(id)Range", formula, .invalidValue, "The number is within its range."),
            ])
    }

    private static let duration = TypeDescription(
        "duration", "Months, days, seconds and nanoseconds, each kept apart.",
        [
            .field("months", .zigzag, "The months."),
            .field("days", .zigzag, "The days."),
            .field("seconds", .zigzag, "The seconds."),
            .field("nanoseconds", .varint, "Nanoseconds to add to the seconds."),
            check("durationMonths", fits32("months"), .invalidValue, "The months fit 32 bits."),
            check("durationDays", fits32("days"), .invalidValue, "The days fit 32 bits."),
            check(
                "durationSeconds",
                "0 - \(CalendarDuration.secondsMax) <= seconds && seconds <= \(CalendarDuration.secondsMax)",
                .invalidValue, "The seconds are within their range."),
            check(
                "durationNanoseconds", "nanoseconds < 1000000000", .invalidValue,
                "The nanoseconds are less than a second."),
        ])

    private static func fits32(_ name: String) -> Formula {
        "0 - 2147483648 <= \(name) && \(name) <= 2147483647"
    }

    private static let point = TypeDescription(
        "point", "A place in one of four systems.",
        [
            .field("system", .unsigned(byteCount: 1), "The system."),
            check(
                "pointSystem", "known('pointSystem', system)", .invalidValue,
                "The system is one of the four."),
            .loop(
                "coordinates", .times("attribute('pointSystem', system, 'dimensions')"),
                .unsigned(byteCount: 8),
                "The bit patterns of two or three doubles."),
            .each(
                "bits", in: "coordinates",
                [
                    check(
                        "pointFinite", "bits & 0x7fffffffffffffff < 0x7ff0000000000000",
                        .invalidValue, "Coordinates are finite."),
                    check(
                        "pointZero", "bits != 0x8000000000000000", .invalidValue,
                        "No coordinate is the negative zero: it equals zero, and one value has one encoding."
                    ),
                ]),
            .when(
                "attribute('pointSystem', system, 'isGeographic') == 1",
                [
                    check(
                        "pointLongitude",
                        "coordinates[0] & 0x7fffffffffffffff <= \(180.0.bitPattern)", .invalidValue,
                        "The longitude is from -180 to 180: doubles of one sign are in the order of their bits."
                    ),
                    check(
                        "pointLatitude",
                        "coordinates[1] & 0x7fffffffffffffff <= \(90.0.bitPattern)", .invalidValue,
                        "The latitude is from -90 to 90."),
                ]),
        ])

    private static let vector = TypeDescription(
        "vector", "Numbers of one type.",
        [
            .field("elementType", .unsigned(byteCount: 1), "What the elements are."),
            check(
                "vectorType", "known('vectorElement', elementType)", .invalidValue,
                "The type is one of the three."),
            .define(
                "elementByteCount", "attribute('vectorElement', elementType, 'byteCount')",
                "How many bytes an element has."),
            .field("elementCount", .varint, "How many elements."),
            check(
                "vectorCount", "elementCount <= (end - here) / elementByteCount", .countTooLarge,
                at: "start + 1", "The bytes left can hold so many."),
            .field(
                "elements", .bytes("elementCount * elementByteCount"),
                "The bit patterns of the elements, least significant byte first."),
        ])
}

extension SpatialPoint.CoordinateSystem {
    fileprivate var description: TagDescription {
        let meaning =
            switch self {
            case .cartesian: "A plane: x and y."
            case .cartesian3D: "Space: x, y and z."
            case .wgs84: "The Earth (WGS 84): longitude and latitude, in degrees."
            case .wgs84With3D: "The same, and the height in metres."
            }
        return TagDescription(
            UInt64(rawValue), "\(self)", meaning,
            attributes: [
                "dimensions": UInt64(dimensionCount), "isGeographic": isGeographic ? 1 : 0,
            ])
    }
}

extension Vector.ElementType {
    fileprivate var description: TagDescription {
        let meaning =
            switch self {
            case .float32: "IEEE 754 numbers of 32 bits."
            case .float64: "IEEE 754 numbers of 64 bits."
            case .int8: "Whole numbers of 8 bits, in two's complement."
            }
        return TagDescription(
            UInt64(rawValue), "\(self)", meaning, attributes: ["byteCount": UInt64(byteCount)])
    }
}
