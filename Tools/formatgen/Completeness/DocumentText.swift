// SPDX-License-Identifier: Apache-2.0

/// A document, cut at its headings.
struct DocumentText {
    private var bodies: [String: [String]] = [:]

    init(_ text: String) {
        var heading = ""
        var isCode = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") { isCode.toggle() }
            if !isCode, line.hasPrefix("#") {
                heading = String(line)
                bodies[heading] = bodies[heading] ?? []
            } else if !line.isEmpty {
                bodies[heading, default: []].append(String(line))
            }
        }
    }

    /// The lines below a heading, without empty ones; nil if there is no such heading.
    func body(_ heading: String) -> [String]? { bodies[heading] }

    /// The headings that begin so.
    func headings(_ start: String) -> [String] {
        bodies.keys.filter { $0.hasPrefix(start) }.sorted()
    }

    /// The rows of the table below a heading, without its head.
    func rows(_ heading: String) -> [[String]] {
        (body(heading) ?? []).filter { $0.hasPrefix("| ") }.dropFirst(2).map(Self.cells)
    }

    /// The head of the table below a heading.
    func head(_ heading: String) -> [String] {
        (body(heading) ?? []).first { $0.hasPrefix("| ") }.map(Self.cells) ?? []
    }

    private static func cells(_ line: String) -> [String] {
        let marked = line.replacing("\\|", with: "\u{1}")
        return marked.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
            .map { cell in
                var text = Substring(cell.replacing("\u{1}", with: "|"))
                while text.first == " " { text = text.dropFirst() }
                while text.last == " " { text = text.dropLast() }
                return String(text)
            }
    }
}
