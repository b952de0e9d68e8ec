// SPDX-License-Identifier: Apache-2.0

import CairnIO
import Testing

struct FileNameTests {
    @Test func acceptsVisibleASCII() {
        for byte in UInt8(0x21)...0x7e where byte != UInt8(ascii: "/") && byte != UInt8(ascii: ".")
        {
            #expect(FileName(String(UnicodeScalar(byte)))?.string.utf8.first == byte)
        }
        for name in ["...", ".a", "a.", "..a", String(repeating: "a", count: 255)] {
            #expect(FileName(name)?.string == name)
        }
    }

    @Test func refusesEverythingElse() {
        for byte in Array(UInt8(0)...0x20) + [0x7f] {
            #expect(FileName("a" + String(UnicodeScalar(byte))) == nil, "byte \(byte)")
        }
        let refused = ["", ".", "..", "/", "a/b", "a/", "/a", "é", "a\u{0}b"]
        for name in refused + [String(repeating: "a", count: 256)] {
            #expect(FileName(name) == nil, "\(name)")
        }
    }

    @Test func orderIsThatOfTheBytes() {
        let names: [FileName] = ["b", "a", "B", "10", "9", "_", "a.b", "a-b"]
        #expect(names.sorted().map(\.string) == ["10", "9", "B", "_", "a", "a-b", "a.b", "b"])
    }
}
