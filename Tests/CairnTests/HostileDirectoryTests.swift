// SPDX-License-Identifier: Apache-2.0

import Cairn
import CairnDurable
import CairnGraph
import CairnIO
import CairnLog
import CairnSnapshot
import Foundation
import SystemPackage
import Testing

/// A directory on the real file system that an attacker prepared.
@Suite(.serialized)
struct HostileDirectoryTests {
    /// Something that stands where the store has a file or a directory.
    enum Plant: String, CaseIterable {
        case linkToFile, danglingLink, linkToDirectory, pipe, directory, device

        func make(at path: String, outside: String) {
            switch self {
            case .linkToFile: symlink(outside + "/file", path)
            case .danglingLink: symlink(outside + "/nowhere", path)
            case .linkToDirectory: symlink(outside + "/folder", path)
            case .pipe: mkfifo(path, 0o600)
            case .directory: mkdir(path, 0o700)
            case .device: symlink("/dev/zero", path)
            }
        }
    }

    private let base = FileManager.default.temporaryDirectory
        .appendingPathComponent("cairn-hostile-\(UUID().uuidString)").path
    private var store: String { base + "/store" }
    private var outside: String { base + "/outside" }

    /// Nothing waits, nothing outside of the store is read, written or made, and the errors are typed.
    @Test(.timeLimit(.minutes(1)), arguments: Plant.allCases)
    func whatStandsInPlaceOfOurFilesIsRefusedOrPassedOver(plant: Plant) throws {
        defer { try? FileManager.default.removeItem(atPath: base) }
        try make(base, outside + "/folder")
        try Data("not yours".utf8).write(to: URL(fileURLWithPath: outside + "/file"))
        try makeStore()
        let segment = "log/" + (try names("log").last ?? "")
        let snapshot = "snapshots/" + (try names("snapshots").last ?? "")
        let program = "programs/" + (try names("programs").last ?? "")
        for place in [
            "LOCK", "log", "snapshots", "programs", "quarantine", segment, snapshot, program,
        ] {
            let path = store + "/" + place
            let saved = path + ".saved"
            let wasThere = rename(path, saved) == 0
            plant.make(at: path, outside: outside)
            open(.readOnly)
            open(.readWrite)
            try checkOutside("\(plant) at \(place)")
            try? FileManager.default.removeItem(atPath: path)
            if wasThere { rename(saved, path) }
        }
        // What was put aside is whole again.
        let database = try GraphDatabase.open(store)
        #expect(database.read { $0.nodeCount } >= 3)
        try database.close()
    }

