// SPDX-License-Identifier: Apache-2.0

import CairnFormat
package import CairnFormats

/// What the bytes of an input mean: one line for each value, up to the first error.
package struct Annotation {
    /// One value.
    package struct Line {
        package let range: Range<Int>
        package let kind: String
        package let name: String
        package let value: String
        package let meaning: String
        /// The checks whose checksums cover the bytes.
        package let coveredBy: [String]
        /// The first bytes, as hexadecimal digits.
        package let hex: String
    }

    package let format: String
    package let byteCount: Int
    package let lines: [Line]
    /// Why the reading ended, if it did not come to the end.
    package let failure: (error: ErrorClass, at: Int, check: String)?
    /// What the modes make of it.
    package let outcomes: [ReadingMode: Outcome]

    private static let shownByteCount = 12

    /// Annotates an input.
    ///
    /// - Parameters:
    ///   - type: The type that the input has as a whole, where it is not the root of the format.
    ///   - shownByteCount: Values that begin behind this are read and have no line.
    ///   - judges: Whether to find out what the modes make of an error.
    package init(
        _ format: ResolvedFormat, _ input: [UInt8], context: [String: DynamicValue] = [:],
        type: String? = nil, shownByteCount: Int = .max, judges: Bool = true
    ) {
        let reader = Reader(format, input, traces: true)
        reader.tracedByteCount = shownByteCount
        var failure: (error: ErrorClass, at: Int, check: String)?
        do throws(ReadingFailure) {
            if let type {
                _ = try reader.read(type: type, [], Scope(parent: nil, start: 0))
            } else {
                _ = try reader.readRoot(context)
            }
        } catch {
            failure = (error.error, error.at, error.check)
        }
        self.format = format.name
        byteCount = input.count
        self.failure = failure
        outcomes =
            failure == nil || !judges
            ? [:] : Reader.outcomes(format, input, context: context).outcomes
        var covers = Covers(reader.checksums)
        lines = reader.spans.sorted { $0.range.lowerBound < $1.range.lowerBound }.map { span in
            let covering = covers.take(span.range)
            let shown = input[span.range].prefix(Self.shownByteCount)
            return Line(
                range: span.range, kind: span.kind, name: span.path.joined(separator: "."),
                value: Self.text(span), meaning: span.meaning,
                coveredBy: Array(Set(covering.map(\.check))).sorted(),
                hex: Array(shown).hex + (span.range.count > Self.shownByteCount ? "\u{2026}" : ""))
        }
    }

    private static func text(_ span: ReadSpan) -> String {
        switch span.value {
        case .int(let value): span.tagName.map { "\(value) \($0)" } ?? "\(value)"
        case .text(let bytes): "'" + visible(bytes) + "'"
        case .bytes(let bytes): "\(bytes.count) bytes"
        default: ""
        }
    }

    private static func visible(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.prefix(40), as: UTF8.self).visible
            + (bytes.count > 40 ? "\u{2026}" : "")
    }

    /// The dump; `highlight` may dress up parts for a terminal.
    package func text(_ highlight: (Part, String) -> String = { _, text in text }) -> String {
        var output = ""
        writeLines(fileByteCount: byteCount, highlight) { output += $0 }
        return output + end(highlight)
    }

    /// Writes the title and two lines for each value.
    ///
    /// - Parameter fileByteCount: How many bytes the file has, of which the input may be the start.
    package func writeLines<Failure: Error>(
        fileByteCount: Int, _ highlight: (Part, String) -> String,
        to sink: (String) throws(Failure) -> Void
    ) throws(Failure) {
        try sink(highlight(.title, "\(format), \(fileByteCount) bytes") + "\n")
        for line in lines {
            var output = ""
            let offset = Self.padded("\(line.range.lowerBound)", 8, left: true)
            output += highlight(.offset, offset) + "  "
            output += highlight(.bytes, Self.padded(line.hex, Self.shownByteCount * 2 + 1)) + "  "
            output += Self.padded(line.kind, 7) + " "
            output += highlight(.name, line.name) + " = " + highlight(.value, line.value)
            output += "\n" + String(repeating: " ", count: 37)
            output += highlight(.meaning, line.meaning)
            if !line.coveredBy.isEmpty {
                output += highlight(.meaning, " [\(line.coveredBy.joined(separator: ", "))]")
            }
            try sink(output + "\n")
        }
    }

    /// How the reading ends, and what recovery makes of it.
    package func end(_ highlight: (Part, String) -> String) -> String {
        guard let failure else { return highlight(.good, "valid: nothing is left over") + "\n" }
        let category = failure.error.category.rawValue
        var output =
            highlight(
                .bad,
                "error at byte \(failure.at): \(failure.error.name) (\(category)), check \(failure.check): "
                    + failure.error.meaning) + "\n"
        guard let recovered = outcomes[.recover] else { return output }
        if let cut = recovered.truncateTo {
            output += "recovery: a torn end, to be cut off at byte \(cut)\n"
        } else if let proof = recovered.proof {
            output += "recovery: a loss, proven by \(proof)\n"
        }
        return output
    }

    /// A part of the dump.
    package enum Part: Sendable { case title, offset, bytes, name, value, meaning, good, bad }

    private static func padded(_ text: String, _ width: Int, left: Bool = false) -> String {
        let spaces = String(repeating: " ", count: max(0, width - text.count))
        return left ? spaces + text : text + spaces
    }
}

/// Finds the checksums that cover a range, for ranges that ascend.
private struct Covers {
    private let checksums: [ChecksumSpan]
    private var next = 0
    /// Those that begin before the range taken last and end behind its start.
    private var open: [ChecksumSpan] = []

    init(_ checksums: [ChecksumSpan]) {
        self.checksums = checksums.sorted { $0.covered.lowerBound < $1.covered.lowerBound }
    }

    /// - Complexity: O(1) amortised, for checksums that hardly overlap.
    mutating func take(_ range: Range<Int>) -> [ChecksumSpan] {
        while next < checksums.count, checksums[next].covered.lowerBound <= range.lowerBound {
            open.append(checksums[next])
            next += 1
        }
        open.removeAll { $0.covered.upperBound < range.lowerBound }
        return open.filter { range.upperBound <= $0.covered.upperBound }
    }
}
