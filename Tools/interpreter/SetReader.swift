// SPDX-License-Identifier: Apache-2.0
//
// Reads a set of files by the declaration of what holds across them. Each file is read by its own format
// first; then the rules are taken for it.

import CairnFormats

/// A file of a set, or a folder.
package struct SetFile: Hashable, Sendable {
    /// The path within the set.
    package let path: String
    /// The content; nil for a folder.
    package let bytes: [UInt8]?

    package init(_ path: String, _ bytes: [UInt8]?) {
        self.path = path
        self.bytes = bytes
    }
}

/// What comes of reading a set in one mode.
package struct SetOutcome: Hashable, Sendable {
    /// The first finding, or that there is none.
    package var outcome: Outcome
    /// The file that is wrong, or that has a torn end.
    package var file: String?
    /// What was put together; only of a valid set.
    package var value: DynamicValue = .none

    package init(_ outcome: Outcome, file: String? = nil, value: DynamicValue = .none) {
        self.outcome = outcome
        self.file = file
        self.value = value
    }
}

extension ResolvedFormat {
    /// Whether this is a set of files.
    package var isSet: Bool { !reading.files.isEmpty }

    /// The name of the format of a file of the set, by its path; nil for a file that is not of the set.
    package func formatName(of path: String) -> String? {
        reading.files.first { $0.numbers(inPath: path) != nil }?.format
    }
}

