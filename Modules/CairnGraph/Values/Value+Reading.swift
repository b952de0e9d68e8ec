// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

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
                    Step.Case(0, 1, 2, steps: []),
                    Step.Case(3, steps: [.field("value", .zigzag, "The number.")]),
                    Step.Case(
                        4, steps: [.field("value", .unsigned(byteCount: 8), "The bit pattern.")]),
                    Step.Case(5, steps: [.field("value", .type("string"), "The text.")]),
                    Step.Case(6, steps: [.field("value", .type("blob"), "The bytes.")]),
                    Step.Case(7, steps: nested("list", "The elements.")),
                    Step.Case(8, steps: nested("map", "The entries.")),
                    Step.Case(9, steps: [.field("value", .type("date"), "The day.")]),
                    Step.Case(10, steps: [.field("value", .type("localTime"), "The time.")]),
                    Step.Case(
                        11,
                        steps: [
                            .field("time", .type("localTime"), "The time."),
                            .field("offset", .type("utcOffset"), "The offset of the zone."),
                        ]),
                    Step.Case(
                        12,
                        steps: [
                            .field("date", .type("date"), "The day."),
                            .field("time", .type("localTime"), "The time."),
                        ]),
                    Step.Case(
                        13,
                        steps: [
                            .field("date", .type("date"), "The day."),
                            .field("time", .type("localTime"), "The time."),
                            .field("offset", .type("utcOffset"), "The offset of the zone."),
                        ]),
                    Step.Case(14, steps: [.field("value", .type("duration"), "The duration.")]),
                    Step.Case(15, steps: [.field("value", .type("point"), "The point.")]),
                    Step.Case(16, steps: [.field("value", .type("vector"), "The vector.")]),
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
                "elementCount", .count(each: 1), "How many elements.", writes: "count(elements)"),
            .loop(
                "elements", .times("elementCount"), .type("value", [Argument("room", "room")]),
                "The elements."),
        ])

    private static let map = TypeDescription(
        "map", "A count and that many entries, ascending by the bytes of the key.",
        parameters: ["room"], result: "entries",
        [
            .field("entryCount", .count(each: 2), "How many entries.", writes: "count(entries)"),
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
            check("pointSystem", "system <= 3", .invalidValue, "The system is one of the four."),
            .loop(
                "coordinates", .times("2 + (system & 1)"), .unsigned(byteCount: 8),
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
                "system >= 2",
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
            .field("elementType", .unsigned(byteCount: 1), "0 float, 1 double, 2 signed byte."),
            check(
                "vectorType", "elementType <= 2", .invalidValue, "The type is one of the three."),
            .define(
                "elementByteCount", "[4, 8, 1][elementType]", "How many bytes an element has."),
            .field("elementCount", .varint, "How many elements."),
            check(
                "vectorCount", "elementCount <= (end - here) / elementByteCount", .countTooLarge,
                at: "start + 1", "The bytes left can hold so many."),
            .field(
                "elements", .bytes("elementCount * elementByteCount"),
                "The bit patterns of the elements, least significant byte first."),
        ])
}
