// SPDX-License-Identifier: Apache-2.0
//
// Temporal values as text, as in ISO 8601: with or without separators, days by month, by week, or by their place
// in the year.

/// Reads parts of a temporal value from the beginning of what is left of a text.
struct TemporalParser {
    private let bytes: [UInt8]
    private var index = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { index == bytes.count }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    mutating func take(_ character: Character) -> Bool {
        guard let byte = character.asciiValue, next == byte else { return false }
        index += 1
        return true
    }

    /// How many digits follow.
    private var digitCount: Int {
        bytes[index...].prefix { (0x30...0x39).contains($0) }.count
    }

    /// A number of that many digits.
    private mutating func number(_ count: Int) -> Int64? {
        guard count > 0, count <= 18, digitCount >= count else { return nil }
        var value: Int64 = 0
        for byte in bytes[index..<index + count] { value = value * 10 + Int64(byte - 0x30) }
        index += count
        return value
    }

    // MARK: Days

    mutating func date() -> QueryDate? {
        let isNegative = next == 0x2D
        if isNegative || next == 0x2B { return signedDate(isNegative: isNegative) }
        let count = digitCount
        guard let year = number(4) else { return nil }
        switch count {
        case 8: return number(2).flatMap { month in day(year, month, number(2)) }
        case 7: return number(3).flatMap { QueryDate(year: year, ordinalDay: $0) }
        case 6: return day(year, number(2), 1)
        case 4: return dateWithSeparators(year)
        default: return nil
        }
    }

    private mutating func signedDate(isNegative: Bool) -> QueryDate? {
        index += 1
        guard let year = number(digitCount) else { return nil }
        return dateWithSeparators(isNegative ? -year : year)
    }

    private mutating func dateWithSeparators(_ year: Int64) -> QueryDate? {
        if take("W") {
            guard let week = number(2) else { return nil }
            let weekDay = digitCount == 1 ? number(1) : 1
            return weekDay.flatMap { QueryDate(weekYear: year, week: week, weekDay: $0) }
        }
        guard next == 0x2D else { return QueryDate(year: year, month: 1, day: 1) }
        index += 1
        if take("W") {
            guard let week = number(2) else { return nil }
            let weekDay = take("-") ? number(1) : 1
            return weekDay.flatMap { QueryDate(weekYear: year, week: week, weekDay: $0) }
        }
        if digitCount == 3 { return number(3).flatMap { QueryDate(year: year, ordinalDay: $0) } }
        guard let month = number(2) else { return nil }
        return day(year, month, take("-") ? number(2) : 1)
    }

    private func day(_ year: Int64, _ month: Int64?, _ day: Int64?) -> QueryDate? {
        guard let month, let day else { return nil }
        return QueryDate(year: year, month: month, day: day)
    }

    // MARK: Times

    mutating func time() -> QueryTime? {
        let count = digitCount
        guard let hour = number(2) else { return nil }
        var minute: Int64 = 0
        var second: Int64 = 0
        var nanosecond: Int64 = 0
        var hasSecond = false
        if count == 2, take(":") {
            guard let found = number(2) else { return nil }
            minute = found
            hasSecond = take(":")
        } else if count == 4 || count == 6 {
            guard let found = number(2) else { return nil }
            minute = found
            hasSecond = count == 6
        } else if count != 2 {
            return nil
        }
        if hasSecond {
            guard let found = number(2), let fraction = fraction() else { return nil }
            second = found
            nanosecond = fraction
        }
        return QueryTime(hour: hour, minute: minute, second: second, nanosecond: nanosecond)
    }

    /// Nanoseconds after a point or a comma; 0 when there is neither.
    private mutating func fraction() -> Int64? {
        guard next == 0x2E || next == 0x2C else { return 0 }
        index += 1
        let count = digitCount
        guard count <= 9, var value = number(count) else { return nil }
        for _ in count..<9 { value *= 10 }
        return value
    }

    /// An offset from UTC; nil when there is none.
    mutating func offset() -> Int32? {
        if take("Z") { return 0 }
        let isNegative = next == 0x2D
        guard isNegative || next == 0x2B else { return nil }
        index += 1
        let count = digitCount
        guard count == 2 || count == 4 || count == 6, let hours = number(2) else { return nil }
        var seconds = hours * 3600
        for unit: Int64 in [60, 1] {
            let follows = count == 2 ? take(":") : digitCount > 0
            guard follows else { break }
            guard let part = number(2), part < 60 else { return nil }
            seconds += part * unit
        }
        guard seconds <= 64_800 else { return nil }
        return Int32(isNegative ? -seconds : seconds)
    }

    /// The name of a zone in brackets.
    mutating func zone() -> String? {
        guard take("["), let end = bytes[index...].firstIndex(of: 0x5D), end > index else {
            return nil
        }
        defer { index = end + 1 }
        return String(decoding: bytes[index..<end], as: UTF8.self)
    }

    // MARK: Durations

    /// A number with an optional sign and fraction.
    mutating func decimal() -> Double? {
        let start = index
        if next == 0x2D || next == 0x2B { index += 1 }
        let count = digitCount
        index += count
        if next == 0x2E || next == 0x2C {
            index += 1
            index += digitCount
        }
        guard count > 0 else { return nil }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        return Double(text.replacing(",", with: "."))
    }

    /// The letter that follows, in upper case.
    mutating func letter() -> Character? {
        guard let byte = next else { return nil }
        index += 1
        return Character(UnicodeScalar(byte)).uppercased().first
    }
}
