// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import Foundation
import Testing

@testable import Formatgen

struct FreshnessTests {
    /// The folder that the repository holds.
    private static let committed = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Docs/Formats")

    /// A fresh copy of the documents, to be broken.
    private func copy() throws -> URL {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("formatgen-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: Self.committed, to: folder)
        return folder
    }

    @Test func theCommittedDocumentsAreWhatTheCodeDeclares() throws {
        let differences = try Freshness.differences(Formatgen.documents(), in: Self.committed)
        #expect(differences == [], "run: swift run formatgen generate")
    }

    @Test func anEditedAMissingAndAStrayFileAreFound() throws {
        let folder = try copy()
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(try Freshness.differences(Formatgen.documents(), in: folder) == [])

        let edited = folder.appendingPathComponent("segment.md")
        var bytes = try Data(contentsOf: edited)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: edited)
        try FileManager.default.removeItem(at: folder.appendingPathComponent("batch.md"))
        try Data().write(to: folder.appendingPathComponent("stray.md"))
        #expect(
            try Freshness.differences(Formatgen.documents(), in: folder)
                == ["missing: batch.md", "changed: segment.md", "extra: stray.md"])
    }

    @Test func everyLayoutIsSound() {
        for layout in Formatgen.formats.flatMap(\.layouts) {
            #expect(layout.defects == [], "\(layout.name)")
        }
    }
}