/// Reads one set of files in one mode.
package final class SetReader {
    private let format: ResolvedFormat
    private let formats: [ResolvedFormat]
    private let files: [SetFile]
    private let mode: ReadingMode
    private let disabled: Set<String>
    private let root = Scope(parent: nil, start: 0)
    private var delivered = 0
    private var findings: [(failure: ReadingFailure, file: String)] = []
    private var torn: (file: String, at: Int)?
    private let readings: FileReadings

    /// - Parameter readings: Where readings of single files are found, and kept for other modes and sets.
    package init(
        _ format: ResolvedFormat, _ formats: [ResolvedFormat], _ files: [SetFile],
        _ mode: ReadingMode, disabled: Set<String> = [], readings: FileReadings = FileReadings()
    ) {
        self.readings = readings
        self.format = format
        self.formats = formats
        self.files = files
        self.mode = mode
        self.disabled = disabled
    }

    /// What comes of it.
    package func outcome() -> SetOutcome {
        var value = DynamicValue.none
        do throws(Refusal) {
            let reader = Reader(format, [], disabled: disabled)
            do throws(ReadingFailure) {
                for step in format.types[format.reading.root]?.steps ?? [] {
                    try reader.take(step, root)
                }
            } catch { throw Refusal(failure: error, file: ".") }
            root.declare("mode", .text(mode.rawValue), isShown: false)
            for kind in format.reading.files where !kind.rules.all.isEmpty { try read(kind) }
            if let result = format.types[format.reading.root]?.result {
                value = reader.evaluate(result, root)
            }
        } catch {
            findings.append((error.failure, error.file))
        }
        guard let first = findings.first else {
            return SetOutcome(
                Outcome(delivered: delivered, truncateTo: torn?.at), file: torn?.file, value: value)
        }
        return SetOutcome(
            Outcome(
                error: first.failure.error, at: first.failure.at, delivered: delivered,
                check: first.failure.check), file: first.failure.file ?? first.file)
    }

    private struct Refusal: Error {
        let failure: ReadingFailure
        let file: String
    }

    private func read(_ kind: FileKind) throws(Refusal) {
        let found = matching(kind)
        let exists =
            kind.folder.isEmpty
            || files.contains { $0.path == kind.folder || $0.path.hasPrefix(kind.folder + "/") }
        let folder = Self.object([
            ("exists", .bool(exists)), ("fileCount", .int(Int128(found.count))),
        ])
        root.declare("folder", folder, isShown: false)
        try take(kind.rules.before, [], 0, kind.folder)
        for (index, file) in found.enumerated() {
            try read(file, kind, isFirst: index == 0, isLast: index == found.count - 1)
            if let until = kind.until, Reader(format, []).evaluate(until, root).isTrue { break }
        }
        try take(kind.rules.after, [], 0, kind.folder)
    }

    private typealias Found = (
        path: String, numbers: [(name: String, value: UInt64)], bytes: [UInt8]
    )

    /// The files of a kind, in the order in which they are read.
    private func matching(_ kind: FileKind) -> [Found] {
        let found = files.compactMap { file -> Found? in
            guard let bytes = file.bytes, let numbers = readings.numbers(kind, file.path) else {
                return nil
            }
            return (file.path, numbers, bytes)
        }.sorted { left, right in
            left.numbers.map(\.value).lexicographicallyPrecedes(right.numbers.map(\.value))
        }
        return kind.isDescending ? found.reversed() : found
    }

    private func read(
        _ file: Found, _ kind: FileKind, isFirst: Bool, isLast: Bool
    ) throws(Refusal) {
        guard let own = formats.first(where: { $0.name == kind.format }) else { return }
        var facts: [(String, DynamicValue)] = [("path", .text(file.path))]
        facts += file.numbers.map { ($0.name, .int(Int128($0.value))) }
        facts += [("isFirst", .bool(isFirst)), ("isLast", .bool(isLast))]
        root.declare("file", Self.object(facts), isShown: false)
        let asking = Reader(format, file.bytes)
        var context: [String: DynamicValue] = [:]
        for known in kind.context { context[known.name] = asking.evaluate(known.value, root) }
        context = context.filter { $0.value != .none }

        let reading = readings.reading(
            own, file.bytes, context, mayBeTorn: kind.lastMayBeTorn && isLast)
        let outcome = reading.outcome
        facts += [
            ("content", reading.content),
            ("error", outcome.error.map { .text($0.name) } ?? .none),
            ("category", outcome.error.map { .text($0.category.rawValue) } ?? .none),
            ("at", outcome.at.map { .int(Int128($0)) } ?? .none),
            ("torn", outcome.truncateTo.map { .int(Int128($0)) } ?? .none),
        ]
        root.declare("file", Self.object(facts), isShown: false)
        if let place = outcome.truncateTo { torn = (file.path, place) }
        try take(kind.rules.opened, file.bytes, 0, file.path)
        for element in reading.elements {
            root.declare("element", element.value, isShown: false)
            try take(kind.rules.each, file.bytes, element.start, file.path)
        }
        try take(kind.rules.closed, file.bytes, 0, file.path)
    }

    /// Takes the steps of a rule. In salvage a check that does not hold is noted, and the next step is
    /// taken; any other failure ends the rule.
    private func take(
        _ type: String?, _ input: [UInt8], _ start: Int, _ path: String
    ) throws(Refusal) {
        guard let type else { return }
        let reader = Reader(format, input, disabled: disabled)
        reader.position = start
        if mode == .salvage { reader.noting = { [self] in findings.append(($0, path)) } }
        defer { delivered += reader.delivered }
        do throws(ReadingFailure) {
            _ = try reader.read(type: type, [], root)
        } catch {
            guard mode == .salvage else { throw Refusal(failure: error, file: path) }
            findings.append((error, path))
        }
    }

    private static func object(_ members: [(String, DynamicValue)]) -> DynamicValue {
        .object(
            .init(members: members.map { .init(name: $0.0, value: $0.1, isShown: true) }))
    }
}

extension FileKind {
    /// The numbers in the name of a file; nil for a file of another kind.
    func numbers(inPath path: String) -> [(name: String, value: UInt64)]? {
        let prefix = folder.isEmpty ? "" : folder + "/"
        guard path.hasPrefix(prefix) else { return nil }
        return numbers(in: String(path.dropFirst(prefix.count)))
    }

    private func numbers(in name: String) -> [(name: String, value: UInt64)]? {
        var rest = Substring(name)
        var numbers: [(name: String, value: UInt64)] = []
        for part in nameParts {
            switch part {
            case .text(let text):
                guard rest.hasPrefix(text) else { return nil }
                rest = rest.dropFirst(text.count)
            case .number(let name, let digits, let least):
                let found = rest.prefix { $0.isASCII && $0.isNumber }
                guard let value = UInt64(found), value >= least, found.count >= digits,
                    found.count == digits || found.first != "0"
                else { return nil }
                rest = rest.dropFirst(found.count)
                numbers.append((name, value))
            case .hexadecimal(let count):
                let found = rest.prefix(count)
                guard found.count == count,
                    found.allSatisfy({ ("0"..."9").contains($0) || ("a"..."f").contains($0) })
                else { return nil }
                rest = rest.dropFirst(count)
            }
        }
        return rest.isEmpty ? numbers : nil
    }
}
