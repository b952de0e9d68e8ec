// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnEncryption
import CairnFormat
import CairnIO
import CairnLog
import CairnSnapshot
import CairnTesting
import SystemPackage
import Testing

/// What is refused, and what a refusal leaves behind: nothing.
struct KeyTests {
    private static func refusal(
        _ files: SimulatedFileSystem, _ keys: EncryptionKeys?, access: FileAccess = .readWrite
    ) -> DurableError? {
        let before = files.contentHash(of: "notes")
        defer { #expect(files.contentHash(of: "notes") == before, "an opening changed files") }
        var options = LogOptions.encrypted(keys)
        options.access = access
        return #expect(throws: DurableError.self) {
            try Durable<Notes>.open("notes", options: options, environment: .simulated(files))
        }
    }

    @Test(arguments: [false, true])
    func aWrongKeyIsRefusedAndTheErrorNamesTheRightOne(checkpoints: Bool) throws {
        let files = try Notes.store(Keys.keys(), checkpoints: checkpoints)
        let error = try #require(Self.refusal(files, Keys.keys(Keys.second)))
        #expect(error.code == .wrongKey)
        #expect(error.encryption?.keyID == Keys.first.id)
        #expect(error.encryption?.offset != nil)
        let file = try #require(error.encryption?.file)
        #expect(files.contents(FilePath("notes/\(file)")) != nil, "\(file) is no file")
        #expect("\(error)".contains("\(Keys.first.id)"))
        // An ID that was forged does not make another key the right one.
        #expect(!"\(error)".contains(Keys.second.hexadecimal))
    }

    @Test(arguments: [false, true])
    func withoutAKeyTheStoreIsEncrypted(checkpoints: Bool) throws {
        let files = try Notes.store(Keys.keys(), checkpoints: checkpoints)
        let error = try #require(Self.refusal(files, nil))
        #expect(error.code == .encrypted)
        #expect("\(error)".contains("is encrypted"))
        #expect(Self.refusal(files, nil, access: .readOnly)?.code == .encrypted)
    }

    @Test(arguments: [false, true])
    func aKeyRefusesPlainFilesUnlessTheyAreAllowed(checkpoints: Bool) throws {
        let files = try Notes.store(nil, checkpoints: checkpoints)
        #expect(Self.refusal(files, Keys.keys())?.code == .notEncrypted)
        let notes = try Notes.open(files, Keys.keys(allowsPlainFiles: true))
        #expect(notes.read(\.texts) == ["one", "two", "three"])
        try notes.commit(.added("four, and secret"))
        try notes.commit(.added("five"))
        try notes.checkpoint()
        try notes.commit(.added("six"))
        try notes.checkpoint()
        try notes.close()
        #expect(!files.contains("secret"))
        let again = try Notes.open(files, Keys.keys(allowsPlainFiles: true))
        #expect(again.read(\.texts.count) == 6)
        try again.close()
        #expect(Self.refusal(files, nil)?.code == .encrypted)
        // Two checkpoints have dropped all that was plain.
        let only = try Notes.open(files, Keys.keys())
        #expect(only.read(\.texts.count) == 6)
    }

    @Test func aPlainSegmentInThePlaceOfAnEncryptedOneIsRefused() throws {
        let files = try Notes.store(Keys.keys())
        let plain = try Notes.store(nil, texts: ["forged"])
        let path = try #require(files.paths(in: "log").first)
        let other = try #require(plain.paths(in: "log").first)
        files.setContents(path, try #require(plain.contents(other)))
        #expect(Self.refusal(files, Keys.keys())?.code == .notEncrypted)
        // Nothing behind the header, or zeros: a clean end for a reader without a key.
        for end in [72, 88, 4096] {
            let emptied = try Notes.store(Keys.keys())
            emptied.truncate(path, to: 72)
            emptied.truncate(path, to: end)
            #expect(Self.refusal(emptied, Keys.keys())?.code == .notEncrypted, "\(end) bytes")
        }
    }

    @Test func keysAreRotatedByNewSegmentsAndTheNextSnapshot() throws {
        let files = try Notes.store(Keys.keys(), checkpoints: true)
        #expect(Self.refusal(files, Keys.keys(Keys.second))?.code == .wrongKey)
        let both = Keys.keys(Keys.second, previous: [Keys.first])
        var notes = try Notes.open(files, both)
        let segmentCount = files.paths(in: "log").count
        try notes.commit(.added("with the second key"))
        #expect(files.paths(in: "log").count == segmentCount + 1)
        try notes.commit(.added("in the same segment"))
        #expect(files.paths(in: "log").count == segmentCount + 1)
        try notes.close()
        // Both are needed now.
        #expect(Self.refusal(files, Keys.keys(Keys.second))?.code == .wrongKey)
        #expect(Self.refusal(files, Keys.keys(Keys.first))?.encryption?.keyID == Keys.second.id)
        notes = try Notes.open(files, both)
        try notes.checkpoint()
        try notes.commit(.added("again"))
        try notes.checkpoint()
        #expect(notes.read(\.texts.count) == 6)
        try notes.close()
        // What was encrypted with the first key is gone.
        notes = try Notes.open(files, Keys.keys(Keys.second))
        #expect(notes.read(\.texts.count) == 6)
    }

    @Test func aStoreThatIsOpenedWithANewKeyIsNotWrittenBeforeItsNextRecord() throws {
        let files = try Notes.store(Keys.keys())
        for number in 2..<6 as Range<UInt8> {
            let notes = try Notes.open(
                files, Keys.keys(Keys.key(number), previous: [Keys.first]))
            try notes.close()
        }
        #expect(files.paths(in: "log").count == 1)
        let notes = try Notes.open(files, Keys.keys())
        #expect(notes.read(\.texts.count) == 3)
    }

    @Test func keysAreReadAsText() throws {
        #expect(try StoreKey(hexadecimal: " \(Keys.first.hexadecimal)\n").id == Keys.first.id)
        #expect(Keys.first.id != Keys.second.id)
        #expect(StoreKey.random().id != StoreKey.random().id)
        for text in [
            "", "01", Keys.first.hexadecimal + "0", "x" + Keys.first.hexadecimal.dropFirst(),
        ] {
            #expect(throws: KeyError(code: .malformedKey)) { try StoreKey(hexadecimal: text) }
        }
        #expect(throws: KeyError(code: .malformedKey)) { try StoreKey(bytes: [1, 2, 3]) }
    }

    @Test func nothingThatIsPrintedHoldsAKeyOrAPassword() throws {
        let source = try KeySource.password("correct horse")
        var text = ""
        for value: Any in [Keys.first, KeySource.key(Keys.first), source] {
            dump(value, to: &text)
            text += String(describing: value) + String(reflecting: value)
        }
        #expect(!text.contains("horse") && !text.contains("0101"))
    }
}
