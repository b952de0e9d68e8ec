// SPDX-License-Identifier: Apache-2.0

package import CairnCodec
internal import CairnFormat
public import CairnIO
public import CairnLSN
public import CairnSegments

extension WriteAheadLog {
    /// Reads the records of a log in order, without changing a byte. Of an encrypted log without its keys, a record says
    /// what is in the clear.
    ///
    /// - Parameters:
    ///   - store: The directory of the store, opened by the caller.
    ///   - lsn: Where to begin; records that end before it are left out.
    ///   - options: The options of the log.
    ///   - environment: The file system, the clock and the random numbers to use.
    ///   - visit: Takes each record; return false to stop.
    /// - Returns: The findings that ended the reading early; none when all records were read.
    /// - Throws: ``LogError`` with code `.inUse` while a log is open for writing in `store`, `.io` or
    ///   `.damaged` (no log), or what `visit` throws.
    @discardableResult
    public static func records(
        in store: StoreDirectory, from lsn: LSN = .first, options: LogOptions = LogOptions(),
        environment: StorageEnvironment = .system, _ visit: (LogRecord) throws -> Bool
    ) throws -> [Finding] {
        try read(in: store, options, environment, needsKey: false) { frame, payload, name, offset in
            guard frame.lastLSN >= lsn else { return true }
            return try visit(try record(frame, payload, name, offset))
        }
    }

    /// Reads the frames of a log in order, without changing a byte; otherwise like the other method.
    ///
    /// - Parameter needsKey: Refuses encrypted segments without keys.
    @discardableResult
    package static func frames(
        in store: StoreDirectory, options: LogOptions, environment: StorageEnvironment,
        needsKey: Bool = false, _ visit: (FrameHeader, RawSpan) throws -> Bool
    ) throws -> [Finding] {
        try read(in: store, options, environment, needsKey: needsKey) { frame, payload, _, _ in
            try visit(frame, payload)
        }
    }

    private static func read(
        in store: StoreDirectory, _ options: LogOptions, _ environment: StorageEnvironment,
        needsKey: Bool, _ visit: (FrameHeader, RawSpan, SegmentName, UInt64) throws -> Bool
    ) throws -> [Finding] {
        struct Stop: Error {}
        try restingEpoch(of: store)
        let directory = LogDirectory(store: store, environment: environment)
        guard let segments = try directory.segments() else { throw LogError(noStoreIn: store) }
        var last: (segment: SegmentID, offset: UInt64)?
        return try confirmed(beside: store) {
            var chain = ChainReader(
                segments, options, findsAll: false, needsKey: needsKey, isArchive: store.isArchive)
            do {
                try chain.read { frame, payload, name, offset in
                    // Beside a writer the reading may begin again.
                    if let last, (name.segment, offset) <= (last.segment, last.offset) { return }
                    last = (name.segment, offset)
                    guard try visit(frame, payload, name, offset) else { throw Stop() }
                }
            } catch is Stop {
                return []
            }
            return chain.findings
        }
    }

    private static func record(
        _ frame: FrameHeader, _ payload: RawSpan, _ name: SegmentName, _ offset: UInt64
    ) throws(LSNError) -> LogRecord {
        let hasTime = frame.kind == .transaction || frame.kind == .transactionCommit
        var reader = ByteReader(payload)
        return LogRecord(
            kind: frame.kind, lsns: try LSNRange(first: frame.lsn, count: frame.kind.lsnCount),
            relatedLSN: frame.relatedLSN, segment: name.segment, offset: offset,
            compression: frame.compression, payloadByteCount: frame.payloadByteCount,
            commitNanoseconds: hasTime ? try? reader.integer(UInt64.self) : nil,
            mark: frame.kind == .checkpoint ? CheckpointMark(payload: payload) : nil)
    }
}
