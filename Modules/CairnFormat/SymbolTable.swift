// SPDX-License-Identifier: Apache-2.0

/// Collects the strings that occur often in a batch of events, so that each is written once.
///
/// Symbols are numbered from 0 in the order in which they were first used, so the same events give
/// the same table.
public struct SymbolTableBuilder: Sendable {
    // Swift takes different bytes for the same text ("é" in one scalar or in two), so equality of
    // strings is not enough: one would be read back as the other. The first string of such a group is
    // found in `numbers`, the others, which hardly ever occur, in `variants`.
    private var numbers: [String: Int] = [:]
    private var variants: [[UInt8]: Int] = [:]
    // The same strings tend to follow one another: by number, what came after the string last time.
    private var successors: [Int] = []
    private var last = 0
    /// The strings in the order of their numbers, from 0.
    public private(set) var symbols: [String] = []
    /// The number of bytes that the strings have.
    public private(set) var utf8ByteCount = 0

    /// An empty table.
    public init() {}

    /// The number of strings.
    public var count: Int { symbols.count }

    /// The number of `symbol`, which is added when it is new.
    public mutating func intern(_ symbol: String) -> Int {
        if last < symbols.count {
            let guess = successors[last]
            if guess < symbols.count, Self.haveSameBytes(symbols[guess], symbol) {
                last = guess
                return guess
            }
        }
        let number = find(symbol)
        if last < symbols.count { successors[last] = number }
        last = number
        return number
    }

    private mutating func find(_ symbol: String) -> Int {
        guard symbols.count > Self.searchedCountMax else {
            return symbols.firstIndex { Self.haveSameBytes($0, symbol) } ?? append(symbol)
        }
        if numbers.isEmpty { numberAll() }
        guard let number = numbers[symbol] else {
            numbers[symbol] = symbols.count
            return append(symbol)
        }
        return Self.haveSameBytes(symbols[number], symbol) ? number : internVariant(symbol)
    }

    /// A table this small is searched: most batches have few strings, and are made anew for each commit.
    private static var searchedCountMax: Int { 8 }

    /// Makes the dictionaries of a table that has become too large to be searched.
    private mutating func numberAll() {
        for (number, symbol) in symbols.enumerated() {
            if numbers[symbol] == nil {
                numbers[symbol] = number
            } else {
                variants[Array(symbol.utf8)] = number
            }
        }
    }

    private mutating func internVariant(_ symbol: String) -> Int {
        let bytes = Array(symbol.utf8)
        if let number = variants[bytes] { return number }
        variants[bytes] = symbols.count
        return append(symbol)
    }

    private mutating func append(_ symbol: String) -> Int {
        symbols.append(symbol)
        successors.append(0)
        utf8ByteCount += symbol.utf8.count
        return symbols.count - 1
    }

    private static func haveSameBytes(_ left: String, _ right: String) -> Bool {
        var (left, right) = (left, right)
        return left.withUTF8 { left in
            right.withUTF8 { right in
                guard left.count == right.count else { return false }
                var index = 0
                while index < left.count {
                    if left[index] != right[index] { return false }
                    index &+= 1
                }
                return true
            }
        }
    }

    /// Forgets the strings numbered `count` and above.
    public mutating func truncate(to count: Int) {
        while symbols.count > count {
            // The first of a group goes last, so it is found under its own number.
            let number = symbols.count - 1
            let symbol = symbols.removeLast()
            successors.removeLast()
            utf8ByteCount -= symbol.utf8.count
            if numbers[symbol] == number {
                numbers[symbol] = nil
            } else {
                variants[Array(symbol.utf8)] = nil
            }
        }
        guard count <= Self.searchedCountMax else { return }
        numbers.removeAll(keepingCapacity: true)
        variants.removeAll(keepingCapacity: true)
    }

    /// Forgets all strings and keeps the memory.
    public mutating func removeAll() {
        if !numbers.isEmpty { numbers.removeAll(keepingCapacity: true) }
        if !variants.isEmpty { variants.removeAll(keepingCapacity: true) }
        symbols.removeAll(keepingCapacity: true)
        successors.removeAll(keepingCapacity: true)
        utf8ByteCount = 0
    }

    /// Appends the table: a count, then each string with its length.
    public func encode(into buffer: inout BinaryBuffer) {
        buffer.append(varint: UInt64(symbols.count))
        for symbol in symbols { buffer.append(string: symbol) }
    }
}

/// The strings that a batch of events refers to by number.
public struct SymbolTable: Sendable {
    /// The strings in the order of their numbers, from 0.
    public let symbols: [String]

    /// A table of these strings.
    public init(_ symbols: [String] = []) {
        self.symbols = symbols
    }

    /// Reads a table.
    ///
    /// - Throws: ``FormatError``; `.duplicate` when a string is there twice.
    public init(from reader: inout ByteReader) throws(FormatError) {
        let count = try reader.count()
        var builder = SymbolTableBuilder()
        for number in 0..<count {
            let offset = reader.offset
            guard try builder.intern(reader.string()) == number else {
                throw FormatError(code: .duplicate, offset: offset)
            }
        }
        symbols = builder.symbols
    }
}
