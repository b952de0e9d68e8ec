// SPDX-License-Identifier: Apache-2.0

public import CairnFormat

/// One change of a state, as the log keeps it.
///
/// A `Codable` type conforms by saying so. Fields may be added later when they are optional; a type that
/// must be small or fast brings its own ``EventEncodable`` and ``EventDecodable``.
public protocol LogEvent: EventEncodable, EventDecodable, Sendable {
    /// Which part of an intact event does not fit this type, for the error that refuses it; nil when that is not
    /// known. The default says nothing; that of a `Codable` type says the path, and what was there instead.
    static func codingFailure(in decoder: inout EventDecoder) -> CodingFailure?
}

extension LogEvent {
    /// Nothing.
    public static func codingFailure(in decoder: inout EventDecoder) -> CodingFailure? { nil }
}

extension LogEvent where Self: Codable {
    /// Appends the event in the self-describing form.
    public func encode(into encoder: inout EventEncoder) {
        do { try ValueEncoder.encode(self, into: &encoder) } catch {
            encoder.fail(.invalidValue, CodingFailure(encoding: error))
        }
    }

    /// Reads the event from the self-describing form.
    ///
    /// - Throws: ``FormatError``; `.invalidValue` when the value does not fit this type.
    public init(from decoder: inout EventDecoder) throws(FormatError) {
        let offset = decoder.bytes.offset
        let value = try ParsedValue(from: &decoder)
        do {
            self = try ValueDecoder.decode(from: value)
        } catch {
            throw FormatError(code: .invalidValue, offset: offset)
        }
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
