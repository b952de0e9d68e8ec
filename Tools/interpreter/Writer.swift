// SPDX-License-Identifier: Apache-2.0
//
// Writes a value by the declaration alone, again and again until nothing changes.
//
// - It knows no format and nothing of the codecs; what it writes is read back before it counts.
// - What the declaration determines is never taken from the value: checksums, byte counts, counts of lists,
//   places, padding, and whatever the left side of an equality that must hold says. The first writing finds
//   out what that is; the second one is not shown it.
// - A number may depend on what is written behind it. So a writing looks at the bytes and at the numbers that
//   the one before it left.

import CairnFormats

/// Why a value cannot be written.
package struct WritingFailure: Error, CustomStringConvertible {
    /// One sentence.
    package let description: String
}

/// Writes one value.
package final class Writer {
    let format: ResolvedFormat
    /// Evaluates formulas over what this writing and the one before wrote.
    var reader: Reader
    /// What this writing wrote so far.
    var image: [UInt8] = []
    /// What the declaration determines, by the names on the way to it. `none` stands for as many zeros as the
    /// field has bytes.
    package private(set) var determined: [[String]: DynamicValue] = [:]
    /// The size of the whole, if the declaration determines it.
    private var size: Int?
    /// Where a value is looked for in vain.
    private var withheld: Set<[String]> = []
    /// Fields for which nothing was found.
    private var missing: Set<[String]> = []
    /// The members of the types that are being written.
    var values: [DynamicValue.Object] = []
    /// The ends of the windows that are open, and the scopes where they are computed.
    var windows: [(end: Expression, scope: WritingScope)] = []
    private let byteCount: Int

    /// A writer.
    ///
    /// - Parameter byteCount: At least so many bytes are written; zeros fill up what is missing. For formats
    ///   whose end may be prepared ahead.
    package init(_ format: ResolvedFormat, byteCount: Int = 0) {
        self.format = format
        self.byteCount = byteCount
        reader = Reader(format, [])
    }

    /// The bytes of a value.
    ///
    /// - Throws: ``WritingFailure`` when the declaration does not say what a field is that the value lacks, or
    ///   when what was written does not read as the value.
    package func write(
        _ value: DynamicValue, context: [String: DynamicValue] = [:]
    ) throws(WritingFailure) -> [UInt8] {
        var failure: WritingFailure?
        // A step may be taken only if there are bytes at all, which is not known before it is taken.
        for guess in [0, 1] {
            do throws(WritingFailure) {
                withheld = []
                try settle(value, context, guess)
                withheld = Set(determined.keys)
                try settle(value, context, guess)
                try readBack(value, context)
                return image
            } catch {
                failure = failure ?? error
            }
        }
        throw failure ?? self.failure("it cannot be written")
    }

    func failure(_ sentence: String) -> WritingFailure {
        WritingFailure(description: "\(format.name): \(sentence)")
    }

    // MARK: Writings

    private static let writingCountMax = 64

    /// Writes until nothing changes.
    private func settle(
        _ value: DynamicValue, _ context: [String: DynamicValue], _ byteCount: Int
    ) throws(WritingFailure) {
        (image, determined, size) = ([UInt8](repeating: 0, count: byteCount), [:], nil)
        for _ in 0..<Self.writingCountMax {
            let (bytes, known) = (image, determined)
            try writeOnce(value, context)
            guard image != bytes || determined != known else {
                guard let place = missing.sorted(by: { $0.lexicographicallyPrecedes($1) }).first
                else { return }
                throw failure("nothing says what \(place.joined(separator: ".")) is")
            }
        }
        throw failure("it comes out differently each time")
    }

    private func writeOnce(
        _ value: DynamicValue, _ context: [String: DynamicValue]
    ) throws(WritingFailure) {
        reader = Reader(format, image)
        (image, missing) = ([], [])
        let outer = WritingScope(parent: nil, start: 0, place: [])
        for known in format.reading.context {
            let value = context[known.name] ?? reader.evaluate(known.unknown, outer)
            outer.declare(known.name, value, isShown: false)
        }
        _ = try write(type: format.reading.root, value, [], outer, at: [])
        missing = missing.filter { determined[$0] == nil }
        let wanted = max(size ?? 0, byteCount)
        if image.count < wanted {
            image += [UInt8](repeating: 0, count: wanted - image.count)
        }
    }

    private func readBack(
        _ value: DynamicValue, _ context: [String: DynamicValue]
    ) throws(WritingFailure) {
        let found: DynamicValue
        do throws(ReadingFailure) {
            found = try Reader(format, image).readRoot(context)
        } catch {
            throw failure("what was written breaks \(error.check) at \(error.at)")
        }
        if let place = difference(found, value, at: []) {
            throw failure("what was written reads as another \(place.joined(separator: "."))")
        }
    }

    /// The first thing in `value` that `found` lacks, but for what the declaration determines.
    private func difference(
        _ found: DynamicValue?, _ value: DynamicValue, at place: [String]
    ) -> [String]? {
        guard determined[place] == nil else { return nil }
        switch (found, value) {
        case (.object(let found), .object(let value)):
            for member in value.members where member.isShown {
                if let place = difference(
                    found[member.name], member.value, at: place + [member.name])
                {
                    return place
                }
            }
            return nil
        case (.list(let found), .list(let value)) where found.count == value.count:
            for index in value.indices {
                if let place = difference(found[index], value[index], at: place + ["\(index)"]) {
                    return place
                }
            }
            return nil
        default: return found == value ? nil : place
        }
    }

    // MARK: What is known of a field

    /// What a field, or a list, is: what the declaration determines, else what the value says.
    func known(_ name: String, at place: [String]) -> DynamicValue? {
        if let found = determined[place] { return found == .none ? nil : found }
        guard !withheld.contains(place) else { return nil }
        return values.last?[name]
    }

    /// Whether the value is not asked for something.
    func isWithheld(_ place: [String]) -> Bool { withheld.contains(place) }

    /// Notes that a field is as it is for want of anything better.
    func miss(_ place: [String]) { missing.insert(place) }

    /// Notes what the declaration says of a field.
    func determine(_ place: [String], _ value: DynamicValue) { determined[place] = value }

    /// Notes what the declaration says of the size.
    func determine(size: Int) { self.size = size }
}

/// The names in a type that is being written.
final class WritingScope: Scope, @unchecked Sendable {
    /// The names on the way to what is written.
    let place: [String]
    /// The field or the list that is the whole result: to a value, it stands in the place of the type.
    let resultName: String?
    /// Formulas that names stand for, and how many windows are open where they are.
    var aliases: [String: (expression: Expression, windowCount: Int)] = [:]

    init(parent: Scope?, start: Int, place: [String], resultName: String? = nil) {
        self.place = place
        self.resultName = resultName
        super.init(parent: parent, start: start)
    }

    /// The names on the way to a field or a list.
    func place(of name: String) -> [String] { name == resultName ? place : place + [name] }

    /// The nearest scope that has a name.
    func owner(of name: String) -> WritingScope? {
        if members.contains(where: { $0.name == name }) { return self }
        return (parent as? WritingScope)?.owner(of: name)
    }
}
