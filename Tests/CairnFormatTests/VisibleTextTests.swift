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

    private static func isWritten(_ scalar: Unicode.Scalar) -> Bool {
        String(scalar).visible != String(scalar)
    }

    /// Whatever the library of this platform calls control, format or separator is in the table: a newer version of
    /// Unicode with more of them makes this red.
    @Test func nothingThatIsObeyedIsLeft() {
        let left = (UInt32(0)...0x10ffff).compactMap(Unicode.Scalar.init).filter { scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .format: !Self.isWritten(scalar)
            default: scalar.properties.isBidiControl && !Self.isWritten(scalar)
            }
        }
        // Scripts and emoji need the joiners.
        #expect(left.map(\.value) == [0x200c, 0x200d])
    }

    /// What is written out is one of those, or has no character yet and would not be shown.
    @Test func nothingThatIsShownIsWrittenOut() {
        let written = (UInt32(0)...0x10ffff).compactMap(Unicode.Scalar.init).filter(Self.isWritten)
        let shown = written.filter { scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .format: false
            case .unassigned: !scalar.properties.isDefaultIgnorableCodePoint
            default: true
            }
        }
        #expect(shown.map(\.value) == [])
        #expect(written.count == 4004)
    }

    /// Characters that a newer version of Unicode has given a place are shown as they are by any toolchain.
    @Test(arguments: ["\u{1acf}", "\u{1adc}", "\u{323b0}", "\u{fe00}", "\u{e0100}"])
    func youngCharactersAndVariationSelectorsStay(text: String) {
        #expect(("a" + text).visible == "a" + text)
    }
}
