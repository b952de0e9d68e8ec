// SPDX-License-Identifier: Apache-2.0

import CairnContainer
import CairnDurable
import CairnIO
import CairnLog
import CairnTesting
import SystemPackage
import Testing

/// A damaged container: told, or of no consequence; never silent.
struct ContainerDamageTests {
    private static let path: FilePath = "/scores.cairn"

    /// A closed store with segments and snapshots.
    private static func store() throws -> (files: SimulatedFileSystem, count: Int) {
        let files = SimulatedFileSystem()
        let scores = try Scores.open(files)
        for step in 1...9 {
            try scores.commit(Scores.one)
            if step == 5 { try scores.checkpoint() }
        }
        try scores.close()
        return (files.crashImage(.everythingWritten), 9)
    }

    private enum Outcome { case told, whole, silent(Int) }

    private static func outcome(_ files: SimulatedFileSystem, _ count: Int) -> Outcome {
        do {
            let scores = try Scores.open(files, seed: 5, access: .readOnly)
            let found = scores.read(\.count)
            if found == count { return .whole }
            let recovery = scores.recovery
            let isTold =
                recovery.log.verdict != .clean || !recovery.damagedSnapshots.isEmpty
            return isTold ? .told : .silent(found)
        } catch {
            return .told
        }
    }

    /// The files of a container, with their sizes; nil when it is refused.
    private static func listing(_ files: SimulatedFileSystem) -> [String]? {
        let fileSystem = ContainerFileSystem(.over(files))
        guard let root = try? fileSystem.openDirectory("scores.cairn", creating: false) else {
            return nil
        }
        return try? root.list().flatMap { entry throws(StorageError) in
            guard let name = entry.name, entry.kind == .directory else { return ["\(entry)"] }
            let folder = try root.openDirectory(name)
            return try folder.list().map { file throws(StorageError) in
                "\(name)/\(file.name!) \(try folder.openFile(file.name!, .readOnly).byteCount())"
            }
        }
    }

    @Test func everyBitOfTheHeaderAndTheJournalIsGuarded() throws {
        let (files, _) = try Self.store()
        let bytes = try #require(files.contents(Self.path))
        let whole = try #require(Self.listing(files))
        let journal = 4096..<4096 + 12 << 10
        let end = try #require(bytes[journal].lastIndex { $0 != 0 }) + 1
        var told = 0
        var silent: [String] = []
        for byte in Array(0..<60) + Array(journal.lowerBound..<end) {
            for bit in 0..<8 {
                files.flipBit(Self.path, byte * 8 + bit)
                defer { files.flipBit(Self.path, byte * 8 + bit) }
                switch Self.listing(files) {
                case nil: told += 1
                case whole: silent.append("bit \(bit) of byte \(byte) is not noticed")
                default: silent.append("bit \(bit) of byte \(byte) changes the files")
                }
            }
        }
        #expect(silent == [])
        print("container: \(told) flips of header and journal told, \(silent.count) silent")
        #expect(told > 10_000)
        // Nothing lies behind: a bit there changes nothing.
        for byte in stride(from: end + 68, to: journal.upperBound, by: 61) {
            files.flipBit(Self.path, byte * 8)
            #expect(Self.listing(files) == whole, "byte \(byte)")
            files.flipBit(Self.path, byte * 8)
        }
    }

    /// Nothing in the first block says that its last record was durable; what does lies where only that record leads.
    @Test func aLostLinkToTheNextBlockIsNoTornEnd() throws {
        let live = SimulatedFileSystem()
        let containers = ContainerFileSystem(.over(live), creating: Self.path)
        let root = try containers.openDirectory(Self.path, creating: true)
        for number in 0..<200 {
            _ = try root.createFile(try #require(FileName("file-\(number)")))
            try root.sync()
        }
        let files = live.crashImage(.everythingWritten)
        #expect(Self.listing(files)?.count == 200)
        var bytes = try #require(files.contents(Self.path))
        try #require(bytes.count > 16 << 10)
        let end = try #require(bytes[4096..<4096 + 12 << 10].lastIndex { $0 != 0 }) / 4 * 4 + 4
        for index in end - 68..<end { bytes[index] = 0xa5 }
        files.setContents(Self.path, bytes)
        #expect(Self.listing(files) == nil)
    }

    @Test func everyByteOfTheFilesIsGuarded() throws {
        let (files, count) = try Self.store()
        let bytes = try #require(files.contents(Self.path))
        var told = 0
        for byte in bytes.indices.dropFirst(4096 + 12 << 10)
        where (bytes[byte] != 0 && byte % 3 == 0) || byte % 256 == 0 {
            let bit = byte / 3 % 8
            files.flipBit(Self.path, byte * 8 + bit)
            defer { files.flipBit(Self.path, byte * 8 + bit) }
            switch Self.outcome(files, count) {
            case .told: told += 1
            case .whole: break
            case .silent(let found):
                Issue.record("bit \(bit) of byte \(byte): \(found) of \(count) commits, in silence")
                return
            }
        }
        #expect(told > 200)
    }

    @Test func aCutContainerIsRefused() throws {
        let (files, count) = try Self.store()
        let size = try #require(files.contents(Self.path)?.count)
        for end in stride(from: 0, to: size, by: 509) {
            let cut = files.crashImage(.everythingWritten)
            let root = try cut.openDirectory("/", creating: false)
            let file = try root.openFile("scores.cairn", .readWrite)
            try file.truncate(to: UInt64(end))
            #expect(throws: DurableError.self, "cut at \(end) of \(size)") {
                _ = try Scores.open(cut, seed: 5, access: .readOnly)
            }
        }
        #expect(count == 9)
    }

    @Test func whatIsNoContainerIsSaidToBeNone() throws {
        let files = SimulatedFileSystem()
        let root = try files.openDirectory("/", creating: false)
        try root.createFile("scores.cairn").put([UInt8](repeating: 65, count: 100), at: 0)
        do {
            _ = try Scores.open(files)
            Issue.record("it was opened")
        } catch let error as DurableError {
            #expect(error.cause?.code == .notAContainer || error.finding?.verdict == .notALog)
        }
        #expect(files.contents("/scores.cairn")?.count == 100)
    }
}
