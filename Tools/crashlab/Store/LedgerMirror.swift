// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnFormat
import CairnIO

/// A mirror that keeps how many entries there are in a file of its own, durably, and says so by a new name
/// each time.
final class LedgerMirror: WalMirror {
    private let environment: StorageEnvironment
    private let entryCount: Locked<UInt64>
    private let generation = Locked<Int>(0)

    init(_ environment: StorageEnvironment) {
        self.environment = environment
        entryCount = Locked(0)
    }

    /// What the store holds at the moment.
    func tell(_ count: UInt64) { entryCount.withLock { $0 = count } }

    func persist() throws {}

    func persistForced() throws {
        let count = entryCount.withLock { $0 }
        let directory = try environment.fileSystem.openDirectory(
            Laboratory.mirrorPath, creating: true)
        let old = try directory.list().compactMap(\.name)
        let number = try generation.withLock { (number) throws in
            number = (old.compactMap { Int($0.string) }.max() ?? 0) + 1
            return number
        }
        let temporary = FileName("\(number).creating")!
        if old.contains(temporary) { try directory.remove(temporary) }
        let file = try directory.createFile(temporary)
        var bytes = BinaryBuffer(capacity: 16)
        bytes.append(count)
        bytes.append(~count)
        try file.write(bytes.bytes, at: 0)
        try file.sync()
        try file.close()
        try directory.rename(temporary, to: FileName("\(number)")!)
        try directory.sync()
        for name in old where Int(name.string) != nil { try directory.remove(name) }
    }

    /// How many entries the newest mirror in an image has.
    ///
    /// - Throws: ``Complaint`` for one that cannot be read.
    static func entryCount(_ contents: [(name: String, bytes: [UInt8])]) throws -> UInt64? {
        let named = contents.compactMap { file in Int(file.name).map { ($0, file.bytes) } }
        guard let newest = named.max(by: { $0.0 < $1.0 })?.1 else { return nil }
        guard newest.count == 16 else { throw Complaint("the mirror has \(newest.count) bytes") }
        var reader = ByteReader(newest.span.bytes)
        let count = try reader.integer(UInt64.self)
        guard try reader.integer(UInt64.self) == ~count else {
            throw Complaint("the mirror is damaged")
        }
        return count
    }
}
