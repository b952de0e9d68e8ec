// SPDX-License-Identifier: Apache-2.0

import CairnContainer
import CairnDurable
import CairnIO
import CairnLog
import CairnTesting
import SystemPackage
import Testing

/// A crash at every operation on a container, and what must hold after each.
struct ContainerCrashTests {
    private static let choices: [CrashChoice] =
        [.onlySynced, .everythingWritten] + (1...4).map { .seeded($0) }

    /// Commits 1, 2, 3, … for one player, with rotations, checkpoints and a reopening.
    private static func run(_ files: SimulatedFileSystem) -> Int {
        var acknowledged = 0
        do {
            for session in 0..<2 {
                let scores = try Scores.open(files)
                for step in 1...12 {
                    try scores.commit(Scores.one)
                    acknowledged += 1
                    if step % 5 == 0 { try scores.checkpoint() }
                }
                if session == 0 { try scores.close() }
            }
        } catch {
            // The crash ends the workload wherever it is.
        }
        return acknowledged
    }

    @Test func everyAcknowledgedCommitIsThereAfterACrashAtEveryOperation() throws {
        let complete = SimulatedFileSystem()
        #expect(Self.run(complete) == 24)
        let operationCount = complete.operationCount
        #expect(operationCount > 100)
        var imageCount = 0
        for operation in 0..<operationCount {
            let files = SimulatedFileSystem(faults: .crash(atOperation: operation))
            let acknowledged = Self.run(files)
            for choice in [CrashChoice.onlySynced, .everythingWritten, .seeded(UInt64(operation))] {
                let place: Comment = "crash at operation \(operation), \(choice)"
                let image = files.crashImage(choice)
                let scores = try Scores.open(image, seed: 2)
                let count = scores.read(\.count)
                #expect((acknowledged...acknowledged + 1).contains(count), place)
                try scores.commit(Scores.one)
                try scores.close()
                let again = try Scores.open(image.crashImage(.onlySynced), seed: 3)
                #expect(again.read(\.count) == count + 1, place)
                imageCount += 1
            }
        }
        print("containers: a crash at every of \(operationCount) operations, \(imageCount) images")
    }

    @Test func aCrashDuringRecoveryChangesNothing() throws {
        for operation in stride(from: 0, to: 400, by: 19) {
            let files = SimulatedFileSystem(faults: .crash(atOperation: operation))
            let acknowledged = Self.run(files)
            guard files.hasCrashed else { return }
            let image = files.crashImage(.seeded(UInt64(operation)))
            let complete = image.crashImage(.everythingWritten)
            _ = try Scores.open(complete, seed: 2)
            for second in 0..<complete.operationCount {
                let again = image.crashImage(.everythingWritten)
                again.setFaults(.crash(atOperation: second))
                _ = try? Scores.open(again, seed: 2)
                for choice in [CrashChoice.onlySynced, .everythingWritten, .seeded(1)] {
                    let place: Comment = "crashes at \(operation) and \(second), \(choice)"
                    let scores = try Scores.open(again.crashImage(choice), seed: 3)
                    let count = scores.read(\.count)
                    #expect((acknowledged...acknowledged + 1).contains(count), place)
                }
            }
        }
    }

    // MARK: Compaction

    /// Files that come and go until the container is compacted, while one of them stays and grows.
    private static func churn(_ files: SimulatedFileSystem) -> [UInt8] {
        var acknowledged: [UInt8] = []
        do {
            let fileSystem = ContainerFileSystem(.over(files), creating: "c")
            let root = try fileSystem.openDirectory("c", creating: true)
            let kept = try root.createFile("kept")
            try root.sync()
            for round in 0..<4 {
                try kept.putDurably([UInt8(round + 1)], at: UInt64(round))
                acknowledged.append(UInt8(round + 1))
                let name = FileName("gone-\(round)")!
                let gone = try root.createFile(name)
                // Room counts as much as bytes, and takes no time.
                gone.reserve(700 << 10)
                try gone.put([7], at: 0)
                try root.remove(name)
                try root.sync()
            }
        } catch {
            // The crash ends it.
        }
        return acknowledged
    }

