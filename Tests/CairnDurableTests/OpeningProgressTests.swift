// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnIO
import CairnLog
import CairnTesting
import SystemPackage
import Testing

/// Somebody watches an opening, and ends it.
struct OpeningProgressTests {
    private let files = SimulatedFileSystem()

    /// A snapshot of several chunks, and a log of several segments behind it.
    init() throws {
        var options = LogOptions()
        options.segmentByteCount = 3 << 20
        let store = try Durable<Pages>.open(
            "pages", options: options, environment: .simulated(files), checkpoints: .manual)
        for number in 0..<24 { try store.commit(.written(number, Self.page(number))) }
        try store.checkpoint()
        for number in 24..<60 { try store.commit(.written(number, Self.page(number))) }
        try store.close()
    }

    private static func page(_ number: Int) -> [UInt8] {
        [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 200_000)
    }

    private func open(
        _ access: FileAccess = .readWrite, _ observer: OpeningObserver?
    ) throws -> Durable<Pages> {
        var options = LogOptions()
        options.access = access
        options.openingObserver = observer
        return try Durable<Pages>.open(
            "pages", options: options, environment: .simulated(files), checkpoints: .manual)
    }

    /// What an observer is told.
    private func told(_ access: FileAccess = .readWrite) throws -> [OpeningProgress] {
        let told = Locked<[OpeningProgress]>([])
        let store = try open(access) { reached in told.withLock { $0.append(reached) } }
        #expect(store.read(\.pages.count) == 60)
        try store.close()
        return told.withLock { $0 }
    }

    @Test(arguments: [FileAccess.readWrite, .readOnly])
    func theObserverIsToldOfTheSnapshotAndThenOfTheLog(access: FileAccess) throws {
        let told = try told(access)
        let snapshot = told.prefix { $0.phase == .snapshot }
        let log = told.dropFirst(snapshot.count)
        #expect(snapshot.count >= 4 && log.count >= 6)
        #expect(log.allSatisfy { $0.phase == .log })
        for part in [Array(snapshot), Array(log)] {
            let read = part.map(\.readByteCount)
            #expect(read == read.sorted() && Set(read).count == read.count)
            #expect(Set(part.map(\.byteCount)).count == 1)
        }
        let last = try #require(log.last)
        #expect(last.readByteCount == last.byteCount)
        // The snapshot has its index behind the last chunk.
        let whole = try #require(snapshot.last)
        #expect(try #require(whole.byteCount) - whole.readByteCount < 200)
    }

    @Test func anEndedOpeningChangesNothing() throws {
        // A torn end, which an opening would cut.
        let path = try #require(
            files.filePaths(startingWith: "pages/log/").last { $0.string.hasSuffix(".wal") })
        var bytes = try #require(files.contents(path))
        let end = try #require(bytes.lastIndex { $0 != 0 })
        bytes.removeSubrange((end - 3)...)
        files.setContents(path, bytes)
        let before = files.storeContents
        let count = try told(.readOnly).count
        for place in 0..<count {
            let left = Locked(place)
            let error = #expect(throws: DurableError.self) {
                try open(.readWrite) { _ throws(CancellationError) in
                    let isReached = left.withLock { number in
                        number -= 1
                        return number < 0
                    }
                    if isReached { throw CancellationError() }
                }
            }
            #expect(error?.code == .cancelled, "place \(place)")
            #expect(files.storeContents == before, "place \(place)")
        }
        let store = try open(.readWrite, nil)
        #expect(store.read(\.pages.count) == 60)
        try store.close()
    }

    @Test func besideAWriterTheLengthOfTheLogIsNotKnown() throws {
        let writer = try open(.readWrite, nil)
        let told = try told(.readOnly)
        #expect(told.contains { $0.phase == .log && $0.byteCount == nil })
        let error = #expect(throws: DurableError.self) {
            try open(.readOnly) { reached throws(CancellationError) in
                if reached.phase == .log { throw CancellationError() }
            }
        }
        #expect(error?.code == .cancelled)
        try writer.commit(.written(0, []))
        try writer.close()
    }

    @Test func anEndedProofSaysSo() throws {
        var options = LogOptions()
        options.openingObserver = { _ throws(CancellationError) in throw CancellationError() }
        let error = #expect(throws: DurableError.self) {
            try Durable<Pages>.prove("pages", options: options, environment: .simulated(files))
        }
        #expect(error?.code == .cancelled)
        #expect(try #require(error).description.contains("nothing was changed"))
    }
}

private struct Pages: DurableState, Codable {
    var pages: [Int: [UInt8]] = [:]

    enum Event: DurableEvent, Codable {
        case written(Int, [UInt8])
    }

    mutating func apply(_ event: Event) {
        if case .written(let number, let bytes) = event { pages[number] = bytes }
    }
}
