// SPDX-License-Identifier: Apache-2.0
//
// Reads a long line while it arrives, so that its length needs no limit.
//
// - The elements of `labels` and `properties` are taken out of the text as soon as they are complete. What is left
//   is a line with fewer of them, well-formed exactly if the whole one is: the first element of each stays, and
//   so does the comma before the one that is not complete.
// - Memory is bounded by what was taken out, which is state, and by the longest single value as text.
// - A line that cannot be one is refused at its first byte or its first unknown field, and blanks are not kept.

internal import CairnGraph

struct LineShortener {
    /// Labels that were taken out.
    private(set) var labels: [String] = []
    /// Properties that were taken out.
    private(set) var properties: Properties = [:]
    /// True once the line was long enough to be looked at.
    private(set) var isActive = false

    private enum Container { case labels, properties }

    private struct Cut {
        /// In the shortened text.
        let offset: Int
        var byteCount: Int
    }

    private var cuts: [Cut] = []
    // Where the scan stands in the shortened text.
    private var offset = 0
    private var depth = 0
    private var stringStart: Int?
    private var isEscaped = false
    /// The last string of the line's own object: the name of a field, or a value.
    private var lastString = 0..<0
    private var container: Container?
    /// The commas behind the first and behind the last complete element of the container.
    private var firstComma: Int?
    private var lastComma = 0

    private static let fields: Set = [
        "kind", "id", "labels", "properties", "type", "from", "to", "rule", "label", "keys",
    ]

    /// Takes bytes off the start of the line that say nothing.
    mutating func drop(_ byteCount: Int, from line: inout [UInt8]) {
        guard byteCount > 0 else { return }
        line.removeFirst(byteCount)
        cut(byteCount, at: 0)
    }

    /// Takes what is complete out of a line of which the end is not there yet.
    mutating func shorten(_ line: inout [UInt8]) throws(JSONScanner.Problem) {
        if depth == 0 {
            drop(line.prefix { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }.count, from: &line)
            guard let first = line.first else { return }
            guard first == UInt8(ascii: "{") else {
                throw JSONScanner.Problem(code: .syntax, offset: 0)
            }
        }
        isActive = true
        while offset < line.count {
            if let start = stringStart {
                skipString(from: start, in: line)
            } else {
                // A container that ends in this piece leaves as little as one that goes on.
                if depth == 2, [UInt8(ascii: "}"), UInt8(ascii: "]")].contains(line[offset]) {
                    try takeOut(of: &line)
                }
                try see(line[offset], at: offset, in: line)
                offset += 1
            }
        }
        try takeOut(of: &line)
    }

    /// The byte of the line as it was read that a byte of the shortened text is.
    func original(_ offset: Int) -> Int {
        cuts.reduce(offset) { $1.offset <= offset ? $0 + $1.byteCount : $0 }
    }

    private mutating func skipString(from start: Int, in line: [UInt8]) {
        while offset < line.count {
            let byte = line[offset]
            offset += 1
            if isEscaped {
                isEscaped = false
            } else if byte == 0x5c {
                isEscaped = true
            } else if byte == 0x22 {
                if depth == 1 { lastString = start + 1..<offset - 1 }
                stringStart = nil
                return
            }
        }
    }

    private mutating func see(
        _ byte: UInt8, at place: Int, in line: [UInt8]
    ) throws(JSONScanner.Problem) {
        switch byte {
        case 0x22: stringStart = place
        case UInt8(ascii: ":") where depth == 1:
            let name = String(decoding: line[lastString], as: UTF8.self)
            guard Self.fields.contains(name) || name.utf8.contains(0x5c) else {
                throw JSONScanner.Problem(
                    code: .unknownField, offset: lastString.lowerBound - 1, name: name)
            }
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            if depth == 1 { container = container(byte, in: line) }
            depth += 1
            guard depth <= JSONScanner.depthMax + 2 else {
                throw JSONScanner.Problem(code: .nestingTooDeep, offset: place)
            }
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            depth -= 1
            if depth < 2 { (container, firstComma) = (nil, nil) }
        case UInt8(ascii: ",") where depth == 2 && container != nil:
            if firstComma == nil { firstComma = place }
            lastComma = place
        default: break
        }
    }

    private func container(_ bracket: UInt8, in line: [UInt8]) -> Container? {
        let isObject = bracket == UInt8(ascii: "{")
        if isObject, line[lastString].elementsEqual("properties".utf8) { return .properties }
        if !isObject, line[lastString].elementsEqual("labels".utf8) { return .labels }
        return nil
    }

    /// Reads the complete elements behind the first one, and removes them from the text.
    private mutating func takeOut(of line: inout [UInt8]) throws(JSONScanner.Problem) {
        guard let container, let firstComma, lastComma > firstComma else { return }
        let elements = line[firstComma + 1..<lastComma]
        do throws(JSONScanner.Problem) {
            switch container {
            case .labels:
                var scanner = JSONScanner([UInt8(ascii: "[")] + elements + [UInt8(ascii: "]")])
                try scanner.forEachElement { (scanner) throws(JSONScanner.Problem) in
                    labels.append(try scanner.string("labels"))
                }
            case .properties:
                var scanner = JSONScanner([UInt8(ascii: "{")] + elements + [UInt8(ascii: "}")])
                try add(try scanner.properties(), at: 0)
            }
        } catch {
            throw JSONScanner.Problem(
                code: error.code, offset: error.offset + firstComma, name: error.name)
        }
        let count = lastComma - firstComma
        line.removeSubrange(firstComma..<lastComma)
        cut(count, at: firstComma)
        lastComma = firstComma
    }

    private mutating func cut(_ byteCount: Int, at place: Int) {
        offset = max(0, offset - byteCount)
        if let last = cuts.last, last.offset == place {
            cuts[cuts.count - 1].byteCount += byteCount
        } else {
            cuts.append(Cut(offset: place, byteCount: byteCount))
        }
        if let start = stringStart { stringStart = start - byteCount }
    }

    /// Adds properties, each of which must be new.
    mutating func add(
        _ others: Properties, at offset: Int
    ) throws(JSONScanner.Problem) {
        for (key, value) in others {
            guard properties.updateValue(value, forKey: key) == nil else {
                throw JSONScanner.Problem(code: .duplicateKey, offset: offset, name: key)
            }
        }
    }
}