    @Test func compactionKeepsEverythingWhereverItIsInterrupted() throws {
        let complete = SimulatedFileSystem()
        #expect(Self.churn(complete) == [1, 2, 3, 4])
        let operations = complete.operations
        #expect(operations.contains { $0.kind == .replace }, "nothing was compacted")
        for operation in operations.indices {
            let files = SimulatedFileSystem(faults: .crash(atOperation: operation))
            let acknowledged = Self.churn(files)
            for choice in Self.choices {
                let place: Comment = "\(operations[operation]), number \(operation), \(choice)"
                let image = files.crashImage(choice)
                let fileSystem = ContainerFileSystem(.over(image, seed: 2), creating: "c")
                let root = try fileSystem.openDirectory("c", creating: true)
                guard !acknowledged.isEmpty else { continue }
                let kept = try root.openFile("kept", .readWrite)
                let bytes = try kept.content()
                #expect(bytes.starts(with: acknowledged), place)
                #expect(bytes.count <= acknowledged.count + 1, place)
                try kept.putDurably([9], at: 9)
                let again = ContainerFileSystem(.over(image.crashImage(.onlySynced), seed: 3))
                let read = try again.openDirectory("c", creating: false).openFile("kept", .readOnly)
                #expect(
                    try read.content() == bytes + [UInt8](repeating: 0, count: 9 - bytes.count) + [
                        9
                    ], place)
            }
        }
    }

    // MARK: Packing

    @Test func anInterruptedPackLeavesNoContainerOrAWholeOne() throws {
        try interrupt(makesContainer: true)
    }

    @Test func anInterruptedUnpackLeavesNoDirectoryOrAWholeOne() throws {
        try interrupt(makesContainer: false)
    }

    private func interrupt(makesContainer: Bool) throws {
        let base = SimulatedFileSystem()
        var options = LogOptions()
        options.segmentByteCount = 400
        let source = try Durable<Scores>.open(
            "scores", options: options, environment: .over(base))
        for step in 1...14 {
            try source.commit(Scores.one)
            if step == 6 { try source.checkpoint() }
        }
        try source.close()
        if !makesContainer {
            try StoreContainer.pack("scores", into: "packed.cairn", environment: .over(base))
        }
        let start = base.crashImage(.everythingWritten)
        func work(_ files: SimulatedFileSystem) throws {
            if makesContainer {
                try StoreContainer.pack("scores", into: "out", environment: .over(files, seed: 2))
            } else {
                try StoreContainer.unpack(
                    "packed.cairn", into: "out", environment: .over(files, seed: 2))
            }
        }
        func count(_ files: SimulatedFileSystem) throws -> Int {
            var options = options
            options.createIfMissing = false
            let scores = try Durable<Scores>.open(
                "out", options: options,
                environment: StorageEnvironment.over(files, seed: 4).withContainers())
            return scores.read(\.count)
        }
        let complete = start.crashImage(.everythingWritten)
        try work(complete)
        let operationCount = complete.operationCount
        #expect(try count(complete) == 14)
        for operation in 0..<operationCount {
            let files = start.crashImage(.everythingWritten)
            files.setFaults(.crash(atOperation: operation))
            #expect(throws: DurableError.self) { try work(files) }
            for choice in Self.choices {
                let place: Comment = "operation \(operation), \(choice)"
                let image = files.crashImage(choice)
                let names = try image.openDirectory("/", creating: false).list().map(\.name)
                if names.contains("out") {
                    #expect(try count(image) == 14, place)
                } else {
                    try work(image)
                    #expect(try count(image) == 14, place)
                }
            }
        }
    }
}

extension VirtualFile {
    func put(_ bytes: [UInt8], at offset: UInt64) throws(StorageError) {
        try write(bytes.span.bytes, at: offset)
    }

    func putDurably(_ bytes: [UInt8], at offset: UInt64) throws(StorageError) {
        try writeDurably(bytes.span.bytes, at: offset)
    }

    /// All bytes of the file.
    func content() throws(StorageError) -> [UInt8] {
        let count = Int(try byteCount())
        return try [UInt8](unsafeUninitializedCapacity: count) {
            buffer, initializedCount throws(StorageError) in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            var output = OutputRawSpan(buffer: raw, initializedCount: 0)
            do throws(StorageError) {
                try read(into: &output, at: 0)
            } catch {
                _ = output.finalize(for: raw)
                throw error
            }
            initializedCount = output.finalize(for: raw)
        }
    }
}
