// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnInterpreter
import Testing

@testable import Formatgen

/// Values are written again by the declaration alone, without what it determines.
struct WriterTests {
    private func format(_ name: String) throws -> ResolvedFormat {
        try #require(try FormatCatalog.resolved(name, for: []))
    }

    private func value(_ bytes: [UInt8], _ format: ResolvedFormat) throws -> DynamicValue {
        try Reader(format, bytes).readRoot()
    }

    @Test(arguments: ["segment", "batch", "lock-file", "quarantine-entry"])
    func everyValidInputIsWrittenAgain(_ name: String) throws {
        let format = try format(name)
        let set = try #require(VectorCatalog.set(format))
        var count = 0
        for vector in set.cases where vector.expected == nil && vector.context.isEmpty {
            let value = try value(vector.bytes, format)
            let bare = Writer.stripped(value, format.reading.root, format)
            let writer = Writer(format, byteCount: vector.bytes.count)
            #expect(try writer.write(bare) == vector.bytes, "\(vector.name)")
            count += 1
        }
        #expect(count > 0)
    }

    @Test func whatTheDeclarationDeterminesIsNotTaken() throws {
        let format = try format("segment")
        let value = try value(SegmentVectors.two, format)
        let text = Writer.stripped(value, format.reading.root, format).json.text
        for name in [
            "magic", "checksum", "headerChecksum", "payloadChecksum", "payloadByteCount",
            "padding", "reserved", "predecessorLastLSN",
        ] {
            #expect(value.json.text.contains("\"\(name)\""), "\(name)")
            #expect(!text.contains("\"\(name)\""), "\(name)")
        }
    }

    @Test func headerFooterAndTrailerOfASnapshotAreWrittenAgain() throws {
        let format = try format("snapshot")
        let set = try #require(VectorCatalog.set(format))
        let whole = try #require(set.cases.first { $0.name == "no-sections" }).bytes
        let bare = Writer.stripped(try value(whole, format), format.reading.root, format)
        #expect(try Writer(format, byteCount: whole.count).write(bare) == whole)
        // The digest is a member of the footer, checked by the type above it: it is taken from the value.
        #expect(!bare.json.text.contains("\"checksum\""))
    }

    @Test func aChangedValueGivesOtherBytes() throws {
        let format = try format("lock-file")
        let bytes = Array("pid 1234\n".utf8)
        guard case .object(var object) = try value(bytes, format) else {
            Issue.record("the lock file is no object")
            return
        }
        let place = try #require(object.members.firstIndex { $0.name == "pid" })
        object.members[place].value = .bytes(Array("4321".utf8))
        let written = try Writer(format, byteCount: bytes.count).write(.object(object))
        #expect(written == Array("pid 4321\n".utf8))
    }

    @Test func whatAFormulaPutTogetherIsRefused() throws {
        let format = try format("GraphSnapshot")
        let set = try #require(VectorCatalog.set(format))
        let good = try #require(set.cases.first { $0.expected == nil })
        let value = try value(good.bytes, format)
        #expect(throws: WritingFailure.self) {
            try Writer(format, byteCount: good.bytes.count).write(value)
        }
    }
}
