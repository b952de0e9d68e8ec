// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Lists that dpkg and apt take: what is not well-formed is passed over or replaced, and counted at the end.
struct LenientImportTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func importing(
        _ bytes: [UInt8], _ options: String..., into name: String = "db"
    ) throws -> Tool.Outcome {
        let path = scratch["list"]
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return try Tool.run(["import", "dpkg", path, "--into", scratch[name], "--json"] + options)
    }

    private func properties(_ name: String) throws -> [String: Any] {
        let found = try Tool.json("neighbors", scratch["db"], "--name", name, "--json")
        let node = try #require(found["node"] as? [String: Any])
        return try #require(node["properties"] as? [String: Any])
    }

    @Test func aLineOfOneBlankWithinADescription() throws {
        let text = """
            Package: editor
            Version: 1.28
            Description: Editor
             first paragraph
            \u{20}
             second paragraph
            Depends: libc6
            Size: 5

            Package: b
            Version: 2

            """
        let outcome = try importing(Array(text.utf8))
        #expect(outcome.errors == "")
        #expect(try jsonObject(outcome.output)["stanzas"] as? Int == 2)
        #expect(try properties("editor")["size"] as? Int == 5)
    }

    @Test func bytesThatAreNoUTF8() throws {
        let bytes =
            Array("Package: a\nVersion: 1\n\nPackage: b\nMaintainer: J".utf8) + [0xf6]
            + Array("rg Muster <j@example.org>\nVersion: 2\n\nPackage: c\nVersion: 3\n".utf8)
        let outcome = try importing(bytes)
        #expect(outcome.status == 0)
        #expect(try jsonObject(outcome.output)["stanzas"] as? Int == 3)
        #expect(
            outcome.errors
                == "cairn: 1 place of the text, the first in line 5, had bytes that are not UTF-8: U+FFFD "
                + "takes their place; --strict refuses such a list\n")
        #expect(
            try properties("b")["maintainer"] as? String == "J\u{fffd}rg Muster <j@example.org>")
        let strict = try importing(bytes, "--strict", into: "strict")
        #expect(strict.status == 1)
        #expect(strict.errors.contains("line 5: the text is not valid UTF-8; nothing was imported"))
    }

    @Test func sizesThatAreNoNumbers() throws {
        let list = Array("Package: a\nSize: big\n\nPackage: b\nInstalled-Size: \nSize: 2\n".utf8)
        let outcome = try importing(list)
        #expect(outcome.status == 0)
        #expect(
            outcome.errors
                == "cairn: 2 values left out, the first in line 2, field Size: the value is not a whole number; "
                + "--strict refuses such a list\n")
        #expect(try properties("b")["size"] as? Int == 2)
        #expect(try importing(list, "--strict", into: "strict").status == 1)
    }

    @Test func twoArchitecturesOfOneName() throws {
        var text = ""
        for (name, architectures) in [
            ("libc6", ["amd64", "i386"]), ("x", ["all"]), ("y", ["amd64", "amd64"]),
            ("z", ["i386", "amd64", "i386"]),
        ] {
            for architecture in architectures {
                text +=
                    "Package: \(name)\nArchitecture: \(architecture)\nDepends: \(architecture)x\n\n"
            }
        }
        for batch in ["1", "1000"] {
            let outcome = try importing(Array(text.utf8), "--batch", batch, into: "db" + batch)
            #expect(outcome.status == 0)
            #expect(
                outcome.errors.hasPrefix(
                    "cairn: 2 names with stanzas for several architectures (libc6, z): of each the last stanza counts"
                ))
        }
    }

    @Test func aByteOrderMark() throws {
        let outcome = try importing(Array("\u{feff}Package: a\nDepends: b\n".utf8))
        #expect(outcome.errors == "")
        #expect(try jsonObject(outcome.output)["nodes"] as? Int == 2)
        let lines =
            "\u{feff}{\"kind\":\"node\",\"id\":0,\"labels\":[\"A\"],\"properties\":{\"x\":1}}\n"
        let database = scratch["lines"]
        _ = try Tool.output("import", "jsonl", "-", "--into", database, input: lines)
        #expect(
            try Tool.output("export", database, "--format", "jsonl") == String(lines.dropFirst()))
    }

    @Test func emptyClausesAndAStatus() throws {
        let text = """
            Package: a
            Status: deinstall ok config-files
            Config-Version: 1.0
            Suggests: ,
            Depends: b,, c , ,d,

            """
        let outcome = try importing(Array(text.utf8))
        #expect(outcome.errors == "")
        #expect(try jsonObject(outcome.output)["relationships"] as? Int == 3)
        #expect(try properties("a")["status"] as? String == "deinstall ok config-files")
    }

    /// Fields as releases from 4 to 13 have them: folded, with old operators, qualifiers, restrictions, tags.
    @Test func stanzasInTheStyleOfManyReleases() throws {
        let etch = """
            Package: libfoo1c2a
            Essential: no
            Priority: required
            Section: base
            Installed-Size: 120
            Maintainer: A B <a@example.org>
            Architecture: i386
            Source: foo (1.0-1)
            Version: 1:1.0-1.0.1
            Replaces: libfoo1 (<< 1.0), libfoo-dev (< 0.9)
            Provides: libfoo
            Depends: libc6 (>= 2.3.5-1), libgcc1 (>=1:4.1.1-12), debconf (>= 0.5) | debconf-2.0
            Pre-Depends: dpkg (>= 1.10.23)
            Conflicts: libfoo1,
             libfoo0 (<= 0.5)
            Conffiles:
             /etc/foo.conf 0123456789abcdef0123456789abcdef
             /etc/old.conf 0123456789abcdef0123456789abcdef obsolete
            Filename: pool/main/f/foo/libfoo1c2a_1.0-1_i386.deb
            Size: 33224
            MD5sum: 0123456789abcdef0123456789abcdef
            Description: a library
             that does things.
              * verbatim
             .
             and more.
            Bugs: mailto:bugs@example.org
            Origin: Example
            Tag: devel::library, implemented-in::c,
             role::shared-lib
            Task: desktop, web-server

            """
        let trixie = """
            Package: foo-tools
            Source: foo
            Version: 2.0~rc1+dfsg-3+deb13u1
            Installed-Size: 7
            Maintainer: Ä Ö <a@example.org>
            Architecture: all
            Multi-Arch: foreign
            Auto-Built-Package: debug-symbols
            Provides: foo-abi (= 2), python3-foo:any (= 2.0)
            Pre-Depends: init-system-helpers (>= 1.54~)
            Depends: python3:any (>= 3.11~), libfoo1c2a [linux-any] <!nocheck> <cross>, perl:native | perl-base
            Breaks: foo (<< 2.0~), bar (>> 1)
            Enhances: baz
            Built-Using: gcc-13 (= 13.2.0-1)
            Static-Built-Using: rustc (= 1.70)
            Homepage: https://example.org/?a=b:c
            Description: tools
            Description-md5: 0123456789abcdef0123456789abcdef
            Tag: admin::configuring
            SHA256: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
            Phased-Update-Percentage: 10
            Protected: yes
            Python-Version: 3.11
            Triggers-Pending: ldconfig

            """
        let outcome = try importing(Array((etch + "\n" + trixie).utf8), "--strict")
        #expect(outcome.errors == "")
        let summary = try jsonObject(outcome.output)
        #expect(summary["stanzas"] as? Int == 2)
        #expect(summary["relationships"] as? Int == 10 + 9)
    }
}
