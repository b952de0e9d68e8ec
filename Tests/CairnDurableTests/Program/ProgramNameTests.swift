// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnIO
import CairnLSN
import CairnLog
import CairnSegments
import CairnTesting
import SystemPackage
import Testing

/// A store says its program: whom it opens for, and whom it refuses before anything is changed.
struct ProgramNameTests {
    private enum ListEvent: DurableEvent, Codable, Hashable { case added(String) }

    private struct List: DurableState, Codable, Hashable {
        typealias Event = ListEvent
        var names: [String] = []
        mutating func apply(_ event: Event) {
            if case .added(let name) = event { names.append(name) }
        }
    }

    /// A later version of the list.
    private struct NewList: DurableState, Codable, Hashable {
        typealias Event = ListEvent
        static let name = "List"
        static let version = 3
        var names: [String] = []
        mutating func apply(_ event: Event) {
            if case .added(let name) = event { names.append(name) }
        }
    }

    /// Another program, all of whose fields are optional: its form fits everything.
    private struct Settings: DurableState, Codable {
        struct Event: DurableEvent, Codable { var key: String? }
        var theme: String?
        mutating func apply(_ event: Event) { theme = event.key }
    }

    private func listStore(checkpoints: Bool = true) throws -> SimulatedFileSystem {
        let files = SimulatedFileSystem()
        let list = try Durable<List>.open("store", environment: .simulated(files))
        try list.commit(.added("ada"))
        if checkpoints { try list.checkpoint() }
        try list.commit(.added("bob"))
        try list.close()
        return files
    }

    @Test func theDefaultIsTheNameOfTheTypeAndVersionOne() throws {
        let files = try listStore()
        let program = try StoreProgram.read("store", environment: .simulated(files))
        #expect(program == StoreProgram(name: "List", version: 1))
        let list = try Durable<List>.open("store", environment: .simulated(files))
        #expect(list.program == program)
        #expect(files.programPaths.count == 1)
    }

