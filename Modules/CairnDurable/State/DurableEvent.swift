// SPDX-License-Identifier: Apache-2.0

public import CairnFormat

/// One change of a state, as the log keeps it.
///
/// A `Codable` type conforms by saying so. Fields may be added later when they are optional; other changes go by way
/// of ``ReplayableState/upcast(event:from:)``. A type that must be small or fast brings its own `EventEncodable` and
/// `EventDecodable`.
public protocol DurableEvent: EventEncodable, EventDecodable, Sendable {
    /// Which part of an intact event does not fit this type, for the error that refuses it; nil when that is not
    /// known. The default says nothing; that of a `Codable` type says the path, and what was there instead.
    static func codingFailure(in decoder: inout EventDecoder) -> CodingFailure?

    /// Reads an event that an earlier version of the program wrote. The default reads it as it is: a form of its own
    /// knows its own versions. That of a `Codable` type reads what `upcast` makes of it.
    ///
    /// - Parameters:
    ///   - decoder: The bytes of the event and the symbols of its batch.
    ///   - upcast: Gives the event as this version writes it; nil when it no longer means anything.
    /// - Returns: Nil when the event is to be left out.
    /// - Throws: What `upcast` throws, `DecodingError` and ``/CairnFormat/FormatError``.
    static func decode(
        from decoder: inout EventDecoder, upcast: (CodedValue) throws -> CodedValue?
    ) throws -> Self?
}

extension DurableEvent {
    /// Nil: the event has no path to report.
    public static func codingFailure(in decoder: inout EventDecoder) -> CodingFailure? { nil }

    /// Reads the event as it is.
    public static func decode(
        from decoder: inout EventDecoder, upcast: (CodedValue) throws -> CodedValue?
    ) throws -> Self? {
        try Self(from: &decoder)
    }
}

extension DurableEvent where Self: Codable {
    /// Appends the event in the self-describing form.
    public func encode(into encoder: inout EventEncoder) {
        do { try ValueEncoder.encode(self, into: &encoder) } catch {
            encoder.fail(.invalidValue, CodingFailure(encoding: error))
        }
    }

    /// Reads the event from the self-describing form.
    ///
    /// - Throws: `FormatError`; `.invalidValue` when the value does not fit this type.
    public init(from decoder: inout EventDecoder) throws(FormatError) {
        let offset = decoder.bytes.offset
        let value = try ParsedValue(from: &decoder)
        do {
            self = try ValueDecoder.decode(from: value)
        } catch {
            throw FormatError(code: .invalidValue, offset: offset)
        }
    }

    /// Reads what `upcast` makes of the self-describing form.
    public static func decode(
        from decoder: inout EventDecoder, upcast: (CodedValue) throws -> CodedValue?
    ) throws -> Self? {
        guard let value = try upcast(try CodedValue(from: &decoder)) else { return nil }
        return try ValueDecoder.decode(Self.self, from: ParsedValue(value))
    }

    /// The path to the part that does not fit, and what was there instead.
    public static func codingFailure(in decoder: inout EventDecoder) -> CodingFailure? {
        guard let value = try? ParsedValue(from: &decoder) else { return nil }
        do {
            _ = try ValueDecoder.decode(Self.self, from: value)
            return nil
        } catch {
            return CodingFailure(decoding: error)
        }
    }
}
