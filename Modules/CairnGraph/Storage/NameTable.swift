// SPDX-License-Identifier: Apache-2.0

/// Names by number, and numbers by name.
///
/// A name stays when nothing bears it any more: the table only grows, and no undo touches it. So the
/// numbers depend on history and never leave the store.
///
/// A copy shares all names. A name that is new after that copies them, once.
struct NameTable: Sendable {
    private var storage = Storage()
    private var last: UInt32 = 0

    /// The part that a use of a name hardly ever changes.
    private final class Storage: @unchecked Sendable {
        // Sendable because one that others can see does not change.
        @exclusivity(unchecked) var names: [String] = []
        @exclusivity(unchecked) var entries: [String: Entry] = [:]
        // The same names tend to follow one another: by number, what came after the name last time.
        @exclusivity(unchecked) var successors = PersistentArray<UInt32>()

        func copy() -> Storage {
            let copy = Storage()
            (copy.names, copy.entries, copy.successors) = (names, entries, successors)
            return copy
        }
    }

    private struct Entry {
        let number: UInt32
        /// The number of bytes that the name has when all of them are ASCII. A string that equals such a name
        /// and has as many bytes is the same bytes: any other spelling is longer.
        let asciiByteCount: Int?
    }

    /// The names, by number.
    var names: [String] { storage.names }

    var count: Int { storage.names.count }

    subscript(number: UInt32) -> String { storage.names[Int(number)] }

    /// The number of a name that is in the table.
    func number(of name: String) -> UInt32? { storage.entries[name]?.number }

    /// The number of a name, which is added when it is new.
    mutating func intern(_ name: String) throws(GraphError) -> UInt32 {
        if last < storage.successors.count {
            let guess = storage.successors[Int(last)]
            if storage.names[Int(guess)].hasSameUTF8(as: name) {
                last = guess
                return guess
            }
        }
        let number = try find(name)
        if storage.successors[Int(last)] != number {
            makeUnique()
            storage.successors[Int(last)] = number
        }
        last = number
        return number
    }

    private mutating func makeUnique() {
        if !isKnownUniquelyReferenced(&storage) { storage = storage.copy() }
    }

    private mutating func find(_ name: String) throws(GraphError) -> UInt32 {
        if let entry = storage.entries[name] {
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
        makeUnique()
        let byteCount = isASCII ? name.utf8.count : nil
        storage.entries[name] = Entry(number: number, asciiByteCount: byteCount)
        storage.names.append(name)
        storage.successors.append(0)
        return number
    }
}