    /// Not passed over: a store without it would look whole, and the place is found taken only when it is written.
    @Test(arguments: Plant.allCases, ["log", "snapshots", "programs"])
    func whatStandsInPlaceOfAFileIsNamed(plant: Plant, folder: String) throws {
        defer { try? FileManager.default.removeItem(atPath: base) }
        try make(base, outside + "/folder")
        try Data("not yours".utf8).write(to: URL(fileURLWithPath: outside + "/file"))
        try makeStore()
        let place = folder + "/" + (try #require(try names(folder).last))
        try FileManager.default.removeItem(atPath: store + "/" + place)
        plant.make(at: store + "/" + place, outside: outside)
        do {
            let findings = try StoreVerifier.verify(FilePath(store)).findings
            #expect(findings.contains { $0.file == place }, "\(findings)")
        } catch {
            #expect("\(error)".contains(place), "\(error)")
        }
        guard folder == "snapshots" else {
            #expect(throws: DurableError.self) { try GraphDatabase.open(store) }
            return
        }
        let database = try GraphDatabase.open(store)
        #expect(database.read { $0.nodeCount } == 3)
        try database.checkpoint()
        try database.close()
        let findings = try StoreVerifier.verify(FilePath(store)).findings
        #expect(findings.map(\.file) == [place])
    }

    /// An opening may have to save bytes there. It says at once that it cannot, as verify does; one that only reads goes on.
    @Test(arguments: Plant.allCases.filter { $0 != .directory })
    func whatStandsInPlaceOfTheQuarantineIsNamed(plant: Plant) throws {
        defer { try? FileManager.default.removeItem(atPath: base) }
        try make(base, outside + "/folder")
        try Data("not yours".utf8).write(to: URL(fileURLWithPath: outside + "/file"))
        try makeStore()
        plant.make(at: store + "/quarantine", outside: outside)
        let refusals: [any Error] = [
            try #require(throws: LogError.self) { try StoreVerifier.verify(FilePath(store)) },
            try #require(throws: DurableError.self) { try GraphDatabase.open(store) },
        ]
        for refusal in refusals { #expect("\(refusal)".contains("/quarantine"), "\(refusal)") }
        var options = LogOptions()
        options.access = .readOnly
        let database = try GraphDatabase.open(store, options: options)
        #expect(database.read { $0.nodeCount } == 3)
        try database.close()
        // Reading needs no quarantine, and damage is said before.
        #expect(try StoreVerifier.events(FilePath(store)) { _ in }.isEmpty)
        let first = store + "/log/" + (try #require(try names("log").first))
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: first))
        try file.seek(toOffset: 100)
        try file.write(contentsOf: Data([0xff, 0xff]))
        try file.close()
        #expect(try StoreVerifier.verify(FilePath(store)).verdict == .corruption)
        try checkOutside("\(plant)")
    }

    /// The modes are those of the owner alone, whatever the mask; of all files of a store.
    @Test func everyFileOfAStoreIsForTheOwnerOnly() throws {
        defer { try? FileManager.default.removeItem(atPath: base) }
        let before = umask(0)
        defer { umask(before) }
        try make(base)
        try makeStore()
        // A torn end, so that there is a quarantine.
        let last = store + "/log/" + (try names("log").last ?? "")
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: last))
        try file.seekToEnd()
        try file.write(contentsOf: Data(repeating: 9, count: 100))
        try file.close()
        try GraphDatabase.open(store).close()
        #expect(try !names("quarantine").isEmpty)
        let paths = try #require(FileManager.default.enumerator(atPath: store))
        var count = 0
        for case let name as String in paths {
            var status = stat()
            #expect(lstat(store + "/" + name, &status) == 0)
            let isDirectory = status.st_mode & S_IFMT == S_IFDIR
            #expect(status.st_mode & 0o7777 == (isDirectory ? 0o700 : 0o600), "\(name)")
            count += 1
        }
        #expect(count >= 6)
    }

    /// Names as long as the file system has them, names that are no text, and names like ours.
    @Test func namesOfOthersAreLeftAlone() throws {
        defer { try? FileManager.default.removeItem(atPath: base) }
        try make(base)
        try makeStore()
        let strange = [
            String(repeating: "n", count: 255), ".wal", "0000000001-.wal", "-1.wal",
            "00000000001-00000000000000000001.wal", "0000000001-00000000000000000001.wal ",
            "+000000001-00000000000000000001.wal", "99999999999999999999.snap", "..snap",
        ]
        for folder in ["log", "snapshots"] {
            for name in strange {
                try Data("theirs".utf8).write(
                    to: URL(fileURLWithPath: "\(store)/\(folder)/\(name)"))
            }
            #expect(mkdir("\(store)/\(folder)/\u{1}\n", 0o700) == 0)
        }
        let database = try GraphDatabase.open(store)
        try database.write { try $0.createNode(labels: ["N"], properties: [:]) }
        try database.checkpoint()
        try database.close()
        for folder in ["log", "snapshots"] {
            for name in strange {
                let path = "\(store)/\(folder)/\(name)"
                #expect(
                    FileManager.default.contents(atPath: path) == Data("theirs".utf8), "\(name)")
            }
        }
    }

    @Test func pathsThatCannotBeAreErrors() {
        for path in [
            String(repeating: "a", count: 300), String(repeating: "a/", count: 3000), "/dev/null",
            "/proc/self/mem", "/nowhere/at/all", "",
        ] {
            #expect(throws: DurableError.self, "\(path.prefix(20))") {
                try GraphDatabase.open(path)
            }
        }
    }

    // MARK: Helpers

    private func make(_ paths: String...) throws {
        for path in paths {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
        }
    }

    private func makeStore() throws {
        let database = try GraphDatabase.open(store)
        for number in 0..<3 {
            try database.write {
                try $0.createNode(labels: ["N"], properties: ["n": .int(Int64(number))])
            }
            try database.checkpoint()
        }
        try database.close()
    }

    private func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: store + "/" + folder).sorted()
    }

    private func open(_ access: FileAccess) {
        var options = LogOptions()
        options.access = access
        // It opens or says why not; the type of the error is in the signature.
        try? GraphDatabase.open(store, options: options).close()
    }

    private func checkOutside(_ place: String) throws {
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: outside).sorted()
                == ["file", "folder"], "\(place)")
        #expect(
            FileManager.default.contents(atPath: outside + "/file") == Data("not yours".utf8),
            "\(place)")
        let inside = try FileManager.default.contentsOfDirectory(atPath: outside + "/folder")
        #expect(inside.isEmpty, "\(place)")
    }
}
