// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `Tools/with-deadline`: a stuck test is ended and named, and whatever ends in time is left as it is.
struct DeadlineTests {
    /// What one run of the script did.
    struct Outcome {
        let status: Int32
        let output: String
        let seconds: Double
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static func run(_ seconds: String, _ script: String, _ arguments: String...) throws -> Outcome {
        let process = Process()
        process.executableURL = root.appending(path: "Tools/with-deadline")
        process.arguments = [seconds, "bash", "-c", script, "bash"] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        let start = Date()
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus, output: String(decoding: output, as: UTF8.self),
            seconds: Date().timeIntervalSince(start))
    }

    /// It does not die when it is asked to, and neither does what it started, in a group of its own.
    @Test func whatIsStuckIsEndedAndNamed() throws {
        let note = FileManager.default.temporaryDirectory
            .appending(path: "cairn-deadline-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: note) }
        let outcome = try Self.run(
            "1",
            """
            set -m
            trap '' TERM
            event() { echo '{"kind":"event","payload":{"kind":"'"$1"'","testID":"'"$2"'"}}' >>"$events"; }
            events=$1
            echo '{"kind":"event","payload":{"kind":"runStarted"}}' >>"$events"
            event testStarted M.Suite
            event testStarted 'M.Suite/quick()/t.swift:1:2'
            event testStarted 'M.Suite/wrong()/t.swift:2:2'
            event testStarted 'M.Suite/stuck()/t.swift:3:2'
            event testEnded 'M.Suite/quick()/t.swift:1:2'
            event issueRecorded 'M.Suite/wrong()/t.swift:2:2'
            event testEnded 'M.Suite/wrong()/t.swift:2:2'
            printf '{"kind":"event","payload":{"kind":"testEn' >>"$events"
            sleep 300 &
            echo $! >"$2"
            while true; do wait; done
            """, "{events}", note.path)
        #expect(outcome.status == 124)
        #expect(outcome.output.contains("DEADLINE: not done after 1 s"))
        #expect(
            outcome.output.hasSuffix(
                """
                Had failed: M.Suite/wrong()/t.swift:2:2
                Begun and not ended: M.Suite/stuck()/t.swift:3:2

                """), "\(outcome.output)")
        #expect(outcome.output.contains("Process ") || outcome.output.contains("no gdb"))
        // Far more than it needs, and far less than the command would take.
        #expect(outcome.seconds < 200)
        let child = try #require(
            Int32(try String(contentsOf: note, encoding: .utf8).trimmingCharacters(in: .newlines)))
        // Where no process takes over orphans they stay as zombies.
        let status = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)
        let isZombie = status?.contains(") Z ") ?? false
        #expect(kill(child, 0) != 0 || isZombie, "process \(child) is still there")
    }

    @Test(arguments: [0, 3])
    func whatEndsInTimeKeepsItsStatusAndItsOutput(_ status: Int32) throws {
        let outcome = try Self.run("60", "echo one; echo two >&2; printf three; exit \(status)")
        #expect(outcome.status == status)
        #expect(outcome.output == "one\ntwo\nthree")
    }

    @Test func theSignalThatKilledACommandIsTold() throws {
        #expect(try Self.run("60", "kill -KILL $$").status == 128 + SIGKILL)
    }
}
