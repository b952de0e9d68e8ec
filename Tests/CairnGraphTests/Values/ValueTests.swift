// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnGraph
import Testing

/// One value of each kind, and the corners.
let sampleValues: [Value] =
    [
        .null, .bool(false), .bool(true), .int(0), .int(-1), .int(.min), .int(.max), .double(0),
        .double(-0.0), .double(.nan), .double(.infinity), .double(.leastNonzeroMagnitude),
        .string(""), .string("text"), .string("é"), .string("e\u{301}"), .string("\u{0}"),
        .string(String(repeating: "long ", count: 60)), .bytes([]), .bytes([0, 255]), .list([]),
        .list([.null, .list([.int(1)]), .string("x")]), .map([:]),
        .map(["b": .int(1), "a": .map(["": .null]), "ab": .list([.bool(true)])]),
        nestedList(Value.nestingCountMax),
    ] + typedValues

private let noon = LocalTime(hour: 12, minute: 0)!
private let newYear = CalendarDate(year: 2026, month: 1, day: 1)!
private let berlin = UTCOffset(seconds: 3600)!

/// Values with types of their own.
let typedValues: [Value] = [
    .date(newYear), .date(CalendarDate(year: -999_999, month: 1, day: 1)!), .localTime(noon),
    .localTime(LocalTime(nanosecondOfDay: LocalTime.nanosecondsPerDay - 1)!),
    .zonedTime(ZonedTime(time: noon, offset: berlin)),
    .zonedTime(ZonedTime(time: noon, offset: .utc)),
    .localDateTime(LocalDateTime(date: newYear, time: noon)),
    .zonedDateTime(
        ZonedDateTime(local: LocalDateTime(date: newYear, time: noon), offset: berlin)),
    .zonedDateTime(
        ZonedDateTime(
            local: LocalDateTime(date: newYear, time: noon), offset: berlin, zone: "Europe/Berlin")!
    ),
    .duration(CalendarDuration()!),
    .duration(CalendarDuration(months: .min, days: .max, seconds: -1, nanoseconds: 5)!),
    .point(SpatialPoint(x: 1, y: -0.0)!),
    .point(SpatialPoint(x: 1, y: 2, z: .greatestFiniteMagnitude)!),
    .point(SpatialPoint(longitude: -180, latitude: 90)!),
    .point(SpatialPoint(longitude: 13.4, latitude: 52.5, height: 34)!),
    .vector(.float32([])), .vector(.float32([1.5, -0.0, .nan])), .vector(.float64([1.5, 0])),
    .vector(.int8([-128, 127])), .vector(.float64([])),
]

struct ValueTests {
    private func repeated(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
        Array(Array(repeating: bytes, count: count).joined())
    }

    @Test(arguments: sampleValues) func roundTrips(value: Value) throws {
        #expect(try decodedValue(encoded(value)) == value)
    }

