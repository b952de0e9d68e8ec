// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
internal import Foundation

/// The remark on commit times that are ahead of the clock.
///
/// Commit times never go back. So after one commit with a clock that was ahead, all later ones have that time
/// until the clock has caught up, and restoring to a point in time cannot tell them apart.
struct ClockRemark {
    let text: String

    /// Clocks of machines differ by that much without anything being wrong.
    private static let toleranceNanoseconds: UInt64 = 60_000_000_000

    /// - Parameter lastCommitNanoseconds: The latest commit time of a log; 0 when there is none.
    /// - Returns: Nil when it is not ahead.
    init?(lastCommitNanoseconds: UInt64, now: UInt64 = SystemTime().wallNanoseconds()) {
        let ahead = lastCommitNanoseconds.subtractingReportingOverflow(now)
        guard !ahead.overflow, ahead.partialValue > Self.toleranceNanoseconds else { return nil }
        text =
            "the latest commit time is \(utcText(lastCommitNanoseconds)), \(Self.length(ahead.partialValue)) ahead of "
            + "this clock, which was ahead then or is behind now; until it gets there, every commit has that time"
    }

    private static func length(_ nanoseconds: UInt64) -> String {
        let seconds = nanoseconds / 1_000_000_000
        let units: [(UInt64, String)] = [(86_400, "day"), (3600, "hour"), (60, "minute")]
        for (size, noun) in units where seconds >= size { return counted(seconds / size, noun) }
        return counted(seconds, "second")
    }
}

/// Reads a time in UTC, with or without parts of a second; nil for anything else, or a time before 1970.
func nanoseconds(utc text: String) -> UInt64? {
    let style = Date.ISO8601FormatStyle()
    guard
        let date = (try? style.parse(text))
            ?? (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text))
    else { return nil }
    let milliseconds = (date.timeIntervalSince1970 * 1000).rounded()
    return UInt64(exactly: milliseconds).flatMap {
        let (product, isOverflow) = $0.multipliedReportingOverflow(by: 1_000_000)
        return isOverflow ? nil : product
    }
}

/// A time in UTC, to the millisecond.
func utcText(_ nanoseconds: UInt64) -> String {
    let date = Date(timeIntervalSince1970: Double(nanoseconds / 1_000_000) / 1000)
    return date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
}
