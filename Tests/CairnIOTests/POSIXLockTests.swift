// SPDX-License-Identifier: Apache-2.0

import CairnIO
import SystemPackage
import Testing

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

struct POSIXLockTests {
    let temporary = TemporaryDirectory()

    private func conflict(_ directory: any VirtualDirectory) -> StorageError? {
        do throws(StorageError) {
            _ = try directory.lock("LOCK", .exclusive)
            return nil
        } catch {
            return error
        }
    }

    @Test func conflictNamesTheHolder() throws {
        let directory = try temporary.open()
        let lock = try directory.lock("LOCK", .exclusive)
        let error = try #require(conflict(try temporary.open()))
        #expect(error.code == .locked)
        #expect(error.holder == getpid())
        #expect(error.description.contains("process \(getpid())"))
        lock?.release()
        #expect(try directory.openFile("LOCK", .readOnly).byteCount() == 0)
        #expect(conflict(directory) == nil)
    }

    @Test(arguments: [
        "", "pid", "pid ", "pid x\n", "pid -1\n", "pid 0\n", "pid 2147483646\n",
        "pid 99999999999999999999\n", "PID 1\n",
    ])
    func contentThatNamesNobodyIsNotBelieved(content: String) throws {
        let directory = try temporary.open()
        let lock = try directory.lock("LOCK", .exclusive)
        let file = try directory.openFile("LOCK", .readWrite)
        try file.truncate(to: 0)
        try file.writeArray(Array(content.utf8), at: 0)
        let error = try #require(conflict(directory))
        #expect(error.code == .locked)
        #expect(error.holder == nil)
        #expect(error.description.contains("another process"))
        lock?.release()
    }

    @Test func leftoverOfAKilledProcessDoesNotLock() throws {
        let directory = try temporary.open()
        try directory.createFile("LOCK").writeArray(Array("pid 1\n".utf8), at: 0)
        let lock = try directory.lock("LOCK", .exclusive)
        let content = try directory.openFile("LOCK", .readOnly).readArray(64, at: 0)
        #expect(String(decoding: content, as: UTF8.self) == "pid \(getpid())\n")
        lock?.release()
    }

    @Test func fileWithTwoNamesIsNoLock() throws {
        let directory = try temporary.open()
        _ = try directory.createFile("LOCK")
        let other = temporary.path.appending("other")
        _ = temporary.path.appending("LOCK").withPlatformString { first in
            other.withPlatformString { link(first, $0) }
        }
        #expect(conflict(directory)?.code == .notAFile)
    }

    /// As a process has them that was just forked and has not begun its program yet.
    @Test(arguments: [LockMode.exclusive, .shared])
    func aCopyOfTheDescriptorDoesNotKeepTheLock(mode: LockMode) throws {
        let directory = try temporary.open()
        try directory.lock("LOCK", .exclusive)?.release()
        let lock = try #require(try directory.lock("LOCK", mode))
        var file = stat()
        #expect(stat(temporary.path.appending("LOCK").string, &file) == 0)
        let descriptors = (Int32(0)..<1024).filter { descriptor in
            var status = stat()
            return fstat(descriptor, &status) == 0 && status.st_ino == file.st_ino
                && status.st_dev == file.st_dev
        }
        let copies = descriptors.map { dup($0) }
        defer { for copy in copies { close(copy) } }
        #expect(copies.count == 1)
        lock.release()
        #expect(conflict(directory) == nil)
    }
}
