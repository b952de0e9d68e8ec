// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnFormats
import CairnInterpreter
import Foundation
import Testing

@testable import formatgen

/// That `formatgen check` sees what differs. `Tools/check` runs it; here, the
/// committed files stand for what the tool writes.
struct FreshnessTests {
    private static let root = URL(fileURLWithPath: Repository.root)

    private static let committed = Result {
        try Dictionary(
            uniqueKeysWithValues: Freshness.present(in: root).map { path in
                (path, try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8))
            })
    }

    /// A copy of the generated files, to be broken.
    private func copy() throws -> URL {
        let root = FileManager.default.temporaryDirectory
            .appendingPathComponent("formatgen-\(UUID().uuidString)")
        for folder in Freshness.folders {
            let target = root.appendingPathComponent(folder)
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                at: Self.root.appendingPathComponent(folder), to: target)
        }
        return root
    }

    private func differences(_ root: URL) throws -> [String] {
        try Freshness.differences(Self.committed.get(), in: root)
    }

    @Test func anEditedAMissingAndAStrayFileAreFound() throws {
        let root = try copy()
        defer { try? FileManager.default.removeItem(at: root) }
        #expect(try differences(root) == [])

        let edited = root.appendingPathComponent("Docs/Formats/segment.md")
        var bytes = try Data(contentsOf: edited)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: edited)
        #expect(try differences(root) == ["changed: Docs/Formats/segment.md"])

        try FileManager.default.removeItem(
            at: root.appendingPathComponent("Tests/Golden/vectors/batch.json"))
        try Data().write(to: root.appendingPathComponent("Tests/Golden/stray.bin"))
        #expect(
            try differences(root) == [
                "changed: Docs/Formats/segment.md", "missing: Tests/Golden/vectors/batch.json",
                "extra: Tests/Golden/stray.bin",
            ])
    }

    @Test func aFileIsFoundInFoldersWithinFolders() throws {
        let root = try copy()
        defer { try? FileManager.default.removeItem(at: root) }
        let folder = root.appendingPathComponent("Docs/Formats/images/more")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data().write(to: folder.appendingPathComponent("stray.svg"))
        #expect(try differences(root) == ["extra: Docs/Formats/images/more/stray.svg"])
    }

    @Test func everyDescriptionIsSound() throws {
        for format in try FormatCatalog.resolved() {
            #expect(format.defects == [], "\(format.name)")
        }
    }
}
