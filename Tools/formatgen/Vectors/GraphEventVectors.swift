// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnFormats
import CairnInterpreter

/// The vectors of batches of graph events.
struct GraphEventVectors {
    let format: ResolvedFormat

    /// 0 Person, 1 age, 2 name, 3 KNOWS, and two spellings of one text.
    private static let symbols = ["Person", "age", "name", "KNOWS", "e\u{301}", "é"]

    private static let person: [UInt8] =
        [1, 0, 1, 0, 2, 1, 3] + Bytes.zigzag(36) + [2, 5] + Bytes.text("Ada")

    private static func good(_ name: String, _ events: [UInt8]..., comment: String) -> VectorCase {
        VectorCase(name, .good, expect: nil, Bytes.batch(symbols, events), comment)
    }

    private static func bad(
        _ name: String, _ flag: VectorFlag, _ expected: String, _ event: [UInt8], _ comment: String
    ) -> VectorCase {
        VectorCase(name, flag, expect: expected, Bytes.batch(symbols, [event]), comment)
    }

    /// An event that sets a property to a value.
    private static func set(_ value: [UInt8]) -> [UInt8] { [5, 0, 1] + value }

    private static func value(_ name: String, _ value: [UInt8], _ comment: String) -> VectorCase {
        VectorCase(
            "value-\(name)", .good, expect: nil, Bytes.batch(symbols, [set(value)]), comment)
    }

    private static func badValue(
        _ name: String, _ flag: VectorFlag, _ expected: String, _ value: [UInt8], _ comment: String
    ) -> VectorCase {
        bad("value-\(name)", flag, expected, set(value), comment)
    }

    private static func point(_ system: UInt8, _ coordinates: Double...) -> [UInt8] {
        [15, system] + coordinates.flatMap { Bytes.u64($0.bitPattern) }
    }

    private static func duration(
        _ months: Int64, _ days: Int64, _ seconds: Int64, _ nanoseconds: UInt64
    ) -> [UInt8] {
        [14] + Bytes.zigzag(months) + Bytes.zigzag(days) + Bytes.zigzag(seconds)
            + Bytes.varint(nanoseconds)
    }

    private static func nested(_ depth: Int) -> [UInt8] {
        (0..<depth).flatMap { _ in [7, 1] as [UInt8] } + [0]
    }

    private static func nestedMaps(_ depth: Int) -> [UInt8] {
        (0..<depth).flatMap { _ in [8, 1, 1, 0x61] as [UInt8] } + [0]
    }

    var set: VectorSet {
        VectorSet(
            format: format.name,
            cases: events + brokenEvents + rules + relationshipRules + values + typed + brokenValues
                + brokenTyped,
            sweeps: [
                .init("person", [.truncate, .zeroFrom, .flip]),
                .init("value-map", [.truncate, .flip]),
            ], examples: ["person", "null-property"])
    }

    private var events: [VectorCase] {
        [
            Self.good("person", Self.person, comment: "A node with a label and two properties."),
            Self.good(
                "all-events", Self.person, [1, 1, 0, 0], [3, 1, 0], [4, 1, 0], [5, 1, 1, 0],
                [6, 1, 0], [7, 0, 3, 0, 1, 1, 1, 2], [9, 0, 1, 3, 8], [10, 0, 0], [8, 0], [2, 1],
                [11, 0, 2], [12, 0, 2], [13, 1, 0, 0, 1, 1], [14, 1, 0, 0, 1, 1],
                [15, 5, 0, 3, 1, 1],
                [16, 5, 0, 3, 1, 1],
                comment: "Every event once."),
            Self.good(
                "self-loop", [1, 0, 0, 0], [7, 0, 3, 0, 0, 0],
                comment: "A relationship from a node to itself."),
            Self.good(
                "large-id", [2] + Bytes.varint(.max),
                comment:
                    "An id that no store gives out is well formed; applying it is another matter."),
        ]
    }

