// SPDX-License-Identifier: Apache-2.0

/// Collects the strings that occur often in a batch of events, so that each is written once.
///
/// Symbols are numbered from 0 in the order in which they were first used, so the same events give
/// the same table.
public struct SymbolTableBuilder: Sendable {
    private var numbers: [SymbolKey: Int] = [:]
    /// The strings, by number.
    public private(set) var symbols: [String] = []

    /// An empty table.
    public init() {}

    /// How many strings there are.
    public var count: Int { symbols.count }

    /// The number of `symbol`, which is added when it is new.
    public mutating func intern(_ symbol: String) -> Int {
        let key = SymbolKey(string: symbol)
        if let number = numbers[key] { return number }
        let number = symbols.count
        numbers[key] = number
        symbols.append(symbol)
        return number
    }

    /// Forgets the strings numbered `count` and above.
    public mutating func truncate(to count: Int) {
        while symbols.count > count {
            numbers[SymbolKey(string: symbols.removeLast())] = nil
        }
    }

    /// Forgets all strings and keeps the memory.
    public mutating func removeAll() {
        numbers.removeAll(keepingCapacity: true)
        symbols.removeAll(keepingCapacity: true)
    }

    /// Appends the table: a count, then each string with its length.
    public func encode(into buffer: inout ByteBuffer) {
        buffer.append(varint: UInt64(symbols.count))
        for symbol in symbols { buffer.append(string: symbol) }
    }
}

/// The strings that a batch of events refers to by number.
public struct SymbolTable: Sendable {
    /// The strings, by number.
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
        var symbols: [String] = []
        var seen: Set<SymbolKey> = []
        for _ in 0..<count {
            let offset = reader.offset
            let symbol = try reader.string()
            guard seen.insert(SymbolKey(string: symbol)).inserted else {
                throw FormatError(code: .duplicate, offset: offset)
            }
            symbols.append(symbol)
        }
        self.symbols = symbols
    }
}

/// A string that is equal to another only when its bytes are: Swift's own comparison takes different
/// bytes for the same text, and one of them would be read back as the other.
private struct SymbolKey: Hashable {
    let string: String

    static func == (lhs: Self, rhs: Self) -> Bool {
        var (left, right) = (lhs.string, rhs.string)
        return left.withUTF8 { left in right.withUTF8 { right in left.elementsEqual(right) } }
    }

    func hash(into hasher: inout Hasher) {
        var string = string
        string.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
