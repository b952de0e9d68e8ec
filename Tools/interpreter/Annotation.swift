// SPDX-License-Identifier: Apache-2.0

package import CairnFormat

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
    package init(_ format: ResolvedFormat, _ input: [UInt8], context: [String: DynamicValue] = [:])
    {
        let reader = Reader(format, input, traces: true)
        var failure: (error: ErrorClass, at: Int, check: String)?
        do throws(ReadingFailure) {
            _ = try reader.readRoot(context)
        } catch {
            failure = (error.error, error.at, error.check)
        }
        self.format = format.name
        byteCount = input.count
        self.failure = failure
        outcomes = Reader.outcomes(format, input, context: context).outcomes
        let checksums = reader.checksums
        lines = reader.spans.sorted { $0.range.lowerBound < $1.range.lowerBound }.map { span in
            let covering = checksums.filter {
                $0.covered.lowerBound <= span.range.lowerBound
                    && span.range.upperBound <= $0.covered.upperBound
            }
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

    /// Text without anything that a terminal would obey.
    private static func visible(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes.prefix(40), as: UTF8.self)
        let scalars = text.unicodeScalars.map { scalar -> String in
            let isPlain =
                scalar.value >= 0x20 && !(0x7f...0x9f).contains(scalar.value)
                && scalar.properties.generalCategory != .format
            return isPlain ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
        }
        return scalars.joined() + (bytes.count > 40 ? "\u{2026}" : "")
    }

    /// The dump; `highlight` may dress up parts for a terminal.
    package func text(_ highlight: (Part, String) -> String = { _, text in text }) -> String {
        var output = highlight(.title, "\(format), \(byteCount) bytes") + "\n"
        for line in lines {
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
            output += "\n"
        }
        return output + end(highlight)
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
