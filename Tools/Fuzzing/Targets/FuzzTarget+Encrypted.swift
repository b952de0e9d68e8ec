// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
internal import CairnEncryption
internal import CairnFormat
internal import CairnIO
internal import CairnLSN
internal import CairnSegments
internal import CairnSnapshot
internal import CairnTesting
internal import SystemPackage

extension FuzzTarget {
    /// Switches (bit 0: the snapshot, and not the segment; bit 1: make checksums right; bit 2: and the order of LSNs),
    /// then changes of three bytes each: where, and which bits; none of them cuts there.
    static let encrypted = FuzzTarget(
        name: "encrypted",
        purpose: "an encrypted segment and snapshot, changed by an attacker without the key"
    ) { (input) throws(BrokenInvariant) in
        var input = FuzzInput(input)
        let switches = input.byte()
        let file = switches.has(0) ? EncryptedFile.snapshot : EncryptedFile.segment
        var bytes = file.bytes
        while !input.rest.isEmpty, !bytes.isEmpty {
            let place = input.short() % bytes.count
            let bits = input.byte()
            if bits == 0 { bytes.removeLast(bytes.count - place) } else { bytes[place] ^= bits }
        }
        if switches.has(1) {
            if switches.has(0) {
                Repair.snapshot(&bytes)
            } else {
                Repair.segment(&bytes, isOrdered: switches.has(2))
            }
        }
        let found = switches.has(0) ? EncryptedFile.records(bytes) : EncryptedFile.payloads(bytes)
        try require(
            found == Array(file.contents.prefix(found.count)),
            "something else was read than what a holder of the key wrote")
    } seeds: {
        (0..<8 as Range<UInt8>).flatMap { switches in
            [[], [80, 0, 1], [32, 1, 4, 90, 1, 4], [200, 0, 0]].map { [switches] + $0 }
        }
    }
}

/// A file that a holder of the key wrote.
private struct EncryptedFile {
    let bytes: [UInt8]
    let contents: [[UInt8]]

    /// The same salts and nonces in each run.
    private static var keys: EncryptionKeys? {
        guard let key = try? StoreKey(bytes: [UInt8](repeating: 7, count: StoreKey.byteCount))
        else { return nil }
        return EncryptionKeys(current: .key(key), randomness: SeededRandomness(seed: 1))
    }

    static let segment: EncryptedFile = {
        var buffer = BinaryBuffer()
        var encoder = SegmentEncoder(
            new: SegmentHeader(firstOf: SegmentSeed.logID), encryption: keys, into: &buffer)
        for payload in [[1, 2, 3], [], [7]] as [[UInt8]] {
            SegmentSeed.append(.transaction, payload, prefix: 1_000_000, &encoder, &buffer)
        }
        SegmentSeed.append(.transactionBegin, [], prefix: nil, &encoder, &buffer)
        SegmentSeed.append(.transactionAbort, [], prefix: nil, &encoder, &buffer)
        SegmentSeed.append(.durableMark, [], prefix: nil, &encoder, &buffer)
        let bytes = buffer.array()
        return EncryptedFile(bytes: bytes, contents: payloads(bytes))
    }()

    static let snapshot: EncryptedFile = {
        let files = SimulatedFileSystem()
        guard let root = try? files.openDirectory("store", creating: true),
            let directory = try? SnapshotDirectory.open(
                in: root, access: .readWrite, environment: .simulated(files), encryption: keys),
            var writer = try? directory.writer(
                logID: SegmentSeed.logID, fence: SnapshotFence(LSN(rawValue: 9)))
        else { return EncryptedFile(bytes: [], contents: []) }
        for section in 1...3 as ClosedRange<UInt32> {
            try? writer.beginSection(section)
            guard section != 2 else { continue }
            for record in 1...3 as ClosedRange<UInt8> {
                try? writer.appendRecord { $0.append([UInt8](repeating: record, count: 9)) }
            }
        }
        _ = try? writer.finish()
        let path = files.filePaths.first
        let bytes = path.flatMap { files.contents($0) } ?? []
        return EncryptedFile(bytes: bytes, contents: records(bytes))
    }()

    /// The payloads that a reader with the key gets of a segment, up to the first that it refuses.
    static func payloads(_ bytes: [UInt8]) -> [[UInt8]] {
        guard let header = try? SegmentHeader(from: bytes.span.bytes),
            var reader = try? SegmentReader(
                BytesFile(bytes), name: header.name, encryption: keys)
        else { return [] }
        var found: [[UInt8]] = []
        while case .frame? = try? reader.next() {
            guard reader.frame.kind.lsnCount > 0 else { continue }
            found.append([reader.frame.kind.rawValue] + reader.payload.array())
        }
        return found
    }

    /// The chunks that a reader with the key gets of a snapshot, up to the first that it refuses.
    static func records(_ bytes: [UInt8]) -> [[UInt8]] {
        guard
            var reader = try? SnapshotReader(
                BytesFile(bytes), expectedFence: nil, expectedLogID: nil, encryption: keys)
        else { return [] }
        var found: [[UInt8]] = []
        for id in reader.sectionIDs {
            do throws(SnapshotError) {
                try reader.forEachRun(of: id) { run throws(FormatError) in
                    found.append(
                        [UInt8(truncatingIfNeeded: id)] + (try run.take(run.remaining)).array())
                }
            } catch {
                return found
            }
        }
        return found
    }
}
