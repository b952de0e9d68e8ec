// SPDX-License-Identifier: Apache-2.0

import CairnGraph
import Testing

@testable import CairnTool

struct PackageRecordTests {
    private func record(_ text: String, isStrict: Bool = true) throws -> PackageRecord {
        var reader = ControlStanzaReader(bytes: Array(text.utf8))
        var stanza = ControlStanza()
        try #require(try reader.next(&stanza))
        return try PackageRecord(stanza, isStrict: isStrict)
    }

    @Test func takesPropertiesFromTheirFields() throws {
        let record = try record(
            """
            pACKAGE: a
            Version: 1:2-3
            Architecture: amd64
            Section: libs
            Priority: optional
            Maintainer: A <a@b.c>
            Installed-Size: 12
            Size: 3400
            Description: first line
             second line
            Homepage: ignored
            """)
        #expect(record.name == "a")
        #expect(
            record.properties == [
                "name": "a", "version": "1:2-3", "architecture": "amd64", "section": "libs",
                "priority": "optional", "maintainer": "A <a@b.c>", "installedSize": 12,
                "size": 3400, "description": "first line",
            ])
        #expect(record.edges.isEmpty)
    }

    @Test func leavesOutWhatIsMissingOrEmpty() throws {
        let record = try record("Package: a\nVersion:\nDepends:\nDescription:\n long text only\n")
        #expect(record.properties == ["name": "a"])
        #expect(record.edges.isEmpty)
    }

    @Test func sizesThatAreNoNumbersAreLeftOut() throws {
        let text = "Package: a\nInstalled-Size: 2k\nSize:\nVersion: 1\n"
        let record = try record(text, isStrict: false)
        #expect(record.properties == ["name": "a", "version": "1"])
        #expect(
            record.leftOut == [
                .init(.notAnInteger, line: 2, field: "Installed-Size"),
                .init(.notAnInteger, line: 3, field: "Size"),
            ])
    }

    @Test func keepsTheStatusThatDpkgGives() throws {
        let record = try record(
            "Package: a\nStatus: deinstall ok config-files\nConffiles:\n /etc/a 0123 obsolete\n")
        #expect(record.properties == ["name": "a", "status": "deinstall ok config-files"])
    }

    @Test func makesAnEdgeOfEveryAlternative() throws {
        let record = try record(
            """
            Package: a
            Provides: v (= 1)
            Replaces: r
            Breaks: k
            Conflicts: c
            Suggests: s
            Recommends: m
            Pre-Depends: p
            Depends: d1 (>= 1) | d2:any,
             d3 [amd64] <!x>
            Enhances: ignored
            """)
        let edges = record.edges.map { "\($0.type) \($0.target) \($0.properties.keys.sorted())" }
        #expect(
            edges == [
                #"DEPENDS d1 ["constraint", "group"]"#, #"DEPENDS d2 ["group", "qualifier"]"#,
                #"DEPENDS d3 ["group", "restriction"]"#, #"PRE_DEPENDS p ["group"]"#,
                #"RECOMMENDS m ["group"]"#, #"SUGGESTS s ["group"]"#, #"CONFLICTS c ["group"]"#,
                #"BREAKS k ["group"]"#, #"REPLACES r ["group"]"#,
                #"PROVIDES v ["constraint", "group"]"#,
            ])
        #expect(record.edges[0].properties == ["group": 0, "constraint": ">= 1"])
        #expect(record.edges[1].properties == ["group": 0, "qualifier": "any"])
        #expect(record.edges[2].properties == ["group": 1, "restriction": "[amd64] <!x>"])
    }

    static let malformed: [(String, MalformedInput, String)] = [
        (
            "\nVersion: 1\nSize: 2\n", .init(.missingPackage, line: 2),
            "line 2: the stanza that begins here has no Package field"
        ),
        (
            "# c\nPackage:\nSize: 2\n", .init(.missingPackage, line: 2),
            "line 2: the stanza that begins here has no Package field"
        ),
        (
            "Size: 2\nPackage: a b\n", .init(.invalidPackageName, line: 2, field: "Package"),
            "line 2, field Package: this is not a name that a package can have"
        ),
        (
            "Package: a\nInstalled-Size: 2k\n",
            .init(.notAnInteger, line: 2, field: "Installed-Size"),
            "line 2, field Installed-Size: the value is not a whole number"
        ),
        (
            "Package: a\nDepends: b,\n c,\n# comment\n d (>= 1\n",
            .init(.relation(.unclosedVersion), line: 5, field: "Depends"),
            "line 5, field Depends: a parenthesis around a version is not closed"
        ),
        (
            "Package: a\nBreaks: b,|c\n",
            .init(.relation(.missingName), line: 2, field: "Breaks"),
            "line 2, field Breaks: a package name is missing"
        ),
    ]

    @Test(arguments: malformed)
    func refusesMalformedStanzasWithTheLine(
        text: String, expected: MalformedInput, sentence: String
    ) {
        #expect(throws: expected) { try record(text) }
        #expect(expected.description == sentence)
    }
}
