// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnEncryption
import CairnIO
import CairnLog
import CairnSegments
import CairnSnapshot
import CairnTesting
import SystemPackage
import Testing

@testable import Cairn

/// Each bit of an encrypted file turned over: with the key and without it, none is passed over.
struct FlippedBitTests {
    /// The findings of a check of the whole store.
    private static func findings(
        _ files: SimulatedFileSystem, _ keys: EncryptionKeys?
    ) throws -> [Finding] {
        try StoreVerifier.verify(
            "notes", options: .encrypted(keys), environment: .simulated(files)
        ).findings
    }

    private static func isTold(_ files: SimulatedFileSystem, _ keys: EncryptionKeys?) -> Bool {
        do { return try !findings(files, keys).isEmpty } catch { return true }
    }

    /// Whether a store opens with all that it had, or is refused.
    private static func losesNothing(_ files: SimulatedFileSystem) -> Bool {
        do {
            return try Notes.open(files, Keys.keys(seed: 3)).read(\.texts) == ["one", "two"]
        } catch {
            return true
        }
    }

    @Test(arguments: ["log", "snapshots"])
    func everyFlippedBitIsTold(folder: String) throws {
        let store = try Notes.store(Keys.keys(), texts: ["one", "two"], checkpoints: true)
        #expect(try Self.findings(store, Keys.keys()).isEmpty)
        #expect(try Self.findings(store, nil).isEmpty)
        let path = try #require(store.paths(in: folder).first)
        // Behind the last frame there are zeros of a prepared file.
        let bytes = try #require(store.contents(path))
        let end = (bytes.lastIndex { $0 != 0 } ?? 0) + 1
        var silent: [Int] = []
        for bit in 0..<8 * end {
            store.flipBit(path, bit)
            let isTold = Self.isTold(store, Keys.keys()) && Self.isTold(store, nil)
            if !isTold || bit % 8 == 3 && !Self.losesNothing(store.crashImage(.everythingWritten)) {
                silent.append(bit)
            }
            store.flipBit(path, bit)
        }
        #expect(silent.isEmpty)
        print("\(folder): \(8 * end) flips, \(silent.count) silent")
    }
}
