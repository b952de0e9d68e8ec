// SPDX-License-Identifier: Apache-2.0
//
// The directory of a container, as its journal says.
//
// - Entries are known by their numbers, which are given out once. A name is valid only within its directory, and is
//   never taken for a path.
// - Space is given out once: each extent and each journal block begins where everything before it ended, or behind. So
//   no two of them overlap, whatever the numbers in a damaged or forged file are.

internal import CairnIO

/// A run of bytes of a file, which lie together in the container.
struct ContainerExtent: Hashable, Sendable {
    /// Where in the file it begins.
    let start: UInt64
    /// Where in the container it begins.
    let place: UInt64
    var byteCount: UInt64

    var end: UInt64 { start + byteCount }
}

/// A file or a directory of a container.
struct ContainerEntry: Sendable {
    let number: UInt64
    let isDirectory: Bool
    let parent: UInt64
    let depth: Int
    var name: FileName
    /// The size of the file.
    var byteCount: UInt64 = 0
    /// One behind the other, from the start of the file on.
    var extents: [ContainerExtent] = []
    /// The entries of the directory.
    var children: [FileName: UInt64] = [:]
    /// The last record that changed the size or the extents.
    var sequence: UInt64 = 0

    /// Where the extents end.
    var capacity: UInt64 { extents.last?.end ?? 0 }
}

/// All entries of a container.
struct ContainerTree: Sendable {
    /// Why a record makes no sense.
    enum Defect: String, Error {
        case entryUnknown, entryNotNew, notADirectory, notAFile, nameTaken, tooDeep, notEmpty
        case numberTooLarge, extentNotNext, placeTaken
    }

    private(set) var entries: [UInt64: ContainerEntry]
    private(set) var lastEntry: UInt64 = 0
    /// Everything before is given out.
    private(set) var end: UInt64
    /// Bytes of the extents of all files.
    private(set) var usedByteCount: UInt64 = 0

    static let root: UInt64 = 0

    /// The tree of a container whose first journal block ends at `end`.
    init(end: UInt64) {
        self.end = end
        entries = [
            Self.root: ContainerEntry(
                number: Self.root, isDirectory: true, parent: Self.root, depth: 0, name: "root")
        ]
    }

    subscript(number: UInt64) -> ContainerEntry? { entries[number] }

    /// Does what a record says.
    mutating func apply(_ record: ContainerRecord, _ sequence: UInt64) throws(Defect) {
        switch record.kind {
        case .create: try create(record)
        case .extend: try extend(record, sequence)
        case .size, .cut: try resize(record, sequence)
        case .rename: try rename(record)
        case .remove: try remove(record)
        case .link: try take(record)
        }
    }

    private mutating func create(_ record: ContainerRecord) throws(Defect) {
        guard record.entry > lastEntry else { throw .entryNotNew }
        guard let parent = entries[record.parent] else { throw .entryUnknown }
        guard parent.isDirectory else { throw .notADirectory }
        guard parent.depth < ContainerLayout.depthMax else { throw .tooDeep }
        guard let name = record.name, parent.children[name] == nil else { throw .nameTaken }
        lastEntry = record.entry
        entries[record.parent]?.children[name] = record.entry
        entries[record.entry] = ContainerEntry(
            number: record.entry, isDirectory: record.entryKind == ContainerRecord.directory,
            parent: record.parent, depth: parent.depth + 1, name: name)
    }

    private mutating func extend(_ record: ContainerRecord, _ sequence: UInt64) throws(Defect) {
        let entry = try file(record.entry)
        guard record.position == entry.capacity, record.byteCount > 0 else { throw .extentNotNext }
        guard record.byteCount <= ContainerLayout.placeMax,
            entry.capacity + record.byteCount <= ContainerLayout.placeMax
        else { throw .numberTooLarge }
        try take(record)
        usedByteCount += record.byteCount
        entries[record.entry]?.extents.append(
            ContainerExtent(
                start: record.position, place: record.place, byteCount: record.byteCount))
        entries[record.entry]?.sequence = sequence
    }

    /// Gives space out that no record speaks of.
    mutating func skip(to place: UInt64) { end = max(end, place) }

    /// Gives space out.
    private mutating func take(_ record: ContainerRecord) throws(Defect) {
        guard record.place <= ContainerLayout.placeMax,
            record.byteCount <= ContainerLayout.placeMax
        else { throw .numberTooLarge }
        guard record.place >= end else { throw .placeTaken }
        end = record.place + record.byteCount
    }

    private mutating func resize(_ record: ContainerRecord, _ sequence: UInt64) throws(Defect) {
        var entry = try file(record.entry)
        guard record.position <= ContainerLayout.placeMax else { throw .numberTooLarge }
        if record.kind == .cut {
            let before = entry.capacity
            while let last = entry.extents.last, last.start >= record.position {
                entry.extents.removeLast()
            }
            if let last = entry.extents.last, last.end > record.position {
                entry.extents[entry.extents.count - 1].byteCount = record.position - last.start
            }
            usedByteCount -= before - entry.capacity
        }
        entry.byteCount = record.position
        entry.sequence = sequence
        entries[record.entry] = entry
    }

    private mutating func rename(_ record: ContainerRecord) throws(Defect) {
        guard record.entry != Self.root, let entry = entries[record.entry] else {
            throw .entryUnknown
        }
        guard let name = record.name, entries[entry.parent]?.children[name] == nil else {
            throw .nameTaken
        }
        entries[entry.parent]?.children[entry.name] = nil
        entries[entry.parent]?.children[name] = record.entry
        entries[record.entry]?.name = name
    }

    private mutating func remove(_ record: ContainerRecord) throws(Defect) {
        guard record.entry != Self.root, let entry = entries[record.entry] else {
            throw .entryUnknown
        }
        guard entry.children.isEmpty else { throw .notEmpty }
        usedByteCount -= entry.capacity
        entries[entry.parent]?.children[entry.name] = nil
        entries[record.entry] = nil
    }

    private func file(_ number: UInt64) throws(Defect) -> ContainerEntry {
        guard let entry = entries[number] else { throw .entryUnknown }
        guard !entry.isDirectory else { throw .notAFile }
        return entry
    }
}
