// SPDX-License-Identifier: Apache-2.0

import CairnIO
import CairnLog
import CairnSnapshot
import Foundation
import SystemPackage
import Testing

@testable import CairnTool

/// What the system refuses: the error says which file and what to do, and nothing is left behind.
@Suite(.serialized)
struct ErrorPathTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// Runs a line of the shell.
    private func shell(_ line: String) throws -> Tool.Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", line]
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        let errorText = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Tool.Outcome(
            status: process.terminationStatus,
            wasKilled: process.terminationReason == .uncaughtSignal,
            output: String(decoding: text, as: UTF8.self),
            errors: String(decoding: errorText, as: UTF8.self))
    }

    /// The shell counts in blocks of 512 bytes or of 1 KiB.
    @Test func aLimitOnTheSizeOfFilesIsAnError() throws {
        let outcome = try shell(
            "ulimit -f 64; exec '\(Tool.url.path)' import dpkg '\(Fixture.path)' --into '\(scratch["db"])'"
        )
        #expect(!outcome.wasKilled)
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("File too large"), "\(outcome.errors)")
        #expect(outcome.errors.contains("ulimit -f"), "\(outcome.errors)")
        // Without the limit the store goes on.
        _ = try Tool.output("import", "dpkg", Fixture.path, "--into", scratch["db"])
    }

    /// A torn end and no room for its copy, again and again.
    @Test func noCopyIsLeftBehindWhenThereIsNoRoom() throws {
        let run = try ToolRun([
            "import", "dpkg", "-", "--into", scratch["db"], "--batch", "20", "--acks",
        ])
        run.write(Fixture.stanzas.prefix(200).joined())
        run.waitForLines(10)
        run.kill()
        _ = run.waitForEnd()
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch["db/log"])
        let segment = scratch["db/log/" + (try #require(names.first { $0.hasSuffix(".wal") }))]
        // A torn end of 200 KiB: an unfinished write of bytes that no frame begins with.
        let status = try Tool.json("status", scratch["db"], "--json")
        let segments = try #require(status["segments"] as? [[String: Any]])
        let end = try #require(segments.last?["byteCount"] as? Int)
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: segment))
        try file.seek(toOffset: UInt64(end))
        try file.write(contentsOf: Data(repeating: 0xa5, count: 200 << 10))
        try file.close()
        // What an older version left.
        let old = scratch["db/quarantine"]
        try FileManager.default.createDirectory(atPath: old, withIntermediateDirectories: false)
        let name = URL(fileURLWithPath: segment).lastPathComponent
        try Data().write(
            to: URL(fileURLWithPath: old + "/\(name).\(end).0123456789abcdef.creating"))
        try Data("mine".utf8).write(to: URL(fileURLWithPath: old + "/notes.creating"))

        let listed = try Tool.output("status", scratch["db"])
        #expect(!listed.contains("cut off earlier"), "\(listed)")
        for _ in 0..<3 {
            let outcome = try shell(
                "ulimit -f 64; exec '\(Tool.url.path)' checkpoint '\(scratch["db"])'")
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("File too large"), "\(outcome.errors)")
            let left = try FileManager.default.contentsOfDirectory(atPath: old)
            #expect(left == ["notes.creating"])
        }
        // With room the copy is made, once.
        #expect(try Tool.run(["checkpoint", scratch["db"]]).status == 0)
        let left = try FileManager.default.contentsOfDirectory(atPath: old).sorted()
        #expect(left.count == 2)
        #expect(left.allSatisfy { $0 == "notes.creating" || $0.hasPrefix("\(name).\(end).") })
        #expect(try Tool.output("status", scratch["db"]).contains("cut off earlier"))
    }

    // MARK: Files of another user

    static let canChangeUser =
        geteuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv")

    /// Root ran a command once; the owner is locked out and told what to do.
    @Test(.enabled(if: ErrorPathTests.canChangeUser, "needs root and setpriv"))
    func theOwnerIsToldWhoseFilesTheyAre() throws {
        _ = try Tool.output("import", "dpkg", Fixture.path, "--into", scratch["db"])
        _ = try Tool.output("checkpoint", scratch["db"])
        let name = getpwuid(65534).map { String(cString: $0.pointee.pw_name) } ?? "user 65534"
        // The tool itself may lie where the other user may not go.
        let tool = scratch["cairn"]
        try FileManager.default.copyItem(atPath: Tool.url.path, toPath: tool)
        _ = try shell("chmod 755 '\(scratch.path)' '\(tool)'; chown -R 65534 '\(scratch["db"])'")
        let asOwner = "setpriv --reuid=65534 --clear-groups '\(tool)'"
        try #require(try shell("\(asOwner) status '\(scratch["db"])'").status == 0)
        _ = try Tool.output(
            "import", "jsonl", "-", "--into", scratch["db"], "--renew",
            input: #"{"kind":"node","id":0}"#)
        _ = try Tool.output("checkpoint", scratch["db"])
        for command in ["status", "verify", "checkpoint"] {
            let outcome = try shell("\(asOwner) \(command) '\(scratch["db"])'")
            #expect(outcome.status == 1, "\(command)")
            #expect(outcome.errors.contains("belongs to root with mode 0600"), "\(outcome.errors)")
            #expect(
                outcome.errors.contains("let root run chown -R \(name) \(scratch["db"])\n"),
                "\(outcome.errors)")
        }
        _ = try shell("chown -R 65534 '\(scratch["db"])'")
        #expect(try shell("\(asOwner) checkpoint '\(scratch["db"])'").status == 0)
    }

    @Test func adviceNamesTheStoreWhateverTheFile() throws {
        _ = try Tool.output("import", "dpkg", Fixture.path, "--into", scratch["db"])
        _ = try Tool.output("checkpoint", scratch["db"])
        let store = scratch["db"]
        let names = try FileManager.default.contentsOfDirectory(atPath: store + "/log")
        for path in ["", "/LOCK", "/log", "/log/" + names[0], "/snapshots/gone"] {
            let cause = StorageError(
                .permissionDenied, operation: .open, path: FilePath(store + path))
            let errors: [any Error] = [
                cause, LogError(cause), SnapshotError(code: .io, cause: cause),
            ]
            for error in errors {
                let text = try #require(AccessAdvice(error)?.text)
                #expect(text.hasSuffix("chmod -R u+rwX \(store)"), "\(path): \(text)")
            }
        }
        let other = StorageError(.noSpace, operation: .write, path: FilePath(store))
        #expect(AccessAdvice(other) == nil)
    }

    @Test func factsBecomeASentence() {
        let foreign = AccessAdvice.Facts(owner: "root", mode: 0o600, user: "ada")
        #expect(
            foreign.text("it", store: "/s")
                == "it belongs to root with mode 0600, and this process runs as ada: let root run chown -R ada /s"
        )
        let own = AccessAdvice.Facts(owner: "ada", mode: 0o400, user: "ada")
        #expect(
            own.text("it", store: "/s") == "it belongs to ada with mode 0400: chmod -R u+rwX /s")
    }
}