    private var brokenEvents: [VectorCase] {
        [
            Self.bad(
                "unknown-event", .unknownTag, "unknownTag", [17], "An event of a newer version."),
            Self.bad("event-zero", .unknownTag, "unknownTag", [0], "Tag 0 is no event."),
            Self.bad("event-empty", .torn, "truncated", [], "An event without bytes."),
            Self.bad(
                "no-such-symbol", .semantics, "invalidReference", [3, 0, 99],
                "A label that the symbol table does not have."),
            Self.bad(
                "left-over", .container, "trailingBytes", [2, 0, 0], "A byte behind the event."),
            Self.bad(
                "labels-too-many", .oversizedLength, "countTooLarge",
                [1, 0] + Bytes.varint(4_294_967_295), "2^32 - 1 labels."),
            Self.bad(
                "properties-too-many", .oversizedLength, "countTooLarge", [6, 0, 2, 1, 0, 1],
                "Each property takes two bytes at least."),
            Self.bad(
                "keys-descend", .nonCanonical, "nonCanonical", [6, 0, 2, 2, 1, 1, 1],
                "The keys of the properties do not ascend."),
            Self.bad(
                "key-twice", .nonCanonical, "nonCanonical", [6, 0, 2, 1, 1, 1, 1],
                "A key is there twice."),
            Self.bad(
                "key-spelled-twice", .nonCanonical, "duplicate", [6, 0, 2, 4, 1, 5, 1],
                "Two spellings of one key."),
            Self.bad(
                "null-property", .semantics, "invalidValue", [6, 0, 1, 1, 0],
                "A property that is null is not there."),
        ]
    }

    private var rules: [VectorCase] {
        func rule(_ kind: UInt8, _ type: UInt8, _ keys: [UInt8]) -> [UInt8] {
            [13, kind, type, 0, UInt8(keys.count)] + keys
        }
        return [
            Self.good("rule-existence", rule(1, 0, [1]), comment: "Every person has an age."),
            Self.good("rule-type", rule(2, 2, [1]), comment: "An age is a whole number."),
            Self.good("rule-key", rule(3, 0, [1, 2]), comment: "Age and name are a key."),
            Self.good("rule-index", rule(4, 0, [2, 1]), comment: "An index over name, then age."),
            Self.bad("rule-kind-5", .unknownTag, "invalidValue", rule(5, 0, [1]), "No such kind."),
            Self.bad("rule-kind-0", .semantics, "invalidValue", rule(0, 0, [1]), "No such kind."),
            Self.bad(
                "rule-type-16", .semantics, "invalidValue", rule(2, 16, [1]),
                "No such type of values."),
            Self.bad(
                "rule-type-without", .semantics, "invalidValue", rule(2, 0, [1]),
                "A rule about types without a type."),
            Self.bad(
                "rule-type-with", .semantics, "invalidValue", rule(1, 2, [1]),
                "A rule about existence with a type."),
            Self.bad(
                "rule-no-keys", .semantics, "invalidValue", rule(3, 0, []), "A key of no keys."),
            Self.bad(
                "rule-two-keys", .semantics, "invalidValue", rule(1, 0, [1, 2]),
                "A rule about existence has one key."),
            Self.bad(
                "rule-key-twice", .semantics, "invalidValue", rule(3, 0, [1, 1]),
                "A key that is there twice."),
            VectorCase(
                "rule-17-keys", .semantics, expect: "invalidValue",
                Bytes.batch((0..<18).map { "k\($0)" }, [rule(4, 0, Array(1...17))]),
                "One key too many."),
            VectorCase(
                "rule-16-keys", .good, expect: nil,
                Bytes.batch((0..<18).map { "k\($0)" }, [rule(4, 0, Array(1...16))]),
                "As many keys as there may be."),
        ]
    }

