// SPDX-License-Identifier: Apache-2.0

/// A thing that can be written as one event of a batch.
public protocol EventEncodable {
    /// Appends this event. The same event must always give the same bytes.
    func encode(into encoder: inout EventEncoder)
}

/// A thing that can be read back from one event of a batch.
public protocol EventDecodable {
    /// Reads one event. Bytes from a damaged or hostile file must throw, never trap.
    init(from decoder: inout EventDecoder) throws(FormatError)
}

/// A destination of events: their bytes, and the symbols they share.
public struct EventEncoder: ~Copyable, Sendable {
    /// The bytes of the events.
    public var bytes: BinaryBuffer
    /// The strings that the bytes refer to by number.
    public var symbols: SymbolTableBuilder
    /// The first event that could not be encoded, if any; a batch with one must not be written.
    public private(set) var failure: FormatError?
    /// The place and the reason, when the event could say.
    public private(set) var codingFailure: CodingFailure?

    /// Memory that the form of an event keeps for the next one, so that writing it allocates nothing.
    package var workspace: (any AnyObject & Sendable)?

    /// An empty encoder.
    public init(capacity: Int = 256) {
        bytes = BinaryBuffer(capacity: capacity)
        symbols = SymbolTableBuilder()
    }

    /// An encoder whose strings have their numbers already.
    package init(symbols: SymbolTableBuilder, capacity: Int) {
        bytes = BinaryBuffer(capacity: capacity)
        self.symbols = symbols
    }

    /// Says that an event cannot be written so that it could be read back.
    public mutating func fail(_ code: FormatError.Code, _ coding: CodingFailure? = nil) {
        guard failure == nil else { return }
        failure = FormatError(code: code, offset: bytes.count)
        codingFailure = coding
    }

    /// Forgets everything and keeps the memory.
    public mutating func removeAll() {
        bytes.removeAll()
        symbols.removeAll()
        failure = nil
        codingFailure = nil
    }

    /// Appends a string that is likely to occur again in the same batch, as its number.
    public mutating func append(symbol: String) {
        bytes.append(varint: UInt64(symbols.intern(symbol)))
    }
}

/// A source of one event: its bytes, and the symbols of its batch.
public struct EventDecoder: ~Escapable {
    /// The bytes of the event.
    public var bytes: ByteReader
    /// The strings that the bytes refer to by number.
    public let symbols: SymbolTable

    /// A decoder for the event in `bytes`.
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan, symbols: SymbolTable, baseOffset: Int = 0) {
        self.bytes = ByteReader(bytes, baseOffset: baseOffset)
        self.symbols = symbols
    }

    /// Reads a symbol.
    ///
    /// - Throws: ``FormatError`` as ``ByteReader/varint()``, and `.invalidReference` for a number
    ///   that the table does not have.
    public mutating func symbol() throws(FormatError) -> String {
        symbols.symbols[try symbolNumber()]
    }

    /// Reads the number of a symbol, which the table has.
    ///
    /// - Throws: ``FormatError`` as ``symbol()``.
    package mutating func symbolNumber() throws(FormatError) -> Int {
        let offset = bytes.offset
        let number = try bytes.varint()
        guard number < UInt64(symbols.symbols.count) else {
            throw FormatError(code: .invalidReference, offset: offset)
        }
        return Int(number)
    }
}
