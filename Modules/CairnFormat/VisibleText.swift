// SPDX-License-Identifier: Apache-2.0
//
// How foreign text is shown to people.
//
// - Names, values, paths and arguments come from files and callers. Written as they are, they can move the
//   cursor, colour the screen, change its title, reverse what stands beside them, or begin a line of their own.
// - All text of the tool for a terminal or a log goes through ``visible``, line by line; the library's errors put
//   names through ``quoted``. JSON and exported graphs are for programs and stay exact.

extension String {
    /// The text on one line, without anything that a terminal obeys: each control character, line separator and
    /// invisible format character is written as an escape, `\n` or `\u{1b}`.
    ///
    /// The joiners U+200C and U+200D stay, because scripts and emoji need them. A backslash stays as it is, so the
    /// result is for people; what has to be read back is JSON.
    ///
    /// - Complexity: O(*n*).
    package var visible: String {
        guard unicodeScalars.contains(where: { $0.isObeyed }) else { return self }
        var result = ""
        for scalar in unicodeScalars {
            if scalar.isObeyed {
                result += scalar.visibleEscape
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The text in double quotes, as ``visible``, with a backslash before quotes and backslashes within.
    package var quoted: String {
        var result = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.isObeyed: result += scalar.visibleEscape
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension Unicode.Scalar {
    /// True for what a terminal acts on, or hides, instead of showing it.
    fileprivate var isObeyed: Bool {
        if value < 0x7f { return value < 0x20 }
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: return true
        case .format: return value != 0x200c && value != 0x200d
        default: return false
        }
    }

    fileprivate var visibleEscape: String {
        switch self {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        default: "\\u{\(String(value, radix: 16))}"
        }
    }
}
