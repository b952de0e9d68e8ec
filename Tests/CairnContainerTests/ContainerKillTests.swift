// SPDX-License-Identifier: Apache-2.0

import CairnContainer
import CairnDurable
import CairnIO
import CairnLog
import Foundation
import SystemPackage
import Testing

/// A process that commits to a container is killed at 50 moments, chosen by a seed: nothing that it acknowledged is lost.
///
/// A child finds its orders by the number of its parent, because the bodies of exit tests capture nothing before Swift 6.3.
@Suite(.serialized) struct ContainerKillTests {
    private static func folder(_ process: Int32) -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("cairn-container-\(process)")
            .path
    }

    private static func open(_ folder: String) throws -> Durable<Scores> {
        var options = LogOptions()
        options.segmentByteCount = 2048
        return try Durable<Scores>.open(container: folder + "/scores.cairn", options: options)
    }

    /// Commits, notes each acknowledgement in a file, makes a checkpoint now and then, and dies.
    private static func work(_ folder: String) throws {
        let text = try String(contentsOfFile: folder + "/moment", encoding: .utf8)
        let microseconds = UInt32(text) ?? 0
        let scores = try open(folder)
        let killer = Thread {
            usleep(microseconds)
            kill(getpid(), SIGKILL)
        }
        killer.start()
        let notes = Foundation.open(folder + "/acks", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        for step in 1... {
            try scores.commit(Scores.one)
            precondition(Foundation.write(notes, "x", 1) == 1)
            if step % 40 == 0 { try scores.checkpoint() }
        }
    }

    /// What a dead process has left.
    private static func count(_ folder: String) throws -> Int {
        let scores = try open(folder)
        defer { try? scores.close() }
        return scores.read(\.count)
    }

    @Test(.timeLimit(.minutes(5))) func nothingAcknowledgedIsLost() async throws {
        let folder = Self.folder(getpid())
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var extra = 0
        for round in 0..<50 {
            let microseconds = (20_261_130 &+ round &* 7_919) &* 48_271 % 30_000
            try "\(microseconds)".write(
                toFile: folder + "/moment", atomically: true, encoding: .utf8)
            await #expect(processExitsWith: .signal(SIGKILL), "round \(round)") {
                try Self.work(Self.folder(getppid()))
            }
            let acknowledged =
                (try? FileManager.default.attributesOfItem(atPath: folder + "/acks")[.size])
                as? Int ?? 0
            let count = try Self.count(folder)
            // Each death may leave one commit that was not acknowledged any more.
            #expect(
                (acknowledged + extra...acknowledged + extra + 1).contains(count),
                "round \(round), \(microseconds) µs: \(count) recovered, \(acknowledged) acknowledged"
            )
            extra = count - acknowledged
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(
                Set(names).isSubset(of: ["moment", "acks", "scores.cairn", "scores.cairn.new"]))
        }
        print("container: 50 processes killed")
    }

    /// A copy that is made while the writer is open and rests.
    @Test func aCopyBetweenTwoCommitsOpens() throws {
        let folder = Self.folder(getpid()) + "-copy"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let scores = try Self.open(folder)
        for step in 1...60 {
            try scores.commit(Scores.one)
            if step % 20 == 0 { try scores.checkpoint() }
            guard step % 7 == 0 else { continue }
            let copy = folder + "/copy-\(step)"
            try FileManager.default.createDirectory(
                atPath: copy, withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                atPath: folder + "/scores.cairn", toPath: copy + "/scores.cairn")
            let copied = try Self.open(copy)
            #expect(copied.read(\.count) == step)
            try copied.close()
        }
        try scores.close()
    }
}
