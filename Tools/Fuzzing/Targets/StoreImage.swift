// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
internal import CairnFormat
internal import CairnGraph
internal import CairnIO
internal import CairnLSN
internal import CairnSegments
internal import CairnSnapshot
internal import CairnTesting
internal import SystemPackage

/// The directory of a store, made from bytes.
///
/// Each entry is a kind, two bytes of length, and content:
///
/// - 0 and 1: a segment that follows the one before, and one that follows none; checksums made right
/// - 2: a snapshot whose checksums are made right
/// - 3 and 4: a segment and a snapshot as they are
/// - 5: a file whose name the first byte chooses
/// - 6: something that is no file, under such a name
/// - 7: what the segment before has behind its end
/// - 8: a file that names a program, whose checksums are made right; 9: one as it is
enum StoreImage {
    static func files(from input: RawSpan) -> SimulatedFileSystem {
        let files = SimulatedFileSystem()
        for path in ["/store", "/store/log", "/store/snapshots", "/store/programs"] as [FilePath] {
            _ = try? files.openDirectory(path, creating: true)
        }
        var maker = StoreMaker(files: files)
        var input = FuzzInput(input)
        while input.rest.byteCount > 0 {
            let kind = input.byte() % 10
            let count = input.short()
            maker.add(kind, input.bytes(count))
        }
        return files
    }
}

private struct StoreMaker {
    let files: SimulatedFileSystem
    private var last: (path: FilePath, bytes: [UInt8])?

    init(files: SimulatedFileSystem) { self.files = files }

    mutating func add(_ kind: UInt8, _ content: [UInt8]) {
        var content = content
        switch kind {
        case 0:
            if let last {
                Repair.successor(&content, of: last.bytes)
            } else {
                Repair.segment(&content, isOrdered: true)
            }
            addSegment(content)
        case 1:
            Repair.segment(&content, isOrdered: true)
            addSegment(content)
        case 2:
            Repair.snapshot(&content)
            addFenced(content, in: "snapshots")
        case 3: addSegment(content)
        case 4: addFenced(content, in: "snapshots")
        case 5:
            guard let choice = content.first else { return }
            set(Self.path(choice), Array(content.dropFirst()))
        case 6:
            let path = Self.path(content.first ?? 0)
            if files.contents(path) == nil, !isThere(path) { files.plantOther(path) }
        case 7:
            guard let last else { return }
            set(last.path, last.bytes + content)
        case 8:
            Repair.snapshot(&content)
            addFenced(content, in: "programs")
        default: addFenced(content, in: "programs")
        }
    }

    private mutating func addSegment(_ content: [UInt8]) {
        let header = try? SegmentHeader(from: content.span.bytes)
        let name = header?.name ?? SegmentName(segment: .first, baseLSN: .first)
        let path = FilePath("/store/log/\(name.fileName)")
        guard set(path, content) else { return }
        last = (path, content)
    }

    private func addFenced(_ content: [UInt8], in folder: String) {
        let fence: UInt64 = content.count >= 40 ? Repair.get(content, at: 32) : 1
        let digits = String(fence)
        let name = String(repeating: "0", count: 20 - digits.count) + digits
        set(FilePath("/store/\(folder)/\(name).snap"), content)
    }

    /// Writes a file unless something else has its name.
    @discardableResult
    private func set(_ path: FilePath, _ content: [UInt8]) -> Bool {
        guard files.contents(path) != nil || !isThere(path) else { return false }
        files.setContents(path, content)
        return true
    }

    private func isThere(_ path: FilePath) -> Bool {
        guard let name = path.lastComponent,
            let directory = try? files.openDirectory(path.removingLastComponent(), creating: false)
        else { return true }
        return (try? directory.list().contains { $0.name?.string == name.string }) ?? true
    }

