// SPDX-License-Identifier: Apache-2.0
//
// Examples, byte by byte. All bytes of an example are there: those that an earlier example of the document
// has in the same place are said to be so.

import CairnFormats
import CairnInterpreter

/// The examples of one document.
struct ExampleText {
    private var shown: [ShownLine: String] = [:]
    private var explained: Set<String> = []
    private static let rowByteCount = 8

    private struct ShownLine: Hashable {
        let start: Int
        let bytes: [UInt8]
        let name: String
    }

    /// An example with its heading.
    mutating func section(_ name: String, _ comment: String, _ dump: String) -> String {
        "## Example: \(name)\n\n\(comment)\n\n```text\n\(dump)```"
    }

    /// The dump of an input.
    mutating func dump(_ name: String, _ bytes: [UInt8], _ annotation: Annotation) -> String {
        var output = "\(annotation.format), \(bytes.count) bytes\n"
        output += lines(name, bytes, annotation.lines, from: 0)
        let end = annotation.lines.map(\.range.upperBound).max() ?? 0
        if end < bytes.count {
            output += Self.row(end, Array(bytes[end...]), "", "not read")
        }
        return output + annotation.end { _, text in text }
    }

    /// The lines of a part of a file that begins at an offset.
    mutating func lines(
        _ example: String, _ bytes: [UInt8], _ lines: [Annotation.Line], from base: Int
    ) -> String {
        var output = ""
        var repeated: (name: String, end: Int)?
        var group = ""
        for line in lines {
            let content = Array(bytes[line.range])
            let known = ShownLine(
                start: base + line.range.lowerBound, bytes: content, name: line.name)
            if let earlier = shown[known], earlier != example {
                repeated = (earlier, base + line.range.upperBound)
                continue
            }
            if let skipped = repeated { output += Self.note(skipped) }
            repeated = nil
            shown[known] = example
            let (parent, last) = Self.split(line.name)
            if parent != group, !parent.isEmpty { output += "        \(parent)\n" }
            group = parent
            let value = line.value.isEmpty ? "" : " = \(line.value)"
            output += Self.row(
                base + line.range.lowerBound, content, line.kind,
                (parent.isEmpty ? "" : "  .") + last + value)
            guard explained.insert(Self.withoutNumbers(line.name)).inserted else { continue }
            let sums = line.coveredBy.isEmpty ? "" : " [\(line.coveredBy.joined(separator: ", "))]"
            output += String(repeating: " ", count: 35) + line.meaning + sums + "\n"
        }
        if let skipped = repeated { output += Self.note(skipped) }
        return output
    }

    private static func note(_ skipped: (name: String, end: Int)) -> String {
        "        \u{2026} as in \(skipped.name), to byte \(skipped.end - 1)\n"
    }

    /// The name of what a value is in, and its own.
    private static func split(_ name: String) -> (parent: String, last: String) {
        guard let dot = name.lastIndex(of: ".") else { return ("", name) }
        return (String(name[..<dot]), String(name[name.index(after: dot)...]))
    }

    /// The name without which element of a list it is.
    private static func withoutNumbers(_ name: String) -> String {
        var depth = 0
        return name.filter { character in
            if character == "[" { depth += 1 }
            defer { if character == "]" { depth -= 1 } }
            return depth == 0
        }
    }

    private static func row(_ offset: Int, _ bytes: [UInt8], _ kind: String, _ text: String)
        -> String
    {
        var output = ""
        var start = 0
        repeat {
            let part = Array(bytes[start..<min(bytes.count, start + rowByteCount)])
            let place = "\(offset + start)"
            output +=
                String(repeating: " ", count: max(0, 6 - place.count)) + place + "  " + part.hex
            if start == 0 {
                let gap = String(repeating: " ", count: rowByteCount * 2 - part.hex.count)
                let word = kind + String(repeating: " ", count: max(0, 7 - kind.count))
                output += "\(gap)  \(word) \(text)"
            }
            output += "\n"
            start += rowByteCount
        } while start < bytes.count
        return output
    }
}