    private var relationshipRules: [VectorCase] {
        func rule(_ kind: UInt8, _ type: UInt8, _ keys: [UInt8]) -> [UInt8] {
            [15, kind, type, 3, UInt8(keys.count)] + keys
        }
        func bad(_ name: String, _ event: [UInt8], _ comment: String) -> VectorCase {
            Self.bad("relationship-\(name)", .semantics, "invalidValue", event, comment)
        }
        func many(_ count: UInt8, _ flag: VectorFlag, _ expected: String?) -> VectorCase {
            VectorCase(
                "relationship-rule-\(count)-keys", flag, expect: expected,
                Bytes.batch((0..<18).map { "k\($0)" }, [rule(4, 0, Array(1...count))]),
                count == 16 ? "As many keys as there may be." : "One key too many.")
        }
        return [
            Self.good(
                "relationship-rule-existence", rule(1, 0, [1]),
                comment: "Each relationship of the type has an age."),
            Self.good("relationship-rule-type", rule(2, 2, [1]), comment: "A whole number."),
            Self.good("relationship-rule-key", rule(3, 0, [1, 2]), comment: "A key of two."),
            Self.good(
                "relationship-rule-index", rule(4, 0, [2, 1]), comment: "An index over two."),
            Self.good(
                "relationship-rule-unique", rule(5, 0, [2, 1]), comment: "Unique together."),
            Self.bad(
                "relationship-rule-kind-6", .unknownTag, "invalidValue", rule(6, 0, [1]),
                "No such kind."),
            bad("rule-kind-0", rule(0, 0, [1]), "No such kind."),
            bad("rule-type-16", rule(2, 16, [1]), "No such type of values."),
            bad("rule-type-without", rule(2, 0, [1]), "A rule about types without a type."),
            bad("rule-type-with", rule(1, 2, [1]), "A rule about existence with a type."),
            bad("rule-unique-with-type", rule(5, 2, [1]), "A unique constraint with a type."),
            bad("rule-no-keys", rule(3, 0, []), "A key of no keys."),
            bad("rule-two-keys", rule(1, 0, [1, 2]), "A rule about existence has one key."),
            bad("rule-key-twice", rule(5, 0, [1, 1]), "A key that is there twice."),
            many(17, .semantics, "invalidValue"), many(16, .good, nil),
        ]
    }

    private var values: [VectorCase] {
        [
            Self.value("null", [0], "Null removes the property."),
            Self.value("false", [1], "False."), Self.value("true", [2], "True."),
            Self.value("int", [3] + Bytes.zigzag(-300), "A signed number."),
            Self.value("int-min", [3] + Bytes.zigzag(.min), "The smallest number."),
            Self.value("int-max", [3] + Bytes.zigzag(.max), "The largest number."),
            Self.value("double", [4] + Bytes.u64((-0.0).bitPattern), "The negative zero."),
            Self.value(
                "nan", [4] + Bytes.u64(0x7ff8_0000_0000_0001), "Not a number, with a payload."),
            Self.value("string", [5] + Bytes.text("Grüße"), "Text."),
            Self.value("bytes", [6, 2, 0, 255], "Bytes."),
            Self.value("list", [7, 3, 0, 7, 0, 8, 0], "A list with a list and a map in it."),
            Self.value(
                "map", [8, 2] + Bytes.text("a") + [1] + Bytes.text("b") + [7, 1, 2],
                "A map; its keys are texts of their own."),
            Self.value(
                "deepest-maps", Self.nestedMaps(64),
                "As many maps within one another as there may be."),
            Self.value(
                "deepest", Self.nested(64), "As many lists within one another as there may be."),
        ]
    }

