// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
internal import SystemPackage

/// A line on the terminal that says how far the work is. It is written over itself and gone in the end.
struct ProgressBar {
    /// How far the work is.
    struct Progress {
        /// How many things were done.
        var count: Int
        /// How many bytes of the input were used up.
        var byteCount: Int
        /// How many bytes the input has, where that is known.
        var byteCountTotal: Int?
        /// How long the work has taken.
        var seconds: Double
    }

    private static let intervalSeconds = 0.1

    private let noun: String
    private let columnCount: Int?
    private var nextSeconds = 0.0
    private var isShown = false

    /// A bar on the terminal behind standard error; nothing when there is none.
    ///
    /// - Parameter noun: What is counted.
    init(counting noun: String, isEnabled: Bool) {
        self.noun = noun
        let terminal = FileDescriptor.standardError.rawValue
        columnCount = isEnabled ? ProcessFacts.terminalColumnCount(descriptor: terminal) : nil
    }

    /// Shows how far the work is, if there is a terminal and the last time is a while ago.
    mutating func show(_ progress: Progress) {
        guard let columnCount, progress.seconds >= nextSeconds else { return }
        nextSeconds = progress.seconds + Self.intervalSeconds
        isShown = true
        write("\r" + Self.text(progress, counting: noun, columnCount: columnCount) + "\u{1b}[K")
    }

    /// Removes the line.
    mutating func clear() {
        guard isShown else { return }
        isShown = false
        write("\r\u{1b}[K")
    }

    private func write(_ text: String) {
        _ = try? FileDescriptor.standardError.writeAll(text.utf8)
    }

    /// The line, at most `columnCount - 1` characters wide.
    static func text(_ progress: Progress, counting noun: String, columnCount: Int) -> String {
        let rate = progress.seconds > 0 ? Double(progress.count) / progress.seconds : 0
        var facts = "\(grouped(progress.count)) \(noun)  \(grouped(Int(rate)))/s"
        guard let total = progress.byteCountTotal, total > 0 else {
            return String(facts.prefix(columnCount - 1))
        }
        let share = min(1, Double(progress.byteCount) / Double(total))
        let percent = String(Int(share * 100)) + " %"
        if share > 0, progress.seconds > 0.5 {
            facts += "  " + duration(progress.seconds / share * (1 - share)) + " left"
        }
        let prefix = String(repeating: " ", count: 6 - percent.count) + percent + "  "
        let room = min(30, columnCount - 1 - prefix.count - facts.count - 4)
        guard room >= 8 else { return String((prefix + facts).prefix(columnCount - 1)) }
        let filled = Int(share * Double(room))
        let bar =
            String(repeating: "#", count: filled) + String(repeating: "-", count: room - filled)
        return "[\(bar)]\(prefix)\(facts)"
    }

    /// `1:05`, or `2:00:05`.
    private static func duration(_ seconds: Double) -> String {
        let whole = Int(min(seconds.rounded(.up), 359_999))
        func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let minutes = whole / 60
        if minutes < 60 { return "\(minutes):\(twoDigits(whole % 60))" }
        return "\(minutes / 60):\(twoDigits(minutes % 60)):\(twoDigits(whole % 60))"
    }
}

/// `63,666`
func grouped(_ number: some BinaryInteger) -> String {
    let digits = String(number.magnitude)
    var result = ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index).isMultiple(of: 3) { result.append(",") }
        result.append(digit)
    }
    return number < 0 ? "-" + result : result
}

/// A number and what it counts: "1 segment", "2 segments".
func counted(_ number: some BinaryInteger, _ noun: String) -> String {
    "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
}

/// `1.4 MB`, in powers of 1000.
func readableByteCount(_ byteCount: some BinaryInteger) -> String {
    let units = ["bytes", "kB", "MB", "GB", "TB"]
    var value = Double(byteCount)
    var unit = 0
    while value >= 999.95, unit < units.count - 1 {
        value /= 1000
        unit += 1
    }
    if unit == 0 { return "\(byteCount) bytes" }
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10) \(units[unit])"
}
