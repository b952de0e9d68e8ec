// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The commands on an encrypted store, with its key and without.
struct EncryptionCommandTests {
    private let scratch: Scratch
    private let key: String
    private let other: String

    init() throws {
        scratch = try Scratch()
        key = try scratch.write(String(repeating: "01", count: 32) + "\n", to: "key")
        other = try scratch.write(String(repeating: "02", count: 32), to: "other")
        _ = try Tool.output(
            "import", "dpkg", Fixture.path, "--into", scratch["db"], "--batch", "5", "--key-file",
            key
        )
        _ = try Tool.output("checkpoint", scratch["db"], "--key-file", key)
    }

    @Test func theKeyOpensTheStore() throws {
        let status = try Tool.json("status", scratch["db"], "--json", "--key-file", key)
        #expect(try #require(status["nodes"] as? Int) > 0)
        #expect(
            try Tool.output("verify", scratch["db"], "--deep", "--key-file", key).contains("1 of 1")
        )
        #expect(
            try Tool.output("dump", scratch["db"], "--events", "--key-file", key)
                .contains("Package"))
        // What is encrypted is in no file.
        for (name, bytes) in try scratch.contents(of: "db") {
            #expect(bytes.range(of: Data("Package".utf8)) == nil, "\(name)")
        }
    }

    @Test func withoutTheKeyTheStoreIsCheckedAndItsInsideIsEncrypted() throws {
        let verified = try Tool.output("verify", scratch["db"])
        #expect(verified.contains("clean") && verified.contains("encrypted"))
        #expect(try Tool.json("verify", scratch["db"], "--json")["encrypted"] as? Bool == true)
        #expect(try Tool.output("status", scratch["db"]).contains("encrypted"))
        #expect(try Tool.json("status", scratch["db"], "--json")["encrypted"] as? Bool == true)
        #expect(try Tool.output("dump", scratch["db"]).contains("transaction"))
        #expect(
            try Tool.failure("export", scratch["db"], "--format", "jsonl").contains("encrypted"))
        let segment = try #require(
            try FileManager.default.contentsOfDirectory(atPath: scratch["db/log"]).first {
                $0.hasSuffix(".wal")
            })
        #expect(
            try Tool.output("inspect", scratch["db/log/\(segment)"]).contains("key.keyID"))
    }

    @Test func anotherKeyIsRefused() throws {
        for command in ["status", "verify", "dump"] {
            let text = try Tool.failure(command, scratch["db"], "--key-file", other)
            #expect(text.contains("none of the keys"), "\(command): \(text)")
        }
        for file in [Fixture.path, try scratch.write("0102\n", to: "short")] {
            let text = try Tool.failure("status", scratch["db"], "--key-file", file)
            #expect(text.contains("this is no key"), "\(file)")
        }
        let usage = try Tool.run(["status", scratch["db"], "--previous-key-file", key])
        #expect(usage.status == 64 && usage.errors.contains("--key-file"))
    }

    @Test func keysAreRotatedAndABackupIsRestored() throws {
        _ = try Tool.output(
            "query", scratch["db"], "CREATE (:Extra)", "--write", "--key-file", other,
            "--previous-key-file", key)
        _ = try Tool.output("backup", scratch["db"], scratch["backups"])
        #expect(
            try Tool.failure("restore", scratch["backups"], "--into", scratch["none"])
                .contains("encrypted"))
        _ = try Tool.output(
            "restore", scratch["backups"], "--into", scratch["new"], "--key-file", other,
            "--previous-key-file", key)
        _ = try Tool.output("status", scratch["new"], "--key-file", other)
        _ = try Tool.output(
            "drill", scratch["backups"], "--scratch", scratch["."], "--key-file", other,
            "--previous-key-file", key)
    }

    @Test func aPasswordOpensAStore() throws {
        let password = try scratch.write("correct horse battery staple\n", to: "password")
        let text = try Tool.output(
            "export", scratch["db"], "--format", "jsonl", "--key-file", key)
        _ = try Tool.output(
            "import", "jsonl", "-", "--into", scratch["locked"], "--password-file", password,
            input: text)
        #expect(try Tool.output("status", scratch["locked"]).contains("encrypted"))
        #expect(
            try Tool.output("status", scratch["locked"], "--password-file", password)
                .contains("nodes"))
    }
}
