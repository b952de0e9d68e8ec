// SPDX-License-Identifier: Apache-2.0

import CairnFormats

/// What comes of reading single files, by their content.
package final class FileReadings {
    private struct Key: Hashable {
        let format: String
        let bytes: [UInt8]
        let context: [String: DynamicValue]
        let mayBeTorn: Bool

        func hash(into hasher: inout Hasher) {
            hasher.combine(format)
            bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        }
    }

    /// What comes of one file.
    struct Reading: Sendable {
        /// What was delivered, and where its type began.
        let elements: [(start: Int, value: DynamicValue)]
        /// Everything that the root named.
        let content: DynamicValue
        let outcome: Outcome
    }

    private var known: [Key: Reading]
    private var names: [String: [(name: String, value: UInt64)]?]

    /// Readings that know what other ones do so far.
    package init(_ others: FileReadings? = nil) {
        known = others?.known ?? [:]
        names = others?.names ?? [:]
    }

    /// The same readings, without what is known of names: for kinds of files whose names are other ones.
    package var withoutNames: FileReadings {
        let copy = FileReadings(self)
        copy.names = [:]
        return copy
    }

    /// The numbers in the name of a file; nil for a file of another kind.
    func numbers(_ kind: FileKind, _ path: String) -> [(name: String, value: UInt64)]? {
        let key = kind.name + ":" + path
        if let found = names[key] { return found }
        let numbers = kind.numbers(inPath: path)
        names[key] = .some(numbers)
        return numbers
    }

    func reading(
        _ format: ResolvedFormat, _ bytes: [UInt8], _ context: [String: DynamicValue],
        mayBeTorn: Bool
    ) -> Reading {
        let key = Key(
            format: format.name, bytes: bytes, context: context, mayBeTorn: mayBeTorn)
        if let found = known[key] { return found }
        let reader = Reader(format, bytes)
        var elements: [(start: Int, value: DynamicValue)] = []
        reader.delivering = { name, scope in
            guard name == format.reading.delivers else { return }
            elements.append((scope.start, .object(.init(members: scope.members))))
        }
        var outcome = Outcome(delivered: 0)
        do throws(ReadingFailure) {
            _ = try reader.readRoot(context)
        } catch {
            let strict = Outcome(
                error: error.error, at: error.at, delivered: reader.delivered, check: error.check)
            outcome = mayBeTorn ? reader.recover(error, strict) : strict
        }
        let content = DynamicValue.object(.init(members: reader.rootScope?.members ?? []))
        let reading = Reading(elements: elements, content: content, outcome: outcome)
        known[key] = reading
        return reading
    }
}
