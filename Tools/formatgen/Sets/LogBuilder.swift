// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnFormat
import CairnFormats
import CairnInterpreter
import CairnLSN
import CairnSegments

/// The segments of a log, chained as a writer chains them. It throws when there is no further LSN.
struct LogBuilder {
    private var encoder: SegmentEncoder
    private var bytes: [UInt8]
    /// The segments that are finished.
    private var finished: [SetFile] = []
    static let time: UInt64 = 1_700_000_000_000_000_000

    init(logID: LogID = SegmentBuilder.logID) {
        var buffer = BinaryBuffer()
        encoder = SegmentEncoder(new: SegmentHeader(firstOf: logID), into: &buffer)
        bytes = buffer.array()
    }

    /// The files of the log so far.
    var files: [SetFile] { finished + [current] }

    private var current: SetFile { SetFile("log/\(encoder.header.name)", bytes) }

    mutating func add(
        _ kind: FrameKind, related: UInt64 = 0, _ payload: [UInt8] = [], time: UInt64? = nil,
        compression: CompressionID = .none, inflated: Int = 0
    ) throws {
        var buffer = BinaryBuffer()
        try encoder.append(
            kind, relatedLSN: LSN(rawValue: related), compression: compression,
            uncompressedByteCount: inflated, prefix: time, payload: payload.span.bytes,
            to: &buffer)
        bytes += buffer.array()
    }

    /// A single-frame transaction of one event of `byteCount` bytes.
    mutating func transaction(_ byteCount: Int, related: UInt64 = 0) throws {
        try add(
            .transaction, related: related, SegmentBuilder.batch(byteCount),
            time: Self.time + UInt64(byteCount))
    }

    /// Bytes behind the last frame.
    mutating func append(_ more: [UInt8]) { bytes += more }

    /// Goes on in another segment. `seal` is what of the seal is written.
    mutating func rotate(seal count: Int = .max) throws {
        var sealed = BinaryBuffer()
        var copy = encoder
        let header = try copy.seal(into: &sealed)
        append(Array(sealed.array().prefix(count)))
        finished.append(current)
        var buffer = BinaryBuffer()
        encoder = SegmentEncoder(new: header, into: &buffer)
        bytes = buffer.array()
    }

    static func make(
        logID: LogID = SegmentBuilder.logID, _ body: (inout LogBuilder) throws -> Void
    ) rethrows -> [SetFile] {
        var builder = LogBuilder(logID: logID)
        try body(&builder)
        return builder.files
    }
}
