// SPDX-License-Identifier: Apache-2.0

import CairnIO
import SystemPackage
import Testing

/// Whom a writer waits for when it opens a store.
struct StoreDirectoryLockTests {
    let temporary = TemporaryDirectory()

    private func open(_ access: FileAccess) throws(StorageError) -> StoreDirectory {
        try Self.open(temporary.path, access)
    }

    private static func open(
        _ path: FilePath, _ access: FileAccess
    ) throws(StorageError) -> StoreDirectory {
        try StoreDirectory.open(
            path, access: access, createIfMissing: true, environment: .system)
    }

    @Test func aReaderThatIsJustOpeningIsWaitedFor() async throws {
        try open(.readWrite).release()
        let reader = try open(.readOnly)
        // A thread of its own: on a busy machine a task may begin later than a writer waits.
        let thread = try BackgroundThread {
            Locked(false).sleep(nanoseconds: 50_000_000) { $0 }
            reader.release()
        }
        let path = temporary.path
        let writer = try await withBlockingThread { () throws(StorageError) in
            try Self.open(path, .readWrite)
        }
        thread.join()
        // The one that reads meanwhile has no lock that it could keep.
        #expect(writer.access == .readWrite)
        writer.release()
    }

    @Test func aReaderThatStaysIsWaitedForAndThenNamed() async throws {
        try open(.readWrite).release()
        let reader = try open(.readOnly)
        let clock = ContinuousClock()
        let start = clock.now
        let path = temporary.path
        let error = await #expect(throws: StorageError.self) {
            try await withBlockingThread { () throws(StorageError) in
                try Self.open(path, .readWrite).release()
            }
        }
        #expect(error?.code == .locked)
        #expect(clock.now - start >= .seconds(2))
        reader.release()
    }
}
