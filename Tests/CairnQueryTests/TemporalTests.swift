// SPDX-License-Identifier: Apache-2.0

import CairnGraph
import Testing

@testable import CairnQuery

struct TemporalTests {
    /// Two zones that need no files: one that goes an hour ahead for ever at the beginning of 2000, and UTC.
    private struct Zones: QueryTimeZones {
        private static let change: Int64 = 946_684_800

        func offset(of zone: String, atSecondSince1970 second: Int64) -> Int32? {
            switch zone {
            case "Test/Ahead": second < Self.change ? 0 : 3600
            case "Test/UTC": 0
            default: nil
            }
        }

        func offset(of zone: String, atLocalSecond second: Int64) -> Int32? {
            offset(of: zone, atSecondSince1970: second < Self.change ? second : second - 1)
        }
    }

    private func value(_ expression: String) throws -> String {
        let engine = QueryEngine(host: QueryHost(timeZones: Zones()) { (86_400, 5) })
        let result = try GraphStore().query(
            Query("RETURN " + expression + " AS x", [:]), with: engine)
        return result[0][0].description
    }

    @Test(arguments: [
        ("date({year: 1984, week: 10, dayOfWeek: 3})", "1984-03-07"),
        ("date({year: 2020, ordinalDay: 366})", "2020-12-31"),
        ("date({year: 1984, quarter: 3, dayOfQuarter: 45})", "1984-08-14"),
        ("date('2015W302')", "2015-07-21"),
        ("date('-0001-12-31')", "-0001-12-31"),
        ("date({date: date('1816-12-31'), week: 2})", "1817-01-07"),
        ("time('214032.142+0100')", "21:40:32.142+01:00"),
        ("time({time: time('12:31+01:00'), timezone: '+05:00'})", "16:31+05:00"),
        ("localdatetime('2015-W30T2140')", "2015-07-20T21:40"),
        ("datetime('2001-01-01T00:00[Test/Ahead]')", "2001-01-01T00:00+01:00[Test/Ahead]"),
        (
            "datetime({datetime: datetime('2001-01-01T00:00Z'), timezone: 'Test/Ahead'})",
            "2001-01-01T01:00+01:00[Test/Ahead]"
        ),
        (
            "datetime('1999-12-31T23:30[Test/Ahead]') + duration('PT1H')",
            "2000-01-01T01:30+01:00[Test/Ahead]"
        ),
        ("duration({months: 0.75})", "P22DT19H51M49.5S"),
        ("duration('P2012-02-02T14:37:21.545')", "P2012Y2M2DT14H37M21.545S"),
        ("duration({seconds: -60, milliseconds: -1})", "PT-1M-0.001S"),
        ("date('2020-01-31') + duration('P1M')", "2020-02-29"),
        ("duration('P12Y5M14DT16H13M10S') / 2", "P6Y2M22DT13H21M8S"),
        ("duration.between(date('1984-10-11'), date('2015-06-24'))", "P30Y8M13D"),
        ("duration.inDays(date('2015-06-24'), date('1984-10-11'))", "P-11213D"),
        ("date.truncate('weekYear', date('1984-02-01'))", "1984-01-02"),
        (
            "datetime.truncate('hour', datetime('2001-05-06T07:08:09+02:00'), {minute: 5})",
            "2001-05-06T07:05+02:00"
        ),
        ("datetime()", "1970-01-02T00:00:00.000000005Z"),
        ("datetime('2001-05-06T07:08Z').epochMillis", "989132880000"),
    ])
    func gives(_ expression: String, _ expected: String) throws {
        #expect(try value(expression) == expected)
    }

    @Test func aPropertyKeepsTheNameOfAZone() throws {
        let engine = QueryEngine(host: QueryHost(timeZones: Zones()) { (86_400, 5) })
        var graph = GraphStore()
        try graph.execute(
            "CREATE (:A {at: datetime('2001-01-01T00:00[Test/Ahead]')})", with: engine)
        let result = try graph.query("MATCH (n:A) RETURN n.at, n.at.timezone", with: engine)
        #expect(result[0][0].description == "2001-01-01T00:00+01:00[Test/Ahead]")
        #expect(result[0][1] == "Test/Ahead")
        let same = try graph.query(
            "MATCH (n:A {at: datetime('2001-01-01T00:00[Test/Ahead]')}) RETURN n", with: engine)
        #expect(same.count == 1)
    }

    @Test(arguments: [
        "date('2021-02-29')", "date({year: 2021, month: 13})", "date({year: 2021, week: 53})",
        "time('25:00')", "datetime('2001-01-01T00:00[No/Where]')", "duration('P')",
        "date({year: 10000000000})", "date('2020-01-01') + duration({months: 1e18})",
        "duration({nanoseconds: 1e300})", "duration({weeks: 'x'})",
        "date.truncate('fortnight', date('2020-01-01'))",
    ])
    func isRefused(_ expression: String) throws {
        #expect(throws: QueryError.self) { try value(expression) }
    }

    @Test func aDayIsTheSameInAStore() throws {
        for day in stride(from: -800_000 as Int64, through: 800_000, by: 997) {
            let date = try #require(QueryDate(dayNumber: day))
            // Years before 0 have more digits in a store's text, so the numbers are compared.
            let stored = date.stored.map { [Int64($0.year), Int64($0.month), Int64($0.day)] }
            #expect(stored == [Int64(date.year), Int64(date.month), Int64(date.day)])
            #expect(date.stored.map { QueryDate($0) } == date)
            #expect(
                QueryDate(weekYear: date.weekYear, week: date.week, weekDay: date.weekDay) == date)
        }
    }
}
