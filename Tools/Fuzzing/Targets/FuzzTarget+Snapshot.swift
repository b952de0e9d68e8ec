// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
internal import CairnFormat
internal import CairnGraph
internal import CairnIO
internal import CairnLSN
internal import CairnSnapshot
internal import CairnTesting
internal import CairnZlib
internal import SystemPackage

extension FuzzTarget {
    /// One byte that says which: a snapshot file as it is, one whose checksums are made right, or the
    /// sections of a graph (number, two bytes of length, bytes).
    static let snapshot = FuzzTarget(
        name: "snapshot",
        purpose: "a snapshot file with a graph; a graph that is accepted is written as it was read"
    ) { (input) throws(BrokenInvariant) in
        var input = FuzzInput(input)
        let kind = input.byte() % 3
        guard kind != 2 else {
            var image = SectionImage()
            while input.rest.byteCount > 0 {
                let id = UInt32(input.byte())
                let count = input.short()
                image.sections[id, default: []] += input.bytes(count)
            }
            return try check(image)
        }
        var bytes = input.remainder()
        if kind == 1 { Repair.snapshot(&bytes) }
        if let image = try read(bytes) { try check(image) }
    } seeds: {
        snapshotSeeds
    }

    /// The sections of a snapshot file; nil when it is refused.
    private static func read(_ bytes: [UInt8]) throws(BrokenInvariant) -> SectionImage? {
        do throws(SnapshotError) {
            var reader = try SnapshotReader(
                BytesFile(bytes), expectedFence: nil, expectedLogID: nil,
                decompressors: [ZlibBatchCompressor()])
            try reader.verify()
            var image = SectionImage()
            for id in reader.sectionIDs {
                var content: [UInt8] = []
                try reader.forEachRun(of: id) { run throws(FormatError) in
                    content += try run.take(run.remaining).array()
                }
                image.sections[id] = content
            }
            return image
        } catch {
            try require(error.code != .io, "a snapshot in memory gives \(error)")
            return nil
        }
    }

    /// A store that takes these sections writes the same ones, but for the blocks of nodes and relationships: how those
    /// are cut is the choice of who wrote them. What it writes gives the same store again.
    private static func check(_ image: SectionImage) throws(BrokenInvariant) {
        let store: GraphStore
        do { store = try GraphStore(image) } catch { return }
        let written = store.image.sections
        let again = try mustSucceed("a snapshot that was written must be readable") {
            try GraphStore(store.image)
        }
        try require(again.image.sections == written, "written again, it is another snapshot")
        let blocks: Set<UInt32> = [7, 9]
        for (id, bytes) in image.sections
        where id <= 255 && id > 0 && !bytes.isEmpty && !blocks.contains(id) {
            try require(
                written[id] == bytes, "section \(id) is written otherwise than it was read")
        }
    }

    private static var snapshotSeeds: [[UInt8]] {
        var store = GraphStore()
        var full = GraphStore()
        for event in SnapshotSeed.events { try? full.apply(event) }
        _ = try? store.createNode(labels: ["A"], properties: ["k": 1])
        var seeds: [[UInt8]] = []
        for store in [GraphStore(), store, full] {
            let file = SnapshotSeed.file(store)
            let compressed = SnapshotSeed.file(store, compressor: ZlibBatchCompressor())
            seeds += [[0] + file, [1] + file, [0] + compressed, [1] + compressed]
            var sections: [UInt8] = [2]
            for (id, bytes) in store.image.sections.sorted(by: { $0.key < $1.key }) {
                sections += [UInt8(id), UInt8(bytes.count & 255), UInt8(bytes.count >> 8)] + bytes
            }
            seeds.append(sections)
        }
        return seeds
    }
}

/// Snapshots to start from.
enum SnapshotSeed {
    /// A graph with every part that a snapshot has.
    static let events: [MutationEvent] =
        [.uniqueConstraintCreated(label: "A", key: "k")]
        + SchemaSeed.rules.map(MutationEvent.ruleCreated)
        + SchemaSeed.relationshipRules.map(MutationEvent.relationshipRuleCreated)
        + [
            .nodeCreated(NodeID(rawValue: 0), labels: ["A"], properties: SchemaSeed.values),
            .nodeCreated(NodeID(rawValue: 1), labels: ["C"], properties: [:]),
            .nodeCreated(NodeID(rawValue: 2), labels: ["B", "C"], properties: ["k": 1, "n": 2]),
            .relationshipCreated(
                RelationshipID(rawValue: 0), type: "T", from: NodeID(rawValue: 0),
                to: NodeID(rawValue: 2), properties: ["k": true]),
            .relationshipCreated(
                RelationshipID(rawValue: 1), type: "T", from: NodeID(rawValue: 2),
                to: NodeID(rawValue: 2), properties: [:]),
            .nodeDeleted(NodeID(rawValue: 1)),
        ]

    /// The file of a snapshot of the log of the segment seeds.
    static func file(
        _ store: GraphStore, upTo lastLSN: UInt64 = 3, compressor: (any BatchCompressor)? = nil
    ) -> [UInt8] {
        file(upTo: lastLSN, compressor) { writer throws(SnapshotError) in
            try store.write(to: &writer)
        }
    }

    /// A file that names a program of that log.
    static func program(_ name: String, _ version: Int, upTo lastLSN: UInt64 = 0) -> [UInt8] {
        file(upTo: lastLSN) { writer throws(SnapshotError) in
            try writer.beginSection(1)
            try writer.appendRecord { buffer in
                buffer.append(varint: 2)
                buffer.append(string: "name")
                buffer.append(string: "version")
                // An object of two fields, a string and an integer.
                buffer.append([10, 2, 0, 7] as [UInt8])
                buffer.append(string: name)
                buffer.append([1, 3] as [UInt8])
                buffer.append(zigzag: Int64(version))
            }
        }
    }

    /// Sections of some program that look like a graph of a newer version.
    static var newerProgram: [UInt8] {
        file(upTo: 0) { writer throws(SnapshotError) in
            try writer.beginSection(1)
            try writer.appendRecord { $0.append([3, 0, 0, 0, 0, 0, 0] as [UInt8]) }
        }
    }

    private static func file(
        upTo lastLSN: UInt64, _ compressor: (any BatchCompressor)? = nil,
        _ write: (inout SnapshotWriter) throws(SnapshotError) -> Void
    ) -> [UInt8] {
        let files = SimulatedFileSystem()
        do {
            let root = try files.openDirectory("/store", creating: true)
            let directory = try SnapshotDirectory.open(
                in: root, access: .readWrite, environment: .simulated(files),
                compressor: compressor)
            var writer = try directory.writer(
                logID: SegmentSeed.logID, fence: SnapshotFence(LSN(rawValue: lastLSN)))
            try write(&writer)
            _ = try writer.finish()
        } catch { return [] }
        return files.filePaths.first { $0.string.hasSuffix(".snap") }.flatMap(files.contents) ?? []
    }
}
