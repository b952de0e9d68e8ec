// SPDX-License-Identifier: Apache-2.0

public import CairnFormat

/// One change of a state, as the log keeps it.
///
/// A `Codable` type conforms by saying so. Fields may be added later when they are optional; a type that
/// must be small or fast brings its own ``EventEncodable`` and ``EventDecodable``.
public protocol LogEvent: EventEncodable, EventDecodable, Sendable {}

extension LogEvent where Self: Codable {
    /// Appends the event in the self-describing form.
    public func encode(into encoder: inout EventEncoder) {
        do { try ValueEncoder.encode(self, into: &encoder) } catch { encoder.fail(.invalidValue) }
    }

    /// Reads the event from the self-describing form.
    ///
    /// - Throws: ``FormatError``; `.invalidValue` when the value does not fit this type.
    public init(from decoder: inout EventDecoder) throws(FormatError) {
        let offset = decoder.bytes.offset
        let value = try CodedValue(from: &decoder)
        do {
            self = try ValueDecoder.decode(from: value)
        } catch {
            throw FormatError(code: .invalidValue, offset: offset)
        }
    }
}
