// SPDX-License-Identifier: Apache-2.0

import Cairn
import CairnDurable
import CairnFormat
import CairnGraph
import CairnLog
import CairnZlib
import Foundation
import Testing

/// The tool on stores of programs that it does not know.
struct AnyStoreTests {
    private struct Shelf: DurableState, Codable {
        static let version = 4
        enum Event: DurableEvent, Codable {
            case shelved(title: String, pages: Int?, weight: Double, marks: [UInt8])
            case cleared
        }
        var titles: [String] = []
        mutating func apply(_ event: Event) {
            switch event {
            case .shelved(let title, _, _, _): titles.append(title)
            case .cleared: titles = []
            }
        }
    }

    /// A state and events with forms of their own.
    private struct Counter: DurableState {
        struct Event: DurableEvent {
            let step: UInt8
            init(step: UInt8) { self.step = step }
            init(from decoder: inout EventDecoder) throws(FormatError) {
                step = try decoder.bytes.integer(UInt8.self)
            }
            func encode(into encoder: inout EventEncoder) { encoder.bytes.append(step) }
        }
        var count = 0
        init() {}
        init<Source: SectionSource & ~Copyable>(from source: inout Source) throws(Source.Failure) {
            var sum = 0
            try source.forEachRun(of: 7) { (reader) throws(FormatError) in
                while reader.remaining > 0 { sum += Int(try reader.integer(UInt8.self)) }
            }
            count = sum
        }
        borrowing func write<Sink: SectionSink & ~Copyable>(
            to sink: inout Sink
        ) throws(Sink.Failure) {
            let byte = UInt8(truncatingIfNeeded: count)
            try sink.beginSection(7)
            try sink.appendRecord { $0.append(byte) }
        }
        mutating func apply(_ event: Event) { count += Int(event.step) }
    }

    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func shelve() throws -> String {
        var options = LogOptions()
        options.compressor = ZlibBatchCompressor()
        let shelf = try Durable<Shelf>.open(scratch["shelf"], options: options)
        try shelf.commit(.shelved(title: "Emma", pages: 474, weight: 0.5, marks: [1, 255]))
        try shelf.checkpoint()
        try shelf.commit(
            .cleared, .shelved(title: "E\u{1b}[2J", pages: nil, weight: .infinity, marks: []))
        try shelf.commit(
            .shelved(
                title: String(repeating: "long ", count: 500), pages: 1, weight: 1, marks: []))
        try shelf.close()
        return scratch["shelf"]
    }

    private func count() throws -> String {
        let counter = try Durable<Counter>.open(scratch["counter"])
        for step in 1...3 { try counter.commit(.init(step: UInt8(step))) }
        try counter.checkpoint()
        try counter.commit(.init(step: 200))
        try counter.close()
        return scratch["counter"]
    }

    @Test func aHealthyStoreOfAnyProgramIsClean() throws {
        for (path, name) in [(try shelve(), "Shelf"), (try count(), "Counter")] {
            let lines = try Tool.output("verify", path).split(separator: "\n")
            #expect(lines.first?.hasPrefix("clean: ") == true, "\(lines)")
            let json = try Tool.json("verify", path, "--json")
            #expect(json["verdict"] as? String == "clean")
            #expect((json["program"] as? [String: Any])?["name"] as? String == name)
        }
    }

