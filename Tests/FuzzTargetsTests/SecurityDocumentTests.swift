// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnContainer
import CairnDurable
import CairnEncryption
import CairnExchange
import CairnFormat
import CairnGraph
import CairnLog
import CairnQuery
import CairnSnapshot
import Foundation
import Testing

@testable import CairnTool

/// What `SECURITY.md` and `Docs/HostileInput.md` say is so.
struct SecurityDocumentTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    /// The names and values of the table of limits.
    private static let limits: [String: UInt64] = {
        let frames = FrameLimits()
        let lines = JSONLinesImport.Options()
        let limits: [(String, Int)] = [
            ("FrameLimits.payloadByteCountMax", frames.payloadByteCountMax),
            ("FrameLimits.uncompressedByteCountMax", frames.uncompressedByteCountMax),
            ("FrameLimits.compressionRatioMax", frames.compressionRatioMax),
            ("SnapshotFormat.recordByteCountMax", SnapshotFormat.recordByteCountMax),
            ("SnapshotFormat.payloadByteCountMax", SnapshotFormat.payloadByteCountMax),
            ("SnapshotFormat.compressionRatioMax", SnapshotFormat.compressionRatioMax),
            ("SnapshotFormat.sectionCountMax", SnapshotFormat.sectionCountMax),
            ("Value.nestingCountMax", Value.nestingCountMax),
            ("CodedValue.depthMax", CodedValue.depthMax),
            ("ContainerLayout.blockByteCountMax", Int(ContainerLayout.blockByteCountMax)),
            ("ContainerLayout.nameByteCountMax", ContainerLayout.nameByteCountMax),
            ("ContainerLayout.depthMax", ContainerLayout.depthMax),
            ("GraphLimits.nameByteCountMax", GraphLimits.nameByteCountMax),
            ("GraphLimits.slotCountMax", Int(GraphLimits.slotCountMax)),
            ("GraphLimits.entityByteCountMax", GraphLimits.entityByteCountMax),
            ("GraphLimits.propertyByteCountMax", Int(GraphLimits.propertyByteCountMax)),
            ("GraphSnapshot.blockEntityCountMax", ColumnLimits.blockEntityCountMax),
            ("GraphSnapshot.columnByteCountMax", ColumnLimits.columnByteCountMax),
            ("JSONLinesImport.Options.valueByteCountMax", lines.valueByteCountMax),
            ("JSONLinesImport.Options.holeCountMax", lines.holeCountMax),
            ("ControlStanzaReader.stanzaByteCountMax", ControlStanzaReader.stanzaByteCountMax),
            ("ControlStanzaReader.fieldCountMax", ControlStanzaReader.fieldCountMax),
            ("CSVReader.recordByteCountMax", CSVReader.recordByteCountMax),
            ("CSVReader.fieldCountMax", CSVReader.fieldCountMax),
            ("PasswordCost.memoryByteCountMax", PasswordCost.memoryByteCountMax),
            ("EncryptionKeys.derivationCountMax", EncryptionKeys.derivationCountMax),
            ("QueryValue.nestingCountMax", QueryValue.nestingCountMax),
        ]
        return Dictionary(uniqueKeysWithValues: limits.map { ($0.0, UInt64($0.1)) })
    }()

    @Test func theLimitsAreThoseOfTheCode() throws {
        var stated: [String: UInt64] = [:]
        for line in try Self.text("SECURITY.md").split(separator: "\n") where line.hasPrefix("| `")
        {
            let cells = line.split(separator: "|").map {
                $0.trimmingCharacters(in: CharacterSet(charactersIn: " `"))
            }
            stated[cells[0]] = UInt64(cells[1])
        }
        #expect(stated == Self.limits)
    }

    @Test func everyTestThatIsNamedIsThere() throws {
        var functions: Set<String> = []
        let tests = Self.root.appendingPathComponent("Tests")
        let paths = try #require(FileManager.default.enumerator(atPath: tests.path))
        for case let path as String in paths where path.hasSuffix("Tests.swift") {
            let suite = String(path.split(separator: "/").last?.dropLast(6) ?? "")
            let source = try String(
                contentsOf: tests.appendingPathComponent(path), encoding: .utf8)
            for match in source.matches(of: #/func ([A-Za-z0-9_]+)\(/#) {
                functions.insert("\(suite).\(match.output.1)")
            }
        }
        let text = try Self.text("Docs/HostileInput.md")
        let named = text.matches(of: #/`([A-Za-z0-9]+Tests\.[A-Za-z0-9]+)`/#).map {
            String($0.output.1)
        }
        #expect(named.count > 30)
        for name in named { #expect(functions.contains(name), "there is no test \(name)") }
        let targets = Set(FuzzTarget.all.map(\.name))
        for match in text.matches(of: #/Fuzz: ([a-z, ]+)/#) {
            let list = match.output.1.split(separator: ",").map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            for name in list where name != "all" && name != "with a bound on each allocation" {
                #expect(targets.contains(name), "there is no target \(name)")
            }
        }
    }

    @Test func theReadmeLeadsToIt() throws {
        #expect(try Self.text("README.md").contains("(SECURITY.md)"))
        #expect(try Self.text("SECURITY.md").contains("(Docs/HostileInput.md)"))
    }
}
