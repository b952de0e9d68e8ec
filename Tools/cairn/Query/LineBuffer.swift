// SPDX-License-Identifier: Apache-2.0

/// A line that is being typed, and the place in it. What keys do to it, without a terminal.
struct LineBuffer: Equatable {
    private(set) var characters: [Character] = []
    /// How many characters stand before the cursor.
    private(set) var cursor = 0

    init(_ text: String = "") {
        characters = Array(text)
        cursor = characters.count
    }

    var text: String { String(characters) }

    mutating func insert(_ text: some Sequence<Character>) {
        let added = Array(text)
        characters.insert(contentsOf: added, at: cursor)
        cursor += added.count
    }

    /// Deletes the character before the cursor.
    mutating func backspace() {
        guard cursor > 0 else { return }
        cursor -= 1
        characters.remove(at: cursor)
    }

    /// Deletes the character at the cursor.
    mutating func delete() {
        guard cursor < characters.count else { return }
        characters.remove(at: cursor)
    }

    mutating func move(by distance: Int) {
        cursor = min(max(0, cursor + distance), characters.count)
    }

    mutating func moveToStart() { cursor = 0 }
    mutating func moveToEnd() { cursor = characters.count }
    mutating func deleteToEnd() { characters.removeSubrange(cursor...) }

    mutating func deleteToStart() {
        characters.removeSubrange(..<cursor)
        cursor = 0
    }

    /// Deletes the word before the cursor, with the spaces behind it.
    mutating func deleteWord() {
        var start = cursor
        while start > 0, characters[start - 1].isWhitespace { start -= 1 }
        while start > 0, !characters[start - 1].isWhitespace { start -= 1 }
        characters.removeSubrange(start..<cursor)
        cursor = start
    }

    /// Puts a word in the place of the one that ends at the cursor.
    mutating func replaceWord(_ word: String, by completion: String) {
        let start = cursor - word.count
        guard start >= 0 else { return }
        characters.replaceSubrange(start..<cursor, with: Array(completion))
        cursor = start + completion.count
    }

    /// The visible part in so many columns, and the column of the cursor.
    func window(columnCount: Int) -> (text: String, cursor: Int) {
        let room = max(1, columnCount - 1)
        let start = cursor > room ? cursor - room : 0
        let end = min(characters.count, start + room)
        return (String(characters[start..<end]), cursor - start)
    }
}

/// A key, as the bytes of a terminal say it.
enum Key: Equatable {
    case text(Character)
    case enter, backspace, delete, tab
    case left, right, up, down, home, end
    case deleteToEnd, deleteToStart, deleteWord, clearScreen
    case interrupt, endOfInput
    case unknown

    /// The key of a control character; nil for others.
    init?(control byte: UInt8) {
        switch byte {
        case 0x01: self = .home
        case 0x02: self = .left
        case 0x03: self = .interrupt
        case 0x04: self = .endOfInput
        case 0x05: self = .end
        case 0x06: self = .right
        case 0x08, 0x7f: self = .backspace
        case 0x09: self = .tab
        case 0x0a, 0x0d: self = .enter
        case 0x0b: self = .deleteToEnd
        case 0x0c: self = .clearScreen
        case 0x0e: self = .down
        case 0x10: self = .up
        case 0x15: self = .deleteToStart
        case 0x17: self = .deleteWord
        case ..<0x20: self = .unknown
        default: return nil
        }
    }

    /// The key that bytes behind an escape and a bracket name.
    init(sequence: [UInt8]) {
        switch String(decoding: sequence, as: UTF8.self) {
        case "A": self = .up
        case "B": self = .down
        case "C": self = .right
        case "D": self = .left
        case "H", "1~", "7~": self = .home
        case "F", "4~", "8~": self = .end
        case "3~": self = .delete
        default: self = .unknown
        }
    }

    /// Reads the bytes of one key; nil at the end of the input.
    static func read(_ next: () -> UInt8?) -> Key? {
        guard let byte = next() else { return nil }
        if byte == 0x1b { return readEscape(next) }
        if let key = Key(control: byte) { return key }
        var bytes = [byte]
        let count = byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
        while bytes.count < count, let byte = next() { bytes.append(byte) }
        guard let text = String(validating: bytes, as: UTF8.self), let character = text.first else {
            return .unknown
        }
        return .text(character)
    }

    private static func readEscape(_ next: () -> UInt8?) -> Key? {
        guard let first = next() else { return nil }
        guard first == UInt8(ascii: "[") || first == UInt8(ascii: "O") else { return .unknown }
        var sequence: [UInt8] = []
        while sequence.count < 8, let byte = next() {
            sequence.append(byte)
            if (0x40...0x7e).contains(byte) { return Key(sequence: sequence) }
        }
        return .unknown
    }
}
