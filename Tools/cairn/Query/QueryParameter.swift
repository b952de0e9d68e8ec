// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import CairnQuery
internal import Foundation

/// A parameter with its value, as `name=value` on the command line.
struct QueryParameter: ExpressibleByArgument {
    let name: String
    let value: QueryValue

    /// Nil when there is no name before the first `=`.
    init?(argument: String) {
        guard let end = argument.firstIndex(of: "="), end > argument.startIndex else { return nil }
        name = String(argument[..<end])
        value = Self.value(of: String(argument[argument.index(after: end)...]))
    }

    /// The value that the text is in JSON; the text itself for anything else.
    static func value(of text: String) -> QueryValue {
        guard
            let object = try? JSONSerialization.jsonObject(
                with: Data(text.utf8), options: .fragmentsAllowed),
            let value = value(of: object, depth: 0)
        else { return .string(text) }
        return value
    }

    private static func value(of object: Any, depth: Int) -> QueryValue? {
        guard depth < QueryValue.nestingCountMax else { return nil }
        switch object {
        case is NSNull: return .null
        case let text as String: return .string(text)
        case let number as NSNumber:
            if CFNumberIsBoolean(number) { return .bool(number.boolValue) }
            if let integer = Int64(number.stringValue) { return .int(integer) }
            return .double(number.doubleValue)
        case let elements as [Any]:
            let values = elements.compactMap { value(of: $0, depth: depth + 1) }
            return values.count == elements.count ? .list(values) : nil
        case let entries as [String: Any]:
            let values = entries.compactMapValues { value(of: $0, depth: depth + 1) }
            return values.count == entries.count ? .map(values) : nil
        default: return nil
        }
    }

    /// Whether a number of JSON was `true` or `false`.
    private static func CFNumberIsBoolean(_ number: NSNumber) -> Bool {
        String(cString: number.objCType) == "c"
    }
}