    private var typed: [VectorCase] {
        [
            Self.value("date", [9] + Bytes.zigzag(19_000), "A day."),
            Self.value("date-first", [9] + Bytes.zigzag(-365_961_662), "The first day there is."),
            Self.value("date-last", [9] + Bytes.zigzag(364_522_971), "The last day there is."),
            Self.value(
                "local-time", [10] + Bytes.varint(86_399_999_999_999),
                "The last nanosecond of a day."),
            Self.value(
                "zoned-time", [11, 0] + Bytes.zigzag(-64_800), "Midnight, as far west as can be."),
            Self.value("local-date-time", [12, 0, 0], "The epoch."),
            Self.value(
                "zoned-date-time", [13, 0, 0] + Bytes.zigzag(64_800),
                "The epoch, as far east as can be."),
            Self.value(
                "named-zone", [17, 0, 0] + Bytes.zigzag(3600) + Bytes.text("Europe/Stockholm"),
                "The epoch in Stockholm."),
            Self.value(
                "named-zone-longest",
                [17, 0, 0, 0] + Bytes.text(String(repeating: "z", count: 64)),
                "The longest name of a zone."),
            Self.value("duration", Self.duration(-1, 2, -3, 999_999_999), "A duration."),
            Self.value(
                "duration-extremes",
                Self.duration(Int64(Int32.min), Int64(Int32.max), 1_000_000_000_000_000, 0),
                "The extremes of a duration."),
            Self.value("point", Self.point(0, 1.5, -2), "A point in the plane."),
            Self.value("point-far", Self.point(0, 200, -100), "A plane is no globe."),
            Self.value("point-space-far", Self.point(1, 200, 100, 0), "Nor is space."),
            Self.value("point-space", Self.point(1, 1, 2, 3), "A point in space."),
            Self.value("point-earth", Self.point(2, -180, 90), "A point on the Earth."),
            Self.value("point-height", Self.point(3, 180, -90, 8848), "A point above it."),
            Self.value("vector-float", [16, 0, 1, 0, 0, 0x80, 0x3f], "A vector of a float."),
            Self.value("vector-double", [16, 1, 1] + Bytes.u64((0.5).bitPattern), "Of a double."),
            Self.value("vector-bytes", [16, 2, 3, 1, 0x80, 0xff], "Of signed bytes."),
            Self.value("vector-empty", [16, 2, 0], "Of nothing."),
        ]
    }

    private var brokenValues: [VectorCase] {
        [
            Self.badValue(
                "unknown", .unknownTag, "unknownTag", [18], "A value of a newer version."),
            Self.badValue(
                "too-deep", .bomb, "limitExceeded", Self.nested(65), "One list too many."),
            Self.badValue(
                "maps-too-deep", .bomb, "limitExceeded", Self.nestedMaps(65), "One map too many."),
            Self.badValue(
                "map-too-deep", .bomb, "limitExceeded",
                (0..<64).flatMap { _ in [7, 1] as [UInt8] } + [8, 0], "One map too many."),
            Self.badValue(
                "int-long-form", .nonCanonical, "nonCanonical", [3, 0x80, 0],
                "A number in a longer form than needed."),
            Self.badValue(
                "int-65-bits", .oversizedLength, "numberTooLarge",
                [3] + [UInt8](repeating: 0xff, count: 9) + [3], "A number of 65 bits."),
            Self.badValue(
                "list-too-long", .oversizedLength, "countTooLarge",
                [7] + Bytes.varint(.max), "A list of 2^64 - 1 elements."),
            Self.badValue(
                "map-too-long", .oversizedLength, "countTooLarge", [8, 2, 0, 0, 0],
                "Each entry takes two bytes at least."),
            Self.badValue(
                "string-too-long", .oversizedLength, "countTooLarge",
                [5] + Bytes.varint(4_294_967_295) + [65], "A text of 2^32 - 1 bytes."),
            Self.badValue(
                "string-not-utf8", .nonCanonical, "invalidUTF8", [5, 1, 0x80], "No UTF-8."),
            Self.badValue(
                "map-descends", .nonCanonical, "nonCanonical",
                [8, 2] + Bytes.text("b") + [1] + Bytes.text("a") + [1], "Keys do not ascend."),
            Self.badValue(
                "map-key-twice", .nonCanonical, "nonCanonical",
                [8, 2] + Bytes.text("a") + [1] + Bytes.text("a") + [1], "A key is there twice."),
            Self.badValue(
                "map-key-spelled-twice", .nonCanonical, "duplicate",
                [8, 2] + Bytes.text("e\u{301}") + [1] + Bytes.text("é") + [1],
                "Two spellings of one key."),
        ]
    }

