// SPDX-License-Identifier: Apache-2.0

import CairnQuery

/// Reads a ``Cell``.
struct CellParser {
    private let characters: [Character]
    private var index = 0

    static func parse(_ text: String) -> Cell? {
        var parser = CellParser(characters: Array(text))
        guard let cell = parser.cell() else { return nil }
        parser.skipSpace()
        return parser.index == parser.characters.count ? cell : nil
    }

    private init(characters: [Character]) { self.characters = characters }

    private var next: Character? { index < characters.count ? characters[index] : nil }

    private mutating func skipSpace() { while next == " " { index += 1 } }

    private mutating func take(_ text: String) -> Bool {
        skipSpace()
        guard characters[index...].starts(with: text) else { return false }
        index += text.count
        return true
    }

    private mutating func cell() -> Cell? {
        skipSpace()
        switch next {
        case "'": return string().map { .value(.string($0)) }
        case "(": return node()
        case "<": return path()
        case "{": return map().map(Cell.map)
        case "[":
            return characters[index...].starts(with: "[:") ? relationship() : list()
        default: return literal()
        }
    }

    private mutating func literal() -> Cell? {
        var text = ""
        while let character = next, !",]}) |".contains(character) {
            text.append(character)
            index += 1
        }
        switch text {
        case "null": return .value(.null)
        case "true": return .value(.bool(true))
        case "false": return .value(.bool(false))
        case "NaN": return .value(.double(.nan))
        case "Inf", "Infinity": return .value(.double(.infinity))
        case "-Inf", "-Infinity": return .value(.double(-.infinity))
        default:
            if let int = Int64(text) { return .value(.int(int)) }
            return Double(text).map { .value(.double($0)) }
        }
    }

    private mutating func string() -> String? {
        index += 1
        var text = ""
        while let character = next {
            index += 1
            if character == "'" { return text }
            if character == "\\", let escaped = next {
                index += 1
                text.append(escaped == "n" ? "\n" : escaped == "t" ? "\t" : escaped)
            } else {
                text.append(character)
            }
        }
        return nil
    }

    private mutating func list() -> Cell? {
        index += 1
        var cells: [Cell] = []
        if take("]") { return .list([]) }
        repeat {
            guard let cell = cell() else { return nil }
            cells.append(cell)
        } while take(",")
        return take("]") ? .list(cells) : nil
    }

    private mutating func map() -> [String: Cell]? {
        guard take("{") else { return nil }
        var entries: [String: Cell] = [:]
        if take("}") { return entries }
        repeat {
            skipSpace()
            let key = name()
            guard take(":"), let cell = cell() else { return nil }
            entries[key] = cell
        } while take(",")
        return take("}") ? entries : nil
    }

    private mutating func name() -> String {
        if next == "`" {
            index += 1
            var text = ""
            while let character = next, character != "`" {
                text.append(character)
                index += 1
            }
            index += 1
            return text
        }
        var text = ""
        while let character = next, character.isLetter || character.isNumber || character == "_" {
            text.append(character)
            index += 1
        }
        return text
    }

    private mutating func node() -> Cell? {
        guard take("(") else { return nil }
        var labels: [String] = []
        while take(":") { labels.append(name()) }
        skipSpace()
        let properties = next == "{" ? map() : [:]
        guard let properties, take(")") else { return nil }
        return .node(labels: labels, properties)
    }

    private mutating func relationship() -> Cell? {
        guard take("["), take(":") else { return nil }
        let type = name()
        skipSpace()
        let properties = next == "{" ? map() : [:]
        guard let properties, take("]") else { return nil }
        return .relationship(type: type, properties)
    }

    private mutating func path() -> Cell? {
        guard take("<"), let first = node() else { return nil }
        var nodes = [first]
        var links: [(Cell, isForward: Bool)] = []
        while !take(">") {
            let isBackward = take("<-")
            guard isBackward || take("-"), let link = relationship(),
                take(isBackward ? "-" : "->"), let node = node()
            else { return nil }
            links.append((link, isForward: !isBackward))
            nodes.append(node)
        }
        return .path(nodes, links)
    }
}