    private static func path(_ choice: UInt8) -> FilePath {
        let paths: [FilePath] = [
            "/store/LOCK", "/store/notes.txt", "/store/quarantine", "/store/log.creating",
            "/store/log/0000000001-00000000000000000001.wal.0123456789abcdef.creating",
            "/store/log/0000000002-00000000000000000004.wal", "/store/log/readme",
            "/store/log/0000000001-00000000000000000001.wal",
            "/store/log/9999999999-18446744073709551615.wal",
            "/store/snapshots/00000000000000000003.snap",
            "/store/snapshots/18446744073709551615.snap",
            "/store/snapshots/00000000000000000003.snap.0123456789abcdef.creating",
            "/store/snapshots/00000000000000000003.snap.0123456789abcdef.damaged",
            "/store/snapshots/other", "/store/log/log",
        ]
        // Behind the others, which inputs of before name by their place.
        let programs: [FilePath] = [
            "/store/programs/00000000000000000000.snap", "/store/programs/other",
            "/store/programs/00000000000000000000.snap.0123456789abcdef.creating",
        ]
        return choice < 250
            ? paths[Int(choice) % paths.count] : programs[Int(choice) % programs.count]
    }
}

extension StoreImage {
    static var seeds: [[UInt8]] {
        var graph = GraphStore()
        for event in SnapshotSeed.events { try? graph.apply(event) }
        let whole = SegmentSeed.segment(
            payloads: [BatchSeed.plain, BatchSeed.end], end: .durableMark)
        let sealed = SegmentSeed.segment(payloads: [BatchSeed.plain], end: .segmentSeal)
        let empty = SegmentSeed.segment(payloads: [], end: nil)
        let snapshot = SnapshotSeed.file(graph)
        let late = segment(after: UInt64.max - 7)
        let lateSnapshot = SnapshotSeed.file(graph, upTo: UInt64.max - 7)
        let ofGraph = SnapshotSeed.program("cairn.graph", 1)
        let ofNoGraph = SegmentSeed.segment(payloads: [[0, 1, 1, 250]], end: nil)
        var newer = snapshot
        newer[firstRecord] = 100
        return [
            entry(0, whole), entry(3, whole) + entry(7, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
            entry(0, sealed) + entry(0, SegmentSeed.segment(payloads: [BatchSeed.end], end: nil)),
            entry(0, sealed) + entry(0, empty) + entry(2, snapshot),
            entry(0, SegmentSeed.large) + entry(4, snapshot) + entry(5, [1, 65]),
            entry(1, late) + entry(2, lateSnapshot),
            entry(0, whole) + entry(8, ofGraph),
            entry(0, whole) + entry(8, ofGraph)
                + entry(8, SnapshotSeed.program("Other", 2, upTo: 3)),
            entry(3, empty) + entry(9, ofGraph) + entry(5, [250, 1, 2]),
            entry(6, [2]) + entry(5, [4, 1, 2]) + entry(3, empty),
            entry(0, whole) + entry(4, SnapshotSeed.program("Other", 1, upTo: 3)),
            entry(3, empty) + entry(4, SnapshotSeed.newerProgram),
            // Of no program by name: a graph of a newer version, and beside it what is no graph.
            entry(0, ofNoGraph) + entry(2, newer),
            entry(0, whole) + entry(2, newer)
                + entry(2, SnapshotSeed.program("Other", 1, upTo: 9)),
            [],
        ]
    }

    /// Where the records of a snapshot begin, the first of which says the version of a graph.
    private static let firstRecord = 72

    private static func entry(_ kind: UInt8, _ content: [UInt8]) -> [UInt8] {
        [kind, UInt8(content.count & 255), UInt8(content.count >> 8)] + content
    }

    /// A segment of two transactions that begins behind the given LSN.
    private static func segment(after lsn: UInt64) -> [UInt8] {
        var buffer = BinaryBuffer()
        let header = SegmentHeader(
            logID: SegmentSeed.logID, segment: SegmentID(rawValue: 2),
            baseLSN: LSN(rawValue: lsn + 1), predecessorLastLSN: LSN(rawValue: lsn),
            predecessorByteCount: 100, predecessorChain: 7)
        var encoder = SegmentEncoder(new: header, into: &buffer)
        for _ in 0..<2 {
            SegmentSeed.append(.transaction, BatchSeed.end, prefix: 1, &encoder, &buffer)
        }
        return buffer.array()
    }
}

extension BatchSeed {
    /// A batch without events.
    static let end: [UInt8] = [0, 0]
}
