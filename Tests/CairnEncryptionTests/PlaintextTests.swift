// SPDX-License-Identifier: Apache-2.0

import Cairn
import CairnDurable
import CairnEncryption
import CairnGraph
import CairnIO
import CairnLog
import CairnTesting
import SystemPackage
import Testing

/// What users store is in no file, whatever is done to the store.
struct PlaintextTests {
    private static let marker = "MARKER-OF-A-SECRET"

    @Test func theMarkerIsInNoFileAtAnyMoment() throws {
        let files = SimulatedFileSystem()
        let environment = StorageEnvironment.simulated(files)
        let options = LogOptions.encrypted(Keys.keys(), segmentByteCount: 2000)
        @Sendable func look(_ place: Comment) { #expect(!files.contains(Self.marker), place) }
        var hooked = environment
        hooked.fileSystem = InterceptedFileSystem(
            files, CallHook { _ in look("before an operation") })
        let graph = try GraphDatabase.open("notes", options: options, environment: hooked)
        for number in 0..<30 {
            try graph.write { transaction in
                let node = try transaction.createNode(labels: ["\(Self.marker)-label"])
                try transaction.setProperty(
                    "\(Self.marker)-name", to: .string("\(Self.marker) \(number)"), of: node)
            }
            if number % 10 == 9 { try graph.checkpoint() }
        }
        look("after commits and checkpoints")
        _ = try graph.backup(to: "backups")
        look("after a backup")
        // A torn end, which is copied to quarantine.
        let torn = files.crashImage(.everythingWritten)
        let path = try #require(
            torn.paths(in: "log").last { $0.string.hasSuffix(".wal") })
        let bytes = try #require(torn.contents(path))
        let end = try #require(bytes.lastIndex { $0 != 0 })
        torn.truncate(path, to: end - 40)
        let repaired = try GraphDatabase.open(
            "notes", options: options, environment: .simulated(torn, seed: 4))
        #expect(repaired.recovery.log.repair != nil)
        #expect(!torn.paths(in: "quarantine").isEmpty)
        #expect(!torn.contains(Self.marker))
        // The test can fail.
        let plain = SimulatedFileSystem()
        let store = try Durable<Notes>.open("notes", environment: .simulated(plain))
        try store.commit(.added(Self.marker))
        #expect(plain.contains(Self.marker))
    }
}