    @Test func valuesAreEqualExactlyWhenTheirEncodingsAre() {
        for left in sampleValues {
            for right in sampleValues {
                #expect((left == right) == (encoded(left) == encoded(right)), "\(left), \(right)")
                if left == right { #expect(left.hashValue == right.hashValue) }
            }
        }
        #expect(Set(sampleValues).count == sampleValues.count)
    }

    @Test func doublesAreComparedByBits() {
        #expect(Value.double(.nan) == .double(.nan))
        #expect(Value.double(0.0) != .double(-0.0))
        #expect(Value.double(1) != .int(1))
        #expect(Value.double(.nan) != .double(.signalingNaN))
    }

    @Test func stringsAreComparedByBytes() {
        #expect(Value.string("é") != .string("e\u{301}"))
        #expect(Value.map(["é": 1]) != .map(["e\u{301}": 1]))
        // As long in bytes, and canonically equivalent.
        #expect(Value.string("a\u{323}\u{307}") != .string("a\u{307}\u{323}"))
    }

    @Test func literalsGiveTheKindTheyLookLike() {
        let value: Value = ["a": [1, 2.5, true, "x", nil], "a": [:]]
        #expect(value == .map(["a": .map([:])]))
        let list: Value = [1, 2.5, true, "x", nil]
        #expect(list == .list([.int(1), .double(2.5), .bool(true), .string("x"), .null]))
    }

    @Test func encodingIsTheDocumentedOne() {
        #expect(encoded(.null) == [0])
        #expect(encoded(.bool(false)) == [1])
        #expect(encoded(.bool(true)) == [2])
        #expect(encoded(.int(-1)) == [3, 1])
        #expect(encoded(.double(1)) == [4, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f])
        #expect(encoded(.string("é")) == [5, 2, 0xc3, 0xa9])
        #expect(encoded(.bytes([9])) == [6, 1, 9])
        #expect(encoded(.list([.null])) == [7, 1, 0])
        #expect(encoded(.map(["b": .null, "a": .int(1)])) == [8, 2, 1, 97, 3, 2, 1, 98, 0])
        let day = CalendarDate(dayNumber: -1)!
        let time = LocalTime(nanosecondOfDay: 300)!
        #expect(encoded(.date(day)) == [9, 1])
        #expect(encoded(.localTime(time)) == [10, 0xac, 2])
        #expect(
            encoded(.zonedTime(ZonedTime(time: time, offset: berlin))) == [11, 0xac, 2, 0xa0, 56])
        let moment = LocalDateTime(date: day, time: time)
        #expect(encoded(.localDateTime(moment)) == [12, 1, 0xac, 2])
        #expect(
            encoded(.zonedDateTime(ZonedDateTime(local: moment, offset: .utc)))
                == [13, 1, 0xac, 2, 0])
        #expect(
            encoded(.zonedDateTime(ZonedDateTime(local: moment, offset: .utc, zone: "Z")!))
                == [17, 1, 0xac, 2, 0, 1, 90])
        let duration = CalendarDuration(months: 1, days: -1, seconds: 2, nanoseconds: 3)!
        #expect(encoded(.duration(duration)) == [14, 2, 1, 4, 3])
        #expect(
            encoded(.point(SpatialPoint(longitude: 1, latitude: 2)!))
                == [15, 2, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0x40])
        #expect(encoded(.vector(.int8([-1, 1]))) == [16, 2, 2, 255, 1])
    }

    /// Bytes in, error out.
    @Test(
        arguments: [
            ([], .truncated, 0),
            ([18], .unknownTag, 0),
            ([255], .unknownTag, 0),
            ([3], .truncated, 1),
            ([3, 0x80, 0x00], .nonCanonical, 1),
            ([4, 1, 2, 3], .truncated, 1),
            ([5, 2, 97], .countTooLarge, 1),
            ([5, 1, 0xff], .invalidUTF8, 2),
            ([6, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1], .countTooLarge, 1),
            ([7, 1], .countTooLarge, 1),
            ([7, 0xff, 0xff, 0xff, 0xff, 7, 0], .countTooLarge, 1),
            ([8, 1, 0], .countTooLarge, 1),
            // Keys that descend, that are equal, that are canonically equivalent.
            ([8, 2, 1, 98, 0, 1, 97, 0], .nonCanonical, 5),
            ([8, 2, 1, 97, 0, 1, 97, 0], .nonCanonical, 5),
            ([8, 2, 3, 0x65, 0xcc, 0x81, 0, 2, 0xc3, 0xa9, 0], .duplicate, 7),
            ([0, 0], .trailingBytes, 1),
            // A date after 999999, a time of 24:00, an offset of 18:00:01, too many seconds.
            ([9, 0xfe, 0xff, 0xff, 0xff, 0x0f], .invalidValue, 1),
            ([10, 0x80, 0x80, 0xe9, 0xb8, 0xf9, 0xd2, 0x13], .invalidValue, 1),
            ([11, 0, 0xc2, 0xf4, 7], .invalidValue, 2),
            ([14, 0, 0, 0x82, 0x80, 0xb4, 0xcc, 0xd4, 0xdf, 0xc6, 0x03, 0], .invalidValue, 1),
            ([14, 0, 0, 0, 0x80, 0x94, 0xeb, 0xdc, 3], .invalidValue, 1),
            // A point of an unknown system, at -0, in the far north; a vector of an unknown type.
            ([15, 4], .invalidValue, 1),
            ([15, 0] + [UInt8](repeating: 0, count: 15) + [0x80], .invalidValue, 1),
            (
                [15, 2] + [UInt8](repeating: 0, count: 8) + [0, 0, 0, 0, 0, 0xc0, 0x56, 0x41],
                .invalidValue, 1
            ),
            ([16, 3], .invalidValue, 1),
            // The name of a zone without bytes, and of one byte more than it may have.
            ([17, 0, 0, 0, 0], .invalidValue, 4),
            ([17, 0, 0, 0, 65] + [UInt8](repeating: 97, count: 65), .invalidValue, 4),
            ([16, 0, 2, 0, 0, 0, 0], .countTooLarge, 2),
        ] as [([UInt8], FormatError.Code, Int)])
    func damagedBytesAreRefused(bytes: [UInt8], code: FormatError.Code, offset: Int) {
        #expect(throws: FormatError(code: code, offset: offset)) { try decodedValue(bytes) }
    }

    @Test func nestingIsLimitedOnDecoding() throws {
        let deepest = repeated([7, 1], 64) + [0]
        #expect(try decodedValue(deepest) == nestedList(64))
        #expect(throws: FormatError(code: .limitExceeded, offset: 128)) {
            try decodedValue([7, 1] + deepest)
        }
        let maps = repeated([8, 1, 0], 65) + [0]
        #expect(throws: FormatError(code: .limitExceeded, offset: 192)) { try decodedValue(maps) }
        let endless = repeated([7, 1], 100_000)
        #expect(throws: FormatError(code: .limitExceeded, offset: 128)) {
            try decodedValue(endless)
        }
    }

    @Test func everyTruncationAndEveryChangedByteGivesAValueOrAnError() {
        for value in sampleValues {
            let bytes = encoded(value)
            for count in bytes.indices {
                #expect(
                    failure { () throws(FormatError) in _ = try decodedValue(Array(bytes[..<count]))
                    } != nil)
            }
            for index in bytes.indices.prefix(80) {
                for byte in UInt8.min...UInt8.max where byte != bytes[index] {
                    var changed = bytes
                    changed[index] = byte
                    // What is accepted is canonical.
                    if let other = try? decodedValue(changed) { #expect(encoded(other) == changed) }
                }
            }
        }
    }
}
