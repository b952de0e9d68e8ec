// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CairnFormat

struct VisibleTextTests {
    static let texts: [(String, String)] = [
        ("", ""),
        ("plain ~ text", "plain ~ text"),
        ("Größe 山 😀", "Größe 山 😀"),
        ("a\nb\tc\rd", #"a\nb\tc\rd"#),
        ("\r\n", #"\r\n"#),
        ("\u{1b}[31m\u{7}\u{0}", #"\u{1b}[31m\u{7}\u{0}"#),
        ("\u{7f}\u{9b}31m\u{85}", #"\u{7f}\u{9b}31m\u{85}"#),
        ("\u{202e}cod\u{2066}\u{200e}\u{61c}", #"\u{202e}cod\u{2066}\u{200e}\u{61c}"#),
        ("\u{2028}\u{2029}\u{feff}\u{e0041}", #"\u{2028}\u{2029}\u{feff}\u{e0041}"#),
        // Scripts and emoji need the joiners.
        ("👩\u{200d}🚀 می\u{200c}خواهم", "👩\u{200d}🚀 می\u{200c}خواهم"),
        (#"C:\n"#, #"C:\n"#),
    ]

    @Test(arguments: texts)
    func whatATerminalObeysIsWrittenOut(text: String, expected: String) {
        #expect(text.visible == expected)
        #expect(text.visible.visible == expected)
    }

    @Test func quotesMakeTheEndOfATextPlain() {
        #expect("a\"b\\\n\u{9b}\u{202e}".quoted == #""a\"b\\\n\u{9b}\u{202e}""#)
    }

    /// All scalars below U+3000, the compatibility forms, and the tags: what is left has no category that a terminal
    /// acts on.
    @Test func nothingThatIsObeyedIsLeft() {
        for range in [UInt32(0)...0x2fff, 0xf900...0xffff, 0xe0000...0xe01ff] {
            var text = ""
            text.unicodeScalars.append(contentsOf: range.compactMap(Unicode.Scalar.init))
            let left = text.visible.unicodeScalars.filter { scalar in
                switch scalar.properties.generalCategory {
                case .control, .lineSeparator, .paragraphSeparator, .format: true
                default: scalar.properties.isBidiControl
                }
            }
            #expect(left.map(\.value) == (range.contains(0x200c) ? [0x200c, 0x200d] : []))
        }
    }
}
