// SPDX-License-Identifier: Apache-2.0
//
// A disk that is full, and a process that may write no more: a typed error, memory as before, reads go on;
// and once there is room, the store opens with all that was acknowledged.

import CairnDurable
import CairnIO
import CairnLog
import CairnRecorder
import Foundation
import SystemPackage
import Testing

#if os(Linux)
import Glibc
#endif

extension RealKernelTests {
    @Suite(.serialized) struct FullDiskTests {}
}

extension RealKernelTests.FullDiskTests {
    /// Runs everywhere: the system refuses to let any file of the child grow beyond 64 KiB.
    @Test func aLimitOnFilesStopsTheStoreAndNothingIsLost() async throws {
        try await withFolder { folder in
            try KillPlan(folder: folder).hand()
            await #expect(processExitsWith: .success) {
                let workload = try KillPlan.take().workload
                signal(SIGXFSZ, SIG_IGN)
                limitFiles(to: 64 << 10)
                var options = LogOptions()
                options.segmentByteCount = 1 << 20
                let store = try Durable<Ledger>.open(FilePath(workload.store), options: options)
                let count = try fill(store, workload, expecting: .fileTooLarge)
                limitFiles(to: .max)
                precondition(!isCommitting(store, workload), "a stopped store went on")
                try? store.close()
                try checkReopened(workload, count)
            }
        }
        KillPlan.forget()
    }

    #if os(Linux)
    /// A file system in memory of 1 MiB; needs the right to mount one.
    @Test(arguments: [0, 3000, 40_000])
    func aFullDiskStopsTheStoreAndNothingIsLost(left: Int) throws {
        let folder = try makeFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        guard mount("tmpfs", folder, "tmpfs", 0, "size=1m") == 0 else {
            let reason = String(cString: strerror(errno))
            return print("SKIPPED: a full disk, because no file system could be mounted: \(reason)")
        }
        defer { umount2(folder, Int32(MNT_DETACH)) }
        let workload = KernelWorkload(folder: folder)
        // What was acknowledged is noted before there is no room for notes.
        let store = try workload.open()
        for _ in 0..<20 { try workload.commitNext(store, writer: 0) }
        try occupy(folder, leaving: left)
        let count = try fill(store, workload, expecting: .noSpace)
        #expect(count >= 20)
        #expect(!isCommitting(store, workload), "a stopped store went on")
        #expect(throws: (any Error).self) { try store.checkpoint() }
        try? store.close()
        openWhileFull(workload, count)
        try FileManager.default.removeItem(atPath: folder + "/ballast")
        try checkReopened(workload, count)
    }

    /// A checkpoint without room for its snapshot fails, and the store goes on.
    @Test func aFullDiskDuringACheckpoint() throws {
        let folder = try makeFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        guard mount("tmpfs", folder, "tmpfs", 0, "size=1m") == 0 else {
            let reason = String(cString: strerror(errno))
            return print("SKIPPED: a full disk, because no file system could be mounted: \(reason)")
        }
        defer { umount2(folder, Int32(MNT_DETACH)) }
        let workload = KernelWorkload(folder: folder)
        let store = try workload.open()
        for _ in 0..<20 { try workload.commitNext(store, writer: 0) }
        try occupy(folder, leaving: 0)
        #expect(throws: (any Error).self) { try store.checkpoint() }
        #expect(store.read { $0.numbers[0]?.count } == 20)
        try FileManager.default.removeItem(atPath: folder + "/ballast")
        try workload.commitNext(store, writer: 0)
        #expect(try store.checkpoint() != nil)
        try store.close()
        try checkReopened(workload, 21)
    }

    /// No room to make a store: an error, and once there is some, a store.
    @Test func aFullDiskDuringCreation() throws {
        for left in [0, 4096, 8192, 12288, 16384] {
            let folder = try makeFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            guard mount("tmpfs", folder, "tmpfs", 0, "size=1m") == 0 else {
                let reason = String(cString: strerror(errno))
                return print(
                    "SKIPPED: a full disk, because no file system could be mounted: \(reason)")
            }
            defer { umount2(folder, Int32(MNT_DETACH)) }
            let workload = KernelWorkload(folder: folder)
            try occupy(folder, leaving: left)
            do {
                try workload.open().close()
            } catch let error as DurableError {
                #expect(error.code == .io && error.cause?.code == .noSpace, "\(error)")
            }
            try FileManager.default.removeItem(atPath: folder + "/ballast")
            try checkReopened(workload, 0)
        }
    }
    #endif
}

/// Commits until the system refuses, and checks how the store says so.
///
/// - Returns: How many commits were acknowledged.
private func fill(
    _ store: Durable<Ledger>, _ workload: KernelWorkload, expecting errno: Errno
) throws -> Int {
    var count = store.read { $0.numbers[0]?.count ?? 0 }
    let padding = String(repeating: "x", count: 700)
    for _ in 0..<10_000 {
        do {
            _ = try store.commit(Ledger.Event(writer: 0, number: count + 1, padding: padding))
            count += 1
        } catch let error as DurableError {
            precondition(error.code == .indeterminate, "\(error)")
            precondition(error.cause?.errno == errno, "\(error)")
            // Reads go on, and memory is as before the commit.
            let numbers = store.read { $0.numbers[0] ?? [] }
            precondition(numbers.count == count, "memory ran ahead")
            return count
        }
    }
    preconditionFailure("the disk never became full")
}

private func isCommitting(_ store: Durable<Ledger>, _ workload: KernelWorkload) -> Bool {
    (try? store.commit(Ledger.Event(writer: 0, number: 0, padding: ""))) != nil
}

/// Everything acknowledged is there, with at most the commit that failed; and the store works.
private func checkReopened(_ workload: KernelWorkload, _ count: Int) throws {
    let store = try workload.open()
    let found = store.read { $0.numbers[0] ?? [] }
    precondition(found == Array(1..<found.count + 1), "not a prefix")
    precondition(found.count == count || found.count == count + 1, "\(found.count), not \(count)")
    for _ in 0..<5 { try workload.commitNext(store, writer: 0) }
    try store.checkpoint()
    try store.close()
    let again = try workload.open()
    precondition(again.read { $0.numbers[0]?.count } == found.count + 5)
    try again.close()
}

private func limitFiles(to byteCount: UInt64) {
    #if os(Linux)
    let resource = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
    #else
    let resource = RLIMIT_FSIZE
    #endif
    var limit = rlimit()
    getrlimit(resource, &limit)
    limit.rlim_cur = min(rlim_t(byteCount), limit.rlim_max)
    setrlimit(resource, &limit)
}

#if os(Linux)
/// Fills a file system up to so many bytes.
private func occupy(_ folder: String, leaving byteCount: Int) throws {
    let file = open(folder + "/ballast", O_WRONLY | O_CREAT, 0o600)
    precondition(file >= 0)
    defer { close(file) }
    let zeros = [UInt8](repeating: 1, count: 4096)
    while write(file, zeros, zeros.count) > 0 {}
    let size = lseek(file, 0, SEEK_END)
    precondition(ftruncate(file, max(0, size - byteCount)) == 0)
}

/// While there is no room the store opens or says why not; a reader needs no room.
private func openWhileFull(_ workload: KernelWorkload, _ count: Int) {
    do {
        try workload.open().close()
    } catch {
        #expect(error is DurableError, "\(error)")
    }
    var options = workload.options
    options.access = .readOnly
    let store = try? Durable<Ledger>.open(FilePath(workload.store), options: options)
    let found = store?.read { $0.numbers[0]?.count } ?? 0
    #expect(found >= count, "a reader found \(found) of \(count)")
}
#endif
