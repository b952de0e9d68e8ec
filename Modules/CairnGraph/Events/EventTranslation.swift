// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

/// The meaning of the symbols of a batch of events in a store, found once for each symbol.
struct EventTranslation: Sendable {
    /// The batch; holding its symbols keeps their place in memory from being given to other ones.
    private var symbols: [String] = []
    // By symbol; `unknown` where it was not asked for yet.
    private var keys: [UInt32] = []
    private var types: [UInt32] = []
    private var labelSets: [UInt32] = []
    /// By symbol: one that is known to come behind it in the order of names.
    private var successors: [UInt32] = []
    /// The properties of the event that is being read: the number of the key, and where the value is.
    var places: [(key: UInt32, range: Range<Int>)] = []

    /// The patterns of properties that nodes and relationships of the batch share.
    var nodePatterns = PropertyPatterns()
    var relationshipPatterns = PropertyPatterns()

    private static let unknown = UInt32.max

    /// Forgets what was known, unless these are the symbols that it is about. Batches that are written one
    /// after the other often have the same ones.
    mutating func prepare(for table: borrowing SymbolTable) {
        let isSamePlace = table.symbols.withUnsafeBufferPointer { new in
            symbols.withUnsafeBufferPointer { old in
                new.count == old.count && new.baseAddress == old.baseAddress
            }
        }
        if isSamePlace { return }
        let isSame =
            symbols.count == table.symbols.count
            && zip(symbols, table.symbols).allSatisfy { $0.hasSameUTF8(as: $1) }
        symbols = table.symbols
        if isSame { return }
        let none = [UInt32](repeating: Self.unknown, count: symbols.count)
        (keys, types, labelSets, successors) = (none, none, none, none)
        (nodePatterns, relationshipPatterns) = (PropertyPatterns(), PropertyPatterns())
    }

    /// The number of the key that a symbol is; nil when it cannot be one.
    mutating func key(_ symbol: UInt64, _ table: inout NameTable) -> UInt32? {
        guard symbol < UInt64(keys.count) else { return nil }
        if keys[Int(symbol)] == Self.unknown {
            guard let number = try? table.intern(symbols[Int(symbol)]) else { return nil }
            keys[Int(symbol)] = number
        }
        return keys[Int(symbol)]
    }

    /// The number of a key that was asked for before.
    func knownKey(_ symbol: UInt64) -> UInt32 { keys[Int(symbol)] }

    /// The number of a type that was asked for before.
    func knownType(_ symbol: UInt64) -> UInt32? {
        guard symbol < UInt64(types.count), types[Int(symbol)] != Self.unknown else { return nil }
        return types[Int(symbol)]
    }

    /// The number of the type that a symbol is; nil when it cannot be one.
    mutating func type(
        _ symbol: UInt64, _ intern: (String) throws(GraphError) -> UInt32
    ) -> UInt32? {
        Self.number(symbol, symbols, &types, intern)
    }

    /// The number of the set of the one label that a symbol is; nil when it cannot be one.
    mutating func labelSet(
        _ symbol: UInt64, _ intern: (String) throws(GraphError) -> UInt32
    ) -> UInt32? {
        Self.number(symbol, symbols, &labelSets, intern)
    }

    private static func number(
        _ symbol: UInt64, _ symbols: [String], _ numbers: inout [UInt32],
        _ intern: (String) throws(GraphError) -> UInt32
    ) -> UInt32? {
        guard symbol < UInt64(numbers.count) else { return nil }
        if numbers[Int(symbol)] == unknown {
            guard let number = try? intern(symbols[Int(symbol)]) else { return nil }
            numbers[Int(symbol)] = number
        }
        return numbers[Int(symbol)]
    }

    /// Whether a symbol comes behind another one in the order of names. Both are symbols of the batch.
    mutating func ascends(_ first: UInt64, _ second: UInt64) -> Bool {
        if successors[Int(first)] == UInt32(truncatingIfNeeded: second) { return true }
        guard symbols[Int(first)].utf8Precedes(symbols[Int(second)]) else { return false }
        successors[Int(first)] = UInt32(truncatingIfNeeded: second)
        return true
    }
}
