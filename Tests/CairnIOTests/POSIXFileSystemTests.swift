// SPDX-License-Identifier: Apache-2.0

import CairnIO
import CairnTesting
import SystemPackage
import Testing

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

struct POSIXFileSystemTests {
    let temporary = TemporaryDirectory()

    @Test(arguments: FileSystemConformance.checks)
    func conforms(check: FileSystemConformance.Check) throws {
        try check.run(POSIXFileSystem(), temporary.path.appending("conformance"))
    }

    // The mask belongs to the whole process. The masks used here take nothing from the modes that
    // other tests ask for, so tests may run beside this one.
    @Test func modesAreForTheOwnerOnly() throws {
        let before = umask(0)
        defer { umask(before) }
        for mask in [mode_t(0), 0o022, 0o077] {
            umask(mask)
            let name = "m\(mask)"
            let directory = try POSIXFileSystem().openDirectory(
                temporary.path.appending(name), creating: true)
            _ = try directory.createFile("file")
            _ = try directory.createDirectory("directory")
            _ = try directory.lock("LOCK", .exclusive)
            #expect(temporary.mode(name) == 0o700, "umask \(mask)")
            #expect(temporary.mode("\(name)/file") == 0o600, "umask \(mask)")
            #expect(temporary.mode("\(name)/directory") == 0o700, "umask \(mask)")
            #expect(temporary.mode("\(name)/LOCK") == 0o600, "umask \(mask)")
        }
    }

    @Test func linksAreNotFollowed() throws {
        let directory = try temporary.open()
        try directory.createFile("target").writeArray([1], at: 0)
        _ = try directory.createDirectory("folder")
        temporary.makeLink("link", to: "target")
        temporary.makeLink("dangling", to: "nowhere")
        temporary.makeLink("way", to: "folder")
        for name: FileName in ["link", "dangling"] {
            #expect(
                code { () throws(StorageError) in _ = try directory.openFile(name, .readWrite) }
                    == .notAFile)
            #expect(
                code { () throws(StorageError) in _ = try directory.openFile(name, .readOnly) }
                    == .notAFile)
            #expect(
                code { () throws(StorageError) in _ = try directory.createFile(name) } == .exists)
            #expect(
                code { () throws(StorageError) in _ = try directory.lock(name, .exclusive) }
                    == .notAFile
            )
            #expect(
                code { () throws(StorageError) in _ = try directory.lock(name, .shared) }
                    == .notAFile)
        }
        #expect(
            code { () throws(StorageError) in _ = try directory.openDirectory("way") }
                == .notADirectory)
        #expect(temporary.mode("nowhere") == nil)
        #expect(try directory.openFile("target", .readOnly).readArray(9, at: 0) == [1])
    }

    @Test func renameNeverReplacesALink() throws {
        let directory = try temporary.open()
        _ = try directory.createFile("a")
        temporary.makeLink("link", to: "nowhere")
        #expect(
            code { () throws(StorageError) in try directory.rename("a", to: "link") } == .exists)
    }

    @Test(.timeLimit(.minutes(1)))
    func pipesAndDevicesAreRefusedAtOnce() throws {
        let directory = try temporary.open()
        temporary.makePipe("pipe")
        #expect(
            code { () throws(StorageError) in _ = try directory.openFile("pipe", .readOnly) }
                == .notAFile)
        #expect(
            code { () throws(StorageError) in _ = try directory.openFile("pipe", .readWrite) }
                == .notAFile)
        #expect(
            code { () throws(StorageError) in _ = try directory.lock("pipe", .exclusive) }
                == .notAFile)
        let devices = try POSIXFileSystem().openDirectory("/dev", creating: false)
        #expect(
            code { () throws(StorageError) in _ = try devices.openFile("null", .readWrite) }
                == .notAFile
        )
    }

    @Test func foreignNamesAreListedWithoutAName() throws {
        let directory = try temporary.open()
        _ = try directory.createFile("a")
        temporary.makeLink("with space", to: "a")
        temporary.makeLink("b", to: "a")
        let entries = try directory.list()
        #expect(
            entries == [
                VirtualDirectoryEntry(name: nil, kind: .other),
                VirtualDirectoryEntry(name: "a", kind: .file),
                VirtualDirectoryEntry(name: "b", kind: .other),
            ])
    }

    @Test func openDirectoryStaysTheSameWhenItIsRenamed() throws {
        let file = POSIXFileSystem()
        let directory = try file.openDirectory(temporary.path.appending("a"), creating: true)
        try temporary.open().rename("a", to: "b")
        _ = try directory.createFile("f")
        #expect(temporary.mode("b/f") == 0o600)
    }

    #if os(Linux)
    /// In a process without standard streams no file of a store takes their place, where a stray message would
    /// be written into it. And no program that this one starts inherits any.
    @Test func descriptorsAreNeitherStandardStreamsNorInherited() async {
        await #expect(processExitsWith: .success) {
            for stream in 0...2 { close(Int32(stream)) }
            let temporary = TemporaryDirectory()
            let directory = try temporary.open()
            let held: [Any?] = [
                try directory.createFile("a"), try directory.createDirectory("d"),
                try directory.openFile("a", .readOnly), try directory.lock("LOCK", .exclusive),
            ]
            var count = 0
            for descriptor in 0..<Int32(64) {
                let link = "/proc/self/fd/\(descriptor)"
                var bytes = [CChar](repeating: 0, count: 1024)
                guard readlink(link, &bytes, bytes.count - 1) > 0,
                    FilePath(platformString: bytes).starts(with: temporary.path)
                else { continue }
                count += 1
                precondition(descriptor > 2, "\(descriptor) is a standard stream")
                precondition(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0, "\(descriptor)")
            }
            precondition(count >= held.count + 1, "only \(count) were found")
        }
    }
    #endif

    /// In a process that may have few of them at a time, so that none need be lost often to be missed.
    @Test func manyDescriptorsAreGivenBack() async {
        await #expect(processExitsWith: .success) {
            let temporary = TemporaryDirectory()
            #if os(Linux)
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
            #else
            let resource = RLIMIT_NOFILE
            #endif
            var limit = rlimit()
            precondition(getrlimit(resource, &limit) == 0)
            limit.rlim_cur = 64
            precondition(setrlimit(resource, &limit) == 0)
            let directory = try temporary.open()
            for _ in 0..<100 {
                let file = try? directory.createFile("a")
                _ = try directory.openFile("a", .readOnly)
                _ = try directory.list()
                _ = try POSIXFileSystem().openDirectory(temporary.path, creating: true)
                _ = try directory.lock("LOCK", .exclusive)
                try file?.close()
            }
        }
    }

    @Test func relativePathWithoutParentWorks() throws {
        // The parent of a bare name is the working directory.
        #expect(
            code { () throws(StorageError) in
                _ = try POSIXFileSystem().openDirectory("no-such-directory-here", creating: false)
            } == .notFound)
        _ = try POSIXFileSystem().openDirectory(".", creating: true)
        _ = try POSIXFileSystem().openDirectory("/", creating: true)
    }
}
