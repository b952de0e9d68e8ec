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
    /// True for what a terminal acts on, or hides, instead of showing it: the categories Cc, Cf, Zl and Zp of Unicode
    /// 17.0, and the places that Unicode reserves for more characters that are not shown.
    ///
    /// A table of ours, and not what the standard library knows: that is of another version on each platform and with
    /// each toolchain, so that the same name would be written in two ways.
    fileprivate var isObeyed: Bool {
        if value < 0x7f { return value < 0x20 }
        return switch value {
        case 0x7f...0x9f, 0xad: true
        case 0x600...0x605, 0x61c, 0x6dd, 0x70f, 0x890...0x891, 0x8e2, 0x180e: true
        // Between 0x200b and 0x200e are the joiners.
        case 0x200b, 0x200e...0x200f, 0x2028...0x202e, 0x2060...0x206f: true
        case 0xfeff, 0xfff0...0xfffb: true
        case 0x110bd, 0x110cd, 0x13430...0x1343f, 0x1bca0...0x1bca3, 0x1d173...0x1d17a: true
        // But for the variation selectors from 0xe0100 on.
        case 0xe0000...0xe00ff, 0xe01f0...0xe0fff: true
        default: false
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
