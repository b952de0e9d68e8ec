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
        guard let value = try? ValueEncoder.encode(self), value.isWithinDepth else {
            return encoder.fail(.invalidValue)
        }
        value.encode(into: &encoder)
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

extension CodedValue {
    /// True when reading the value back would not exceed ``depthMax``.
    var isWithinDepth: Bool { isWithin(Self.depthMax) }

    private func isWithin(_ depth: Int) -> Bool {
        guard depth >= 0 else { return false }
        switch self {
        case .array(let values): return values.allSatisfy { $0.isWithin(depth - 1) }
        case .object(let fields): return fields.values.allSatisfy { $0.isWithin(depth - 1) }
        default: return true
        }
    }
}
