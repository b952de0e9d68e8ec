// SPDX-License-Identifier: Apache-2.0

import Cairn
import CairnGraph
import CairnIO
import CairnLog
import Foundation
import SystemPackage
import Testing

@testable import CairnTool

/// `cairn status` of stores that are large, old or odd.
struct StatusTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func ofManyLabelsAndTypesTheLargestTwentyAreShown() throws {
        let database = try GraphDatabase.open(FilePath(scratch["db"]))
        try database.write { transaction in
            for index in 0..<50 {
                let labels = ["L\(index)"]
                let first = try transaction.createNode(labels: labels)
                for _ in 0..<index { _ = try transaction.createNode(labels: labels) }
                for _ in 0...index {
                    _ = try transaction.createRelationship("T\(index)", from: first, to: first)
                }
            }
        }
        try database.close()
        let lines = try Tool.output("status", scratch["db"]).split(separator: "\n")
        for prefix in ["  L", "  T"] {
            let shown = lines.filter { $0.hasPrefix(prefix) }
            #expect(shown.count == 20)
            #expect(shown.first?.hasPrefix(prefix + "30 ") == true)
            #expect(shown.last?.hasPrefix(prefix + "49 ") == true)
        }
        #expect(lines.contains { $0.hasPrefix("  30 smaller labels") && $0.hasSuffix("see --all") })
        #expect(lines.contains { $0.hasPrefix("  30 smaller types") && $0.hasSuffix("see --all") })
        let all = try Tool.output("status", scratch["db"], "--all").split(separator: "\n")
        #expect(all.count { $0.hasPrefix("  L") } == 50)
        #expect(all.count { $0.hasPrefix("  T") } == 50)
        #expect(!all.contains { $0.contains("--all") })
        let json = try Tool.json("status", scratch["db"], "--json")
        #expect((json["labels"] as? [String: Int])?.count == 50)
    }

    @Test func ofManySegmentsTheNewestTwentyAreShown() throws {
        var options = GraphDatabase.Options()
        options.segmentByteCount = 4096
        let database = try GraphDatabase.open(FilePath(scratch["db"]), options: options)
        for _ in 0..<60 {
            try database.write { transaction in
                _ = try transaction.createNode(
                    properties: ["x": .bytes([UInt8](repeating: 7, count: 3000))])
            }
        }
        try database.close()
        let count = try #require(
            try Tool.json("status", scratch["db"], "--json")["segments"] as? [Any]
        ).count
        try #require(count > 25)
        let lines = try Tool.output("status", scratch["db"]).split(separator: "\n")
        #expect(lines.count { $0.contains(".wal ") } == 20)
        #expect(lines.contains { $0.hasPrefix("  \(count - 20) older segments") })
        let all = try Tool.output("status", scratch["db"], "--all").split(separator: "\n")
        #expect(all.count { $0.contains(".wal ") } == count)
    }

    /// A clock that is ahead by some time.
    private struct EarlyClock: TimeSource {
        let ahead: UInt64
        func wallNanoseconds() -> UInt64 { SystemTime().wallNanoseconds() + ahead }
        func monotonicNanoseconds() -> UInt64 { SystemTime().monotonicNanoseconds() }
    }

    @Test func aClockThatWasFarAheadIsSaid() throws {
        let day: UInt64 = 86_400_000_000_000
        var environment = StorageEnvironment.system
        environment.clock = EarlyClock(ahead: 400 * day)
        let database = try GraphDatabase.open(FilePath(scratch["db"]), environment: environment)
        _ = try database.write { try $0.createNode() }
        try database.close()
        _ = try Tool.output("checkpoint", scratch["db"])
        for command in ["status", "verify"] {
            let text = try Tool.output(command, scratch["db"])
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("clock") })
            #expect(line.contains("399 days ahead of this clock"), "\(line)")
        }
        #expect(try Tool.json("verify", scratch["db"], "--json")["verdict"] as? String == "clean")
        // A store without a fault says nothing of clocks.
        _ = try Tool.output("import", "dpkg", Fixture.path, "--into", scratch["other"])
        #expect(!(try Tool.output("status", scratch["other"])).contains("clock"))
        #expect(!(try Tool.output("verify", scratch["other"])).contains("clock"))
    }

    @Test(
        arguments: [
            (0, nil), (59, nil), (60, nil), (61, "1 minute"), (7300, "2 hours"),
            (200_000, "2 days"),
        ] as [(UInt64, String?)])
    func aMinuteIsNothing(seconds: UInt64, text: String?) {
        let now: UInt64 = 1_700_000_000_000_000_000
        let remark = ClockRemark(lastCommitNanoseconds: now + seconds * 1_000_000_000, now: now)
        #expect((remark == nil) == (text == nil))
        if let text { #expect(remark?.text.contains(text + " ahead") == true) }
        #expect(ClockRemark(lastCommitNanoseconds: now - seconds, now: now) == nil)
    }
}
