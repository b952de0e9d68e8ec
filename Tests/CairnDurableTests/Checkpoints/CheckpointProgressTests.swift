// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnIO
import CairnTesting
import SystemPackage
import Testing

/// The progress of a checkpoint is watched, and the checkpoint ended.
struct CheckpointProgressTests {
    private let files = SimulatedFileSystem()

    /// A store whose snapshot takes several chunks.
    private func open() throws -> Durable<Pages> {
        let store = try Durable<Pages>.open(
            "pages", environment: .simulated(files), checkpoints: .manual)
        for number in 0..<24 { try store.commit(.written(number)) }
        return store
    }

    private var snapshotFiles: [String] {
        files.filePaths(startingWith: "pages/snapshots/").map(\.string)
    }

    @Test func theObserverIsToldOfEachChunk() throws {
        let store = try open()
        let told = Locked<[CheckpointProgress]>([])
        let observer: CheckpointObserver = { reached in told.withLock { $0.append(reached) } }
        let first = try #require(try store.checkpoint(progress: observer))
        let seen = told.withLock { $0 }
        #expect(seen.count >= 4)
        #expect(seen.allSatisfy { $0.previousByteCount == nil })
        let written = seen.map(\.writtenByteCount)
        #expect(written == written.sorted() && Set(written).count == written.count)
        #expect(try #require(written.last) <= first.snapshotByteCount)
        try store.commit(.written(99))
        try store.checkpoint(progress: observer)
        let last = try #require(told.withLock { $0.last })
        // The file has its index behind the last progress that was reported.
        let previous = try #require(last.previousByteCount)
        #expect(previous > first.snapshotByteCount && previous < first.snapshotByteCount + 200)
    }

    @Test(arguments: [1, 3]) func anEndedCheckpointLeavesTheStoreAsItWas(chunkCount: Int) throws {
        let store = try open()
        try store.checkpoint()
        try store.commit(.written(99))
        let before = snapshotFiles
        let left = Locked(chunkCount)
        let error = #expect(throws: DurableError.self) {
            try store.checkpoint { _ throws(CancellationError) in
                let isLast = left.withLock { count in
                    count -= 1
                    return count == 0
                }
                if isLast { throw CancellationError() }
            }
        }
        #expect(error?.code == .cancelled)
        #expect(snapshotFiles == before, "nothing half written stays")
        try store.commit(.written(100))
        #expect(try store.checkpoint() != nil)
        try store.close()
        let again = try Durable<Pages>.open("pages", environment: .simulated(files))
        #expect(again.read(\.pages.count) == 26)
        #expect(again.recovery.eventCount == 0)
    }

    @Test func aCancelledTaskEndsItsCheckpoint() async throws {
        let store = try open()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await store.checkpoint()
        }
        let error = await #expect(throws: DurableError.self) { try await task.value }
        #expect(error?.code == .cancelled)
        #expect(snapshotFiles.isEmpty)
        #expect(try await store.checkpoint() != nil)
    }
}

/// Pages of 200 KB.
private struct Pages: DurableState, Codable {
    var pages: [Int: [UInt8]] = [:]

    enum Event: DurableEvent, Codable {
        case written(Int)
    }

    mutating func apply(_ event: Event) {
        if case .written(let number) = event {
            pages[number] = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 200_000)
        }
    }
}