    @Test(arguments: [true, false])
    func anotherProgramIsRefusedByNameAlsoWhenItsFormFits(checkpoints: Bool) throws {
        let files = try listStore(checkpoints: checkpoints)
        let contents = files.storeContents
        var options = LogOptions()
        for access in [FileAccess.readWrite, .readOnly] {
            options.access = access
            let error = #expect(throws: DurableError.self) {
                try Durable<Settings>.open(
                    "store", options: options, environment: .simulated(files))
            }
            #expect(error?.code == .doesNotFit)
            #expect(error?.program?.store == StoreProgram(name: "List", version: 1))
            #expect(error?.program?.opening == StoreProgram(name: "Settings", version: 1))
            let text = error?.description ?? ""
            #expect(text.contains(#""List""#) && text.contains(#""Settings""#), "\(text)")
        }
        let dry = #expect(throws: DurableError.self) {
            try Durable<Settings>.dryRun("store", environment: .simulated(files))
        }
        #expect(dry?.program?.store.name == "List")
        #expect(files.storeContents == contents)
        let list = try Durable<List>.open("store", environment: .simulated(files))
        #expect(list.read { $0.names } == ["ada", "bob"])
    }

    @Test func aNewerVersionIsRefusedWithBothVersions() throws {
        let files = try listStore()
        let new = try Durable<NewList>.open("store", environment: .simulated(files))
        #expect(new.read { $0.names } == ["ada", "bob"])
        try new.commit(.added("cyd"))
        try new.close()
        let contents = files.storeContents
        let error = #expect(throws: DurableError.self) {
            try Durable<List>.open("store", environment: .simulated(files))
        }
        #expect(error?.code == .doesNotFit && error?.program?.store.version == 3)
        let text = error?.description ?? ""
        #expect(text.contains("version 3") && text.contains("version 1"), "\(text)")
        #expect(files.storeContents == contents)
    }

    @Test func readingOnlyNamesNothing() throws {
        let files = try listStore()
        for path in files.programPaths { files.remove(path) }
        let contents = files.storeContents
        var options = LogOptions()
        options.access = .readOnly
        let list = try Durable<List>.open("store", options: options, environment: .simulated(files))
        #expect(list.program == nil && list.read { $0.names } == ["ada", "bob"])
        #expect(files.storeContents == contents)
    }

    @Test func aStoreFromBeforeThereWereNamesIsOfVersionOneAndGetsAName() throws {
        let files = try listStore(checkpoints: false)
        for path in files.programPaths { files.remove(path) }
        #expect(try StoreProgram.read("store", environment: .simulated(files)) == nil)
        let new = try Durable<NewList>.open("store", environment: .simulated(files))
        #expect(new.read { $0.names } == ["ada", "bob"])
        #expect(new.program == StoreProgram(name: "List", version: 3))
        try new.close()
        #expect(throws: DurableError.self) {
            try Durable<List>.open("store", environment: .simulated(files))
        }
    }

    @Test func aVersionThatWroteNothingLeavesNoFile() throws {
        let files = SimulatedFileSystem()
        try Durable<List>.open("store", environment: .simulated(files)).close()
        try Durable<NewList>.open("store", environment: .simulated(files)).close()
        #expect(files.programPaths.count == 1)
        let program = try StoreProgram.read("store", environment: .simulated(files))
        #expect(program == StoreProgram(name: "List", version: 3))
    }

    @Test func aDamagedFileIsDamageWhicheverBitItIs() throws {
        let files = try listStore()
        let path = try #require(files.programPaths.first)
        let bytes = try #require(files.contents(path))
        for bit in 0..<bytes.count * 8 {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            files.setContents(path, damaged)
            let error = #expect(throws: DurableError.self, "bit \(bit)") {
                try Durable<List>.open("store", environment: .simulated(files))
            }
            let codes: Set<DurableError.Code> = [
                .damaged, .unsupportedVersion, .foreign, .notAStore,
            ]
            #expect(error.map { codes.contains($0.code) } == true, "bit \(bit): \(error as Any)")
            #expect(
                error?.finding?.file.hasPrefix("programs/") == true, "bit \(bit): \(error as Any)")
        }
    }

    @Test func aFileOfAnotherLogIsForeign() throws {
        let (files, other) = (try listStore(), SimulatedFileSystem())
        var environment = StorageEnvironment.simulated(other)
        environment.randomness = SeededRandomness(seed: 99)
        try Durable<List>.open("store", environment: environment).close()
        let path = try #require(files.programPaths.first)
        files.setContents(path, try #require(other.contents(path)))
        let error = #expect(throws: DurableError.self) {
            try Durable<List>.open("store", environment: .simulated(files))
        }
        #expect(error?.code == .foreign)
    }

    @Test func aLogThatEndsBeforeAVersionBeganLostItsEnd() throws {
        let files = try listStore(checkpoints: false)
        let before = files.storeContents
        let list = try Durable<List>.open("store", environment: .simulated(files))
        try list.commit(.added("cyd"))
        try list.close()
        try Durable<NewList>.open("store", environment: .simulated(files)).close()
        for (path, file) in before { files.setContents(path, file.bytes) }
        // Behind the end there is a torn write, which opening would cut.
        let segment = try #require(before.keys.first { $0.string.contains("/log/") })
        files.setContents(
            segment, try #require(files.contents(segment)) + [1, 2, 3, 4, 5, 6, 7, 8])
        let damaged = files.storeContents
        let error = #expect(throws: DurableError.self) {
            try Durable<NewList>.open("store", environment: .simulated(files))
        }
        #expect(error?.code == .damaged && error?.finding?.verdict == .missingSegment)
        #expect(files.storeContents == damaged, "refused, and nothing was changed")
    }

    @Test(arguments: [FileAccess.readWrite, .readOnly], [false, true])
    func aStoreWhoseLogIsGoneSaysSo(access: FileAccess, hasSnapshots: Bool) throws {
        let files = try listStore(checkpoints: hasSnapshots)
        files.remove("store/log")
        files.remove("store/LOCK")
        let contents = files.storeContents
        var options = LogOptions()
        options.access = access
        let error = #expect(throws: DurableError.self) {
            try Durable<List>.open("store", options: options, environment: .simulated(files))
        }
        #expect(error?.finding?.verdict == .missingSegment && error?.finding?.file == "log")
        let left = hasSnapshots ? "programs/ and snapshots/" : "programs/"
        let text = error?.description ?? ""
        #expect(text.contains("the log is gone; left of the store: \(left). Restore"), "\(text)")
        #expect(throws: DurableError.self) {
            try StoreProgram.read("store", environment: .simulated(files))
        }
        #expect(files.storeContents == contents)
    }

    /// At every moment of an upgrade the store opens for one of the versions, with everything in it: also when the
    /// file of a version that wrote nothing is replaced.
    @Test(arguments: [true, false])
    func aCrashAnywhereInAnUpgradeLeavesAStoreThatOpens(hasEvents: Bool) throws {
        let before = SimulatedFileSystem()
        let list = try Durable<List>.open("store", environment: .simulated(before))
        if hasEvents { try list.commit(.added("ada")) }
        try list.close()
        func upgrade(_ files: SimulatedFileSystem) throws {
            try Durable<NewList>.open("store", environment: .simulated(files)).close()
        }
        let complete = before.crashImage(.everythingWritten)
        try upgrade(complete)
        #expect(complete.operationCount > (hasEvents ? 4 : 6))
        for operation in 0..<complete.operationCount {
            for choice in [CrashChoice.onlySynced, .everythingWritten, .seeded(1), .seeded(2)] {
                let files = before.crashImage(.everythingWritten)
                files.setFaults(.crash(atOperation: operation))
                try? upgrade(files)
                let place: Comment = "crash at \(operation), \(choice)"
                let image = files.crashImage(choice)
                let version = try StoreProgram.read("store", environment: .simulated(image))?
                    .version
                let names = hasEvents ? ["ada"] : []
                if version != 3 {
                    let old = try Durable<List>.open(
                        "store", environment: .simulated(image.crashImage(.everythingWritten)))
                    #expect(old.read { $0.names } == names, place)
                }
                let new = try Durable<NewList>.open("store", environment: .simulated(image))
                #expect(new.read { $0.names } == names, place)
                #expect(new.program?.version == 3, place)
                try new.close()
                let entries = image.filePaths.filter { $0.string.contains("programs/") }
                #expect(entries.allSatisfy { $0.extension == "snap" }, "\(place): \(entries)")
            }
        }
    }
}
