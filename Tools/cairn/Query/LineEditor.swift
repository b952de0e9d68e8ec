// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnIO
internal import Foundation

/// Asks for lines: on a terminal with editing, history and completion; otherwise line by line.
///
/// Written here because there is no line editor for Swift that is kept well. While it waits for a key the terminal gives
/// bytes as they are typed; it is put back for everything else.
final class LineEditor {
    /// How the typing of a line ended.
    enum Outcome: Equatable {
        case line(String)
        /// Control-C: what was typed is thrown away.
        case interrupted
        case endOfInput
    }

    /// Completions of the word that ends a text: the word, and what it could become.
    var complete: (String) -> (word: String, candidates: [String]) = { _ in ("", []) }
    private let history: ShellHistory
    private let isTerminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1

    init(history: ShellHistory) { self.history = history }

    /// The next line; on a terminal behind a prompt.
    func line(prompt: String) -> Outcome {
        guard isTerminal, let terminal = RawTerminal() else {
            return readLine().map(Outcome.line) ?? .endOfInput
        }
        defer {
            terminal.restore()
            write("\n")
        }
        return edit(prompt)
    }

    private func edit(_ prompt: String) -> Outcome {
        var buffer = LineBuffer()
        var place = history.entries.count
        var typed = ""
        while true {
            show(prompt, buffer)
            guard let key = Key.read(Self.nextByte) else { return .endOfInput }
            switch key {
            case .enter:
                buffer.moveToEnd()
                show(prompt, buffer)
                return .line(buffer.text)
            case .interrupt: return .interrupted
            case .endOfInput where buffer.characters.isEmpty: return .endOfInput
            case .up, .down:
                let next = place + (key == .up ? -1 : 1)
                guard (0...history.entries.count).contains(next) else { continue }
                if place == history.entries.count { typed = buffer.text }
                place = next
                buffer = LineBuffer(place < history.entries.count ? history.entries[place] : typed)
            case .tab: complete(&buffer)
            case .clearScreen: write("\u{1b}[H\u{1b}[2J")
            default: buffer.apply(key)
            }
        }
    }

    private func complete(_ buffer: inout LineBuffer) {
        let before = String(buffer.characters[..<buffer.cursor])
        let (word, candidates) = complete(before)
        guard let first = candidates.first else { return }
        let common = candidates.dropFirst().reduce(first) { $0.commonPrefix(with: $1) }
        if candidates.count == 1 {
            buffer.replaceWord(word, by: first)
        } else if common.count > word.count {
            buffer.replaceWord(word, by: common)
        } else {
            let shown = candidates.prefix(40).map(\.visible).joined(separator: "  ")
            write("\r\n" + shown + (candidates.count > 40 ? "  \u{2026}" : "") + "\r\n")
        }
    }

    private func show(_ prompt: String, _ buffer: LineBuffer) {
        let columns = ProcessFacts.terminalColumnCount(descriptor: STDOUT_FILENO) ?? 80
        let (text, cursor) = buffer.window(columnCount: columns - prompt.count)
        // What is obeyed is never typed into the buffer, but history and completions may bring it.
        let shown = String(text.map { String($0).visible == String($0) ? $0 : "\u{fffd}" })
        write("\r\(prompt)\(shown)\u{1b}[K\r\u{1b}[\(prompt.count + cursor)C")
    }

    private func write(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    private static func nextByte() -> UInt8? {
        var byte: UInt8 = 0
        while true {
            let count = read(STDIN_FILENO, &byte, 1)
            if count == 1 { return byte }
            if count < 0, errno == EINTR { continue }
            return nil
        }
    }
}

extension LineBuffer {
    /// Does what a key does within a line.
    mutating func apply(_ key: Key) {
        switch key {
        case .text(let character) where String(character).visible == String(character):
            insert([character])
        case .backspace: backspace()
        case .delete, .endOfInput: delete()
        case .left: move(by: -1)
        case .right: move(by: 1)
        case .home: moveToStart()
        case .end: moveToEnd()
        case .deleteToEnd: deleteToEnd()
        case .deleteToStart: deleteToStart()
        case .deleteWord: deleteWord()
        default: break
        }
    }
}

/// A terminal that gives bytes as they are typed.
struct RawTerminal {
    private let saved: termios

    /// Nil when standard input is no terminal.
    init?() {
        var settings = termios()
        guard tcgetattr(STDIN_FILENO, &settings) == 0 else { return nil }
        saved = settings
        settings.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
        settings.c_iflag &= ~tcflag_t(IXON | ICRNL)
        guard tcsetattr(STDIN_FILENO, TCSADRAIN, &settings) == 0 else { return nil }
    }

    /// Puts the terminal back.
    func restore() {
        var settings = saved
        _ = tcsetattr(STDIN_FILENO, TCSADRAIN, &settings)
    }
}
