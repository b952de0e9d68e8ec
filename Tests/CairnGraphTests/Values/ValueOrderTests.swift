// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CairnGraph

struct ValueOrderTests {
    private static func date(_ year: Int) -> CalendarDate {
        CalendarDate(year: year, month: 1, day: 1)!
    }
    private static func time(_ hour: Int) -> LocalTime { LocalTime(hour: hour, minute: 0)! }
    private static func zoned(_ hour: Int, _ offset: Int) -> ZonedTime {
        ZonedTime(time: time(hour), offset: UTCOffset(seconds: offset)!)
    }
    private static func duration(_ months: Int32, _ days: Int32, _ seconds: Int64) -> Value {
        .duration(CalendarDuration(months: months, days: days, seconds: seconds)!)
    }

    /// Values in their order: the definition by example.
    static let ascending: [Value] = [
        .null, .bool(false), .bool(true),
        .double(-.infinity), .double(-1e300), .int(.min), .int(.min + 1), .double(-2),
        .int(-1), .double(-0.5), .double(-0.0), .int(0), .double(0),
        .double(.leastNonzeroMagnitude), .int(1), .double(1), .double(1.5), .int(2),
        .int(1 << 53), .double(0x1p53), .int(1 << 53 + 1), .int(1 << 53 + 2),
        .double(0x1p53 + 2), .int(.max - 1), .int(.max), .double(0x1p63), .double(.infinity),
        .double(.nan), .double(Double(bitPattern: 0x7ff8_0000_0000_0001)),
        .string(""), .string("\u{0}"), .string("\u{0}\u{0}"), .string("\u{1}"), .string("a"),
        .string("a\u{0}"), .string("ab"), .string("b"), .string("e\u{301}"), .string("é"),
        .bytes([]), .bytes([0]), .bytes([0, 0]), .bytes([0, 1]), .bytes([0, 255]), .bytes([1]),
        .bytes([255]),
        .date(date(-5)), .date(date(1969)), .date(date(2026)),
        .localTime(time(0)), .localTime(time(1)), .localTime(time(23)),
        .zonedTime(zoned(1, 7200)), .zonedTime(zoned(0, 0)), .zonedTime(zoned(1, 3600)),
        .zonedTime(zoned(23, 0)),
        .localDateTime(LocalDateTime(date: date(1969), time: time(23))),
        .localDateTime(LocalDateTime(date: date(2026), time: time(1))),
        .localDateTime(LocalDateTime(date: date(2026), time: time(2))),
        .zonedDateTime(
            ZonedDateTime(
                local: LocalDateTime(date: date(2026), time: time(1)),
                offset: UTCOffset(seconds: 7200)!)),
        .zonedDateTime(
            ZonedDateTime(local: LocalDateTime(date: date(2026), time: time(0)), offset: .utc)),
        .zonedDateTime(
            ZonedDateTime(
                local: LocalDateTime(date: date(2026), time: time(0)), offset: .utc, zone: "A")!),
        .zonedDateTime(
            ZonedDateTime(
                local: LocalDateTime(date: date(2026), time: time(0)), offset: .utc, zone: "AB")!),
        duration(-1, 0, 0), duration(0, 0, 0), duration(0, 0, 1), duration(0, 0, 86_400),
        duration(0, 1, 0), duration(0, 30, 0), duration(1, 0, 0), duration(0, 31, 0),
        .point(SpatialPoint(x: -1, y: 5)!), .point(SpatialPoint(x: 0, y: -5)!),
        .point(SpatialPoint(x: 0, y: 1)!),
        .point(SpatialPoint(x: -9, y: 0, z: 0)!),
        .point(SpatialPoint(longitude: -180, latitude: 0)!),
        .vector(.float32([])), .vector(.float32([-0.0])), .vector(.float32([0])),
        .vector(.float32([.nan])), .vector(.float32([-9, 9])), .vector(.float64([1])),
        .vector(.int8([-1])), .vector(.int8([1])), .vector(.int8([-9, 9])),
        .list([]), .list([.null]), .list([.null, .null]), .list([.int(1)]),
        .list([.int(1), .int(0)]), .list([.list([])]), .list([.map([:])]),
        .map([:]), .map(["a": 1]), .map(["a": 1, "b": 0]), .map(["a": 2]), .map(["b": 0]),
    ]

    @Test func allPairsAreInTheDocumentedOrder() {
        for (place, left) in Self.ascending.enumerated() {
            for (other, right) in Self.ascending.enumerated() {
                #expect((left < right) == (place < other), "\(left) < \(right)")
                #expect((left == right) == (place == other), "\(left) == \(right)")
                #expect(left.sortKey.precedes(right.sortKey) == (place < other))
                // Keys can be joined because none is the beginning of another.
                #expect(place == other || !right.sortKey.starts(with: left.sortKey))
            }
        }
    }

    @Test func integersAndDoublesAreComparedExactly() {
        var random = SplitMix64(seed: 11)
        for _ in 0..<20_000 {
            let int = Int64(bitPattern: random.next()) >> Int64(random.below(63))
            let near = Double(int)
            for double in [near, near.nextUp, near.nextDown, near + 0.5] {
                let floor = Int128(double.rounded(.down))
                let isMore = Int128(int) > floor
                // Of equal ones the integer comes first.
                #expect((Value.double(double) < .int(int)) == isMore)
                #expect((Value.int(int) < .double(double)) == !isMore)
            }
        }
    }

    @Test func typesAreOrderedAsTheirValuesAre() {
        var random = SplitMix64(seed: 12)
        func duration() -> CalendarDuration {
            CalendarDuration(
                months: Int32(random.below(5)) - 2, days: Int32(random.below(200)) - 100,
                seconds: Int64(random.below(400_000)) - 200_000,
                nanoseconds: Int32(random.below(2)))!
        }
        func moment() -> ZonedDateTime {
            ZonedDateTime(
                local: LocalDateTime(
                    date: CalendarDate(dayNumber: random.below(3) - 1)!,
                    time: LocalTime(hour: random.below(24), minute: 0)!),
                offset: UTCOffset(seconds: 3600 * (random.below(7) - 3))!)
        }
        for _ in 0..<3000 {
            let durations = (duration(), duration())
            #expect(
                (Value.duration(durations.0) < .duration(durations.1))
                    == (durations.0 < durations.1))
            let moments = (moment(), moment())
            #expect(
                (Value.zonedDateTime(moments.0) < .zonedDateTime(moments.1))
                    == (moments.0 < moments.1))
        }
    }
}
