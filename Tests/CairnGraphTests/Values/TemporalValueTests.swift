// SPDX-License-Identifier: Apache-2.0

import CairnGraph
import Testing

struct TemporalValueTests {
    /// The calendar, day by day, by counting.
    @Test func datesFollowOneAnother() {
        var (year, month, day) = (1890, 1, 1)
        var number = Int(CalendarDate(year: year, month: month, day: day)!.dayNumber)
        while year < 2110 {
            let date = CalendarDate(year: year, month: month, day: day)
            guard date?.dayNumber == Int32(number), date == CalendarDate(dayNumber: number),
                date?.year == year, date?.month == month, date?.day == day
            else {
                Issue.record("\(year)-\(month)-\(day)")
                return
            }
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let counts = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            number += 1
            day += 1
            if day > counts[month - 1] { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
        #expect(CalendarDate(dayNumber: 0)?.description == "1970-01-01")
        #expect(CalendarDate(year: 2000, month: 2, day: 29)?.dayNumber == 11_016)
    }

    @Test func farDatesRoundTrip() {
        for year in [-999_999, -400, -1, 0, 1, 999_999] {
            for (month, day) in [(1, 1), (2, 28), (12, 31)] {
                let date = CalendarDate(year: year, month: month, day: day)!
                #expect((date.year, date.month, date.day) == (year, month, day))
                #expect(CalendarDate(dayNumber: Int(date.dayNumber)) == date)
            }
        }
        let last = Int(CalendarDate(year: 999_999, month: 12, day: 31)!.dayNumber)
        #expect(CalendarDate(dayNumber: last + 1) == nil)
    }

    @Test func whatIsNotThereIsRefused() {
        for (year, month, day) in [
            (2026, 2, 29), (1900, 2, 29), (2026, 0, 1), (2026, 13, 1), (2026, 4, 31), (2026, 1, 0),
            (1_000_000, 1, 1),
        ] {
            #expect(CalendarDate(year: year, month: month, day: day) == nil)
        }
        #expect(CalendarDate(dayNumber: .max) == nil && CalendarDate(dayNumber: .min) == nil)
        #expect(LocalTime(hour: 24, minute: 0) == nil && LocalTime(hour: 0, minute: 60) == nil)
        #expect(LocalTime(nanosecondOfDay: -1) == nil)
        #expect(LocalTime(nanosecondOfDay: LocalTime.nanosecondsPerDay) == nil)
        #expect(UTCOffset(seconds: 64_801) == nil && UTCOffset(seconds: -64_801) == nil)
        #expect(CalendarDuration(seconds: .max) == nil && CalendarDuration(nanoseconds: -1) == nil)
        #expect(SpatialPoint(x: .nan, y: 0) == nil && SpatialPoint(x: 0, y: .infinity) == nil)
        #expect(SpatialPoint(longitude: 181, latitude: 0) == nil)
        #expect(SpatialPoint(longitude: 0, latitude: -91) == nil)
        #expect(
            SpatialPoint(.cartesian, [1, 2, 3]) == nil && SpatialPoint(.wgs84With3D, [1, 2]) == nil)
    }

    @Test func descriptionsAreThoseOfISO8601() {
        let time = LocalTime(hour: 1, minute: 2, second: 3, nanosecond: 40_000_000)!
        let date = CalendarDate(year: 2026, month: 11, day: 5)!
        let offset = UTCOffset(seconds: -(5 * 3600 + 30 * 60))!
        #expect("\(date)" == "2026-11-05")
        #expect("\(CalendarDate(year: -3, month: 1, day: 2)!)" == "-000003-01-02")
        #expect("\(time)" == "01:02:03.04")
        #expect("\(LocalTime(hour: 23, minute: 59)!)" == "23:59:00")
        #expect("\(ZonedTime(time: time, offset: .utc))" == "01:02:03.04Z")
        let moment = LocalDateTime(date: date, time: time)
        #expect("\(ZonedDateTime(local: moment, offset: offset))" == "2026-11-05T01:02:03.04-05:30")
        #expect("\(UTCOffset(seconds: 3661)!)" == "+01:01:01")
        let negative = CalendarDuration(months: 1, days: 2, seconds: -1, nanoseconds: 500_000_000)!
        #expect("\(negative)" == "P1M2DT-0.5S")
        #expect("\(CalendarDuration(seconds: 3)!)" == "P0M0DT3S")
        #expect(LocalTime(hour: 1, minute: 2, second: 3, nanosecond: 4)?.nanosecond == 4)
    }

    @Test func momentsAreComparedAcrossZones() {
        let date = CalendarDate(dayNumber: 0)!
        let local = LocalDateTime(date: date, time: LocalTime(nanosecondOfDay: 0)!)
        let east = ZonedDateTime(local: local, offset: UTCOffset(seconds: 3600)!)
        let west = ZonedDateTime(local: local, offset: UTCOffset(seconds: -3600)!)
        #expect(east < west && east.secondsSince1970 == -3600 && west.secondsSince1970 == 3600)
    }
}