    @Test func damageIsFoundInAStoreOfAnyProgram() throws {
        let path = try shelve()
        for folder in ["log", "snapshots", "programs"] {
            let name = try #require(
                try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)").first)
            let url = URL(fileURLWithPath: "\(path)/\(folder)/\(name)")
            let intact = try Data(contentsOf: url)
            var damaged = intact
            damaged[150] ^= 4
            try damaged.write(to: url)
            let outcome = try Tool.run(["verify", path])
            #expect(outcome.status == 1 && outcome.output.contains("\(folder)/\(name)"))
            try intact.write(to: url)
        }
        #expect(try Tool.run(["verify", path]).status == 0)
    }

    @Test func statusSaysTheProgramAndTheFiles() throws {
        let path = try shelve()
        let before = try scratch.contents(of: "shelf")
        let text = try Tool.output("status", path)
        #expect(text.contains(#""Shelf", version 4"#))
        #expect(!text.contains("nodes"))
        let json = try Tool.json("status", path, "--json")
        #expect((json["program"] as? [String: Any])?["version"] as? Int == 4)
        #expect((json["segments"] as? [Any])?.count == 1)
        #expect((json["snapshots"] as? [Any])?.count == 1)
        #expect((json["recovery"] as? [String: Any])?["transactionCount"] as? Int == 2)
        #expect(json["nodes"] == nil)
        #expect(try scratch.contents(of: "shelf") == before)
        #expect(try Tool.json("status", count(), "--json")["nextLSN"] as? Int ?? 0 > 12)
    }

    @Test(arguments: [false, true])
    func statusShowsWhatItCanWhenTheProgramCannotBeTold(isGraph: Bool) throws {
        if isGraph {
            let database = try GraphDatabase.open(scratch["graph"])
            try database.write { _ = try $0.createNode(labels: ["A"]) }
            try database.checkpoint()
            try database.close()
        }
        let path = isGraph ? scratch["graph"] : try shelve()
        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: path + "/programs").first)
        let url = URL(fileURLWithPath: "\(path)/programs/\(name)")
        var bytes = try Data(contentsOf: url)
        bytes[150] ^= 4
        try bytes.write(to: url)
        let outcome = try Tool.run(["status", path])
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("cannot be told"), "\(outcome.output)")
        #expect(outcome.output.contains("corruption: programs/\(name)"), "\(outcome.output)")
        #expect(outcome.output.contains("next LSN") && outcome.output.contains("snapshots"))
        #expect(!outcome.output.contains("nodes"))
        let json = try #require(
            try JSONSerialization.jsonObject(
                with: Data(try Tool.run(["status", path, "--json"]).output.utf8)) as? [String: Any])
        #expect(
            (json["damagedProgram"] as? [String: Any])?["file"] as? String == "programs/\(name)")
        #expect((json["snapshots"] as? [Any])?.count == 1 && json["program"] is NSNull)
        #expect(try Tool.run(["dump", path]).lines.isEmpty == false)
    }

    @Test func aStoreWhoseLogIsGoneSaysSo() throws {
        let path = try shelve()
        try FileManager.default.removeItem(atPath: path + "/log")
        try FileManager.default.removeItem(atPath: path + "/snapshots")
        try FileManager.default.removeItem(atPath: path + "/LOCK")
        for command in ["status", "verify"] {
            let outcome = try Tool.run([command, path])
            #expect(outcome.status == 1)
            let text = outcome.output + outcome.errors
            #expect(text.contains("the log is gone; left of the store: programs/"), "\(text)")
        }
    }

    @Test func recordsAreListedWhateverTheProgram() throws {
        #expect(try Tool.run(["dump", shelve()]).lines.count { $0.contains("transaction") } == 3)
    }

    @Test func eventsAreListedInTheSelfDescribingForm() throws {
        let lines = try Tool.run(["dump", shelve(), "--events"]).lines
        try #require(lines.count == 4)
        let first = try jsonObject(lines[0])
        #expect(first["lsn"] as? Int == 3 && (first["time"] as? String)?.hasSuffix("Z") == true)
        let shelved = try #require(
            (first["event"] as? [String: Any])?["shelved"] as? [String: Any])
        #expect(shelved["title"] as? String == "Emma" && shelved["pages"] as? Int == 474)
        #expect(shelved["weight"] as? Double == 0.5)
        #expect((shelved["marks"] as? [String: String]) == ["$bytes": "Af8="])
        #expect(lines[1].contains(#""event":{"cleared":{}}"#))
        #expect(lines[2].contains(#""weight":{"$double":"inf"}"#))
        #expect(lines[2].contains(#"\u001b"#) && !lines[2].contains("\u{1b}"))
        let last = try jsonObject(lines[3])["lsn"] as? Int ?? 0
        let some = try Tool.run(["dump", scratch["shelf"], "--events", "--from", "\(last)"])
        #expect(some.lines == [lines[3]])
    }

    @Test func eventsInAFormOfTheirOwnAreBytes() throws {
        let lines = try Tool.run(["dump", count(), "--events"]).lines
        #expect(lines.count == 4 && lines[3].contains(#""event":{"$bytes":"yA=="}"#), "\(lines)")
    }

    @Test func eventsOfAGraphAreWhatTheyDo() throws {
        let database = try GraphDatabase.open(scratch["graph"])
        try database.write { graph in
            let ada = try graph.createNode(labels: ["Person"], properties: ["name": .string("ada")])
            let bob = try graph.createNode(labels: ["Person"])
            _ = try graph.createRelationship("KNOWS", from: ada, to: bob)
            try graph.create(.unique(type: "KNOWS", keys: ["since"]))
        }
        try database.close()
        let lines = try Tool.run(["dump", scratch["graph"], "--events"]).lines
        var events = lines.compactMap { line in
            line.range(of: #""event":"#).map { line[$0.upperBound...] }
        }
        #expect(
            events.map { $0.prefix { $0 != "," } }.first
                == #"{"nodeCreated":{"labels":["Person"]"#, "\(lines)")
        let rule = events.popLast()
        #expect(
            rule?.contains(
                #"{"relationshipRuleCreated":{"keys":["since"],"relationship":"KNOWS","rule":"unique"}}"#
            ) == true, "\(lines)")
        #expect(events.last?.contains(#""relationshipCreated":{"from":"#) == true, "\(lines)")
        #expect(events.last?.contains(#""type":"KNOWS""#) == true)
        let status = try Tool.json("status", scratch["graph"], "--json")
        #expect((status["program"] as? [String: Any])?["name"] as? String == "cairn.graph")
        #expect(status["nodes"] as? Int == 2)
    }

    @Test func onlyItsProgramWritesASnapshotOfAState() throws {
        let path = try shelve()
        let before = try scratch.contents(of: "shelf")
        let outcome = try Tool.run(["checkpoint", path])
        #expect(outcome.status == 64 && outcome.output == "")
        #expect(outcome.errors.contains("only") && outcome.errors.contains("nothing was changed"))
        #expect(outcome.errors.count { $0 == "\n" } == 1)
        #expect(try scratch.contents(of: "shelf") == before)
    }

    @Test func commandsForGraphsRefuseAnotherProgramByName() throws {
        let path = try shelve()
        let before = try scratch.contents(of: "shelf")
        for arguments in [
            ["export", path, "--format", "jsonl"], ["replay", path],
            ["import", "dpkg", Fixture.path, "--into", path],
        ] {
            let outcome = try Tool.run(arguments)
            #expect(outcome.status == 1 && outcome.errors.contains(#""Shelf""#), "\(arguments)")
            #expect(outcome.errors.contains(#""cairn.graph""#), "\(arguments)")
        }
        #expect(try scratch.contents(of: "shelf") == before)
    }

    /// What was written before there were names shows what it is.
    @Test func aStoreThatDoesNotSayItsProgramIsToldByItsEvents() throws {
        let path = try shelve()
        try FileManager.default.removeItem(atPath: path + "/programs")
        #expect(try Tool.run(["verify", path]).status == 0)
        #expect(try Tool.output("status", path).contains("not said"))
        #expect(try Tool.run(["checkpoint", path]).status == 64)
        let counter = try count()
        try FileManager.default.removeItem(atPath: counter + "/programs")
        #expect(try Tool.run(["verify", counter]).status == 0)
        let database = try GraphDatabase.open(scratch["graph"])
        try database.write { _ = try $0.createNode(labels: ["A"]) }
        try database.close()
        try FileManager.default.removeItem(atPath: scratch["graph/programs"])
        #expect(try Tool.json("status", scratch["graph"], "--json")["nodes"] as? Int == 1)
        #expect(try Tool.run(["checkpoint", scratch["graph"]]).status == 0)
    }
}