    private var brokenTyped: [VectorCase] {
        let big = Int64(Int32.max) + 1
        return [
            Self.badValue(
                "date-before", .semantics, "invalidValue", [9] + Bytes.zigzag(-365_961_663),
                "A day before the first."),
            Self.badValue(
                "date-after", .semantics, "invalidValue", [9] + Bytes.zigzag(364_522_972),
                "A day after the last."),
            Self.badValue(
                "time-24-hours", .semantics, "invalidValue",
                [10] + Bytes.varint(86_400_000_000_000), "A day has no such nanosecond."),
            Self.badValue(
                "time-huge", .semantics, "invalidValue", [10] + Bytes.varint(.max),
                "2^64 - 1 nanoseconds."),
            Self.badValue(
                "offset-west", .semantics, "invalidValue", [11, 0] + Bytes.zigzag(-64_801),
                "Too far west."),
            Self.badValue(
                "offset-east", .semantics, "invalidValue",
                [13, 0, 0] + Bytes.zigzag(64_801), "Too far east."),
            Self.badValue(
                "named-zone-offset", .semantics, "invalidValue",
                [17, 0, 0] + Bytes.zigzag(64_801) + Bytes.text("Z"), "Too far east, in a zone."),
            Self.badValue(
                "named-zone-empty", .semantics, "invalidValue", [17, 0, 0, 0] + Bytes.text(""),
                "A zone without a name."),
            Self.badValue(
                "named-zone-too-long", .oversizedLength, "invalidValue",
                [17, 0, 0, 0] + Bytes.text(String(repeating: "z", count: 65)),
                "A name of a zone of one byte more than it may have."),
            Self.badValue(
                "duration-months", .semantics, "invalidValue", Self.duration(big, 0, 0, 0),
                "Months that do not fit 32 bits."),
            Self.badValue(
                "duration-days", .semantics, "invalidValue",
                Self.duration(0, -big - 1, 0, 0), "Days that do not fit 32 bits."),
            Self.badValue(
                "duration-seconds", .semantics, "invalidValue",
                Self.duration(0, 0, 1_000_000_000_000_001, 0), "Too many seconds."),
            Self.badValue(
                "duration-nanoseconds", .semantics, "invalidValue",
                Self.duration(0, 0, 0, 1_000_000_000), "Nanoseconds that make a second."),
            Self.badValue(
                "duration-months-before", .semantics, "invalidValue",
                Self.duration(-big - 1, 0, 0, 0), "Months below those of 32 bits."),
            Self.badValue(
                "duration-days-after", .semantics, "invalidValue", Self.duration(0, big, 0, 0),
                "Days above those of 32 bits."),
            Self.badValue(
                "duration-seconds-before", .semantics, "invalidValue",
                Self.duration(0, 0, -1_000_000_000_000_001, 0), "Too few seconds."),
            Self.badValue("point-system", .semantics, "invalidValue", [15, 4], "No such system."),
            Self.badValue(
                "point-nan", .semantics, "invalidValue", Self.point(0, .nan, 0),
                "A coordinate that is not a number."),
            Self.badValue(
                "point-infinite", .semantics, "invalidValue", Self.point(1, 0, 0, -.infinity),
                "An infinite coordinate."),
            Self.badValue(
                "point-negative-zero", .nonCanonical, "invalidValue", Self.point(0, 0, -0.0),
                "The negative zero equals zero, and one value has one encoding."),
            Self.badValue(
                "point-longitude", .semantics, "invalidValue", Self.point(2, -180.5, 0),
                "A longitude below -180."),
            Self.badValue(
                "point-latitude", .semantics, "invalidValue", Self.point(3, 0, 90.5, 0),
                "A latitude above 90."),
            Self.badValue("vector-type", .semantics, "invalidValue", [16, 3, 0], "No such type."),
            Self.badValue(
                "vector-too-long", .oversizedLength, "countTooLarge",
                [16, 1, 2] + Bytes.u64(0) + [0, 0], "More elements than bytes left."),
        ]
    }
}
