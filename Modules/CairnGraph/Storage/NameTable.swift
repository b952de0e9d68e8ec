// SPDX-License-Identifier: Apache-2.0

/// Names by number, and numbers by name.
///
/// A name stays when nothing bears it any more: the table only grows, and no undo touches it. So the
/// numbers depend on history and never leave the store.
struct NameTable: Sendable {
    /// The names, by number.
    private(set) var names: [String] = []
    private var entries: [String: Entry] = [:]
    // The same names tend to follow one another: by number, what came after the name last time.
    private var successors: [UInt32] = []
    private var last: UInt32 = 0

    private struct Entry {
        let number: UInt32
        /// How many bytes the name has when all of them are ASCII. A string that equals such a name
        /// and has as many bytes is the same bytes: any other spelling is longer.
        let asciiByteCount: Int?
    }

    var count: Int { names.count }

    subscript(number: UInt32) -> String { names[Int(number)] }

    /// The number of a name that is in the table.
    func number(of name: String) -> UInt32? { entries[name]?.number }

    /// The number of a name, which is added when it is new.
    mutating func intern(_ name: String) throws(GraphError) -> UInt32 {
        if last < successors.count {
            let guess = successors[Int(last)]
            if names[Int(guess)].hasSameUTF8(as: name) {
                last = guess
                return guess
            }
        }
        let number = try find(name)
        successors[Int(last)] = number
        last = number
        return number
    }

    private mutating func find(_ name: String) throws(GraphError) -> UInt32 {
        if let entry = entries[name] {
            // A name in another normalization form equals the one in the table, and is invalid.
            guard
                entry.asciiByteCount == name.utf8.count
                    || names[Int(entry.number)].hasSameUTF8(as: name)
            else { throw GraphError(code: .invalidName, name: name) }
            return entry.number
        }
        guard GraphLimits.isValid(name: name) else {
            throw GraphError(code: .invalidName, name: name)
        }
        guard let number = UInt32(exactly: names.count), number < .max else {
            throw GraphError(code: .idsExhausted, name: name)
        }
        let isASCII = name.utf8.allSatisfy { $0 < 0x80 }
        entries[name] = Entry(number: number, asciiByteCount: isASCII ? name.utf8.count : nil)
        names.append(name)
        successors.append(0)
        return number
    }
}
