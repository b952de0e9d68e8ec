// SPDX-License-Identifier: Apache-2.0
//
// What the shipped codecs say of an input, in the words of the vectors.

import CairnCodec
import CairnContainer
import CairnDurable
import CairnFormat
import CairnFormats
import CairnGraph
import CairnIO
import CairnInterpreter
import CairnLSN
import CairnSegments
import CairnSnapshot
import CairnZlib

/// Reads inputs with the codecs that ship.
enum ProductionReader {
    typealias Outcomes = [ReadingMode: Outcome]

    /// The outcomes of reading `input` as the format of that name.
    static func outcomes(
        _ format: String, _ input: [UInt8], _ context: [String: DynamicValue]
    ) -> Outcomes {
        switch format {
        case "segment": segment(input, context)
        case "container": container(input)
        case "snapshot": all(snapshot(input, context))
        case "GraphSnapshot": all(graphSnapshot(input, context))
        case "program": all(program(input, context))
        case "timeline": all(listed(input, context, ListedFiles.readTimeline))
        case "backup-manifest": all(listed(input, context, ListedFiles.readManifest))
        case "archive-record": all(listed(input, context, ListedFiles.readArchiveRecord))
        case "batch": all(batch(input, as: OpaqueEvent.self))
        case "coded-value": all(batch(input, as: CodedEvent.self))
        case "GraphEvents": all(batch(input, as: MutationEvent.self))
        case "compressed-batch": all(compressedBatch(input, context))
        case "lock-file": all(lockFile(input))
        case "quarantine-entry", "crc32c": all(Outcome(delivered: 1))
        default: preconditionFailure("no codec reads \(format)")
        }
    }

    /// What the codec reads, for formats whose whole value it can tell; nil for others.
    static func value(
        _ format: String, _ input: [UInt8], _ context: [String: DynamicValue]
    ) -> JSON? {
        switch format {
        case "crc32c":
            let seed = UInt32(truncatingIfNeeded: context["seed"]?.number ?? 0)
            return .members(
                ("bytes", .string(input.hex)),
                ("checksum", .int(Int(CRC32C.checksum(of: input.span.bytes, seed: seed)))))
        case "compressed-batch":
            return inflated(input, context).map { .members(("batch", .string($0.hex))) }
        default: return nil
        }
    }

    private static func inflated(
        _ input: [UInt8], _ context: [String: DynamicValue]
    ) -> [UInt8]? {
        // No more is asked for: the frame was checked before.
        guard let count = Int(exactly: context["uncompressedByteCount"]?.number ?? 0),
            (0...FrameLimits().uncompressedByteCountMax).contains(count)
        else { return nil }
        var output = BinaryBuffer()
        do {
            try ZlibBatchCompressor().decompress(
                input.span.bytes,
                uncompressedByteCount: count, into: &output)
            return output.array()
        } catch {
            return nil
        }
    }

    private static func compressedBatch(
        _ input: [UInt8], _ context: [String: DynamicValue]
    ) -> Outcome {
        guard inflated(input, context) != nil else {
            return Outcome(
                error: CodecError.Code.decompressionFailed.errorClass, at: 0, delivered: 0)
        }
        return Outcome(delivered: 1)
    }

    private static func container(_ input: [UInt8]) -> Outcomes {
        guard let found = try? JournalOutcome(of: input) else {
            preconditionFailure("bytes in memory can be read")
        }
        let strict = Outcome(error: found.error, at: found.offset, delivered: found.recordCount)
        let recovered =
            found.isTorn
            ? Outcome(delivered: found.recordCount, truncateTo: found.offset ?? 0) : strict
        return [.strict: strict, .recover: recovered]
    }

    private static func lockFile(_ input: [UInt8]) -> Outcome {
        guard input.isEmpty || LockText.holder(in: input) != nil else {
            return Outcome(error: FormatError.Code.invalidValue.errorClass, at: 0, delivered: 0)
        }
        return Outcome(delivered: 1)
    }

    private static func all(_ outcome: Outcome) -> Outcomes {
        [.strict: outcome, .recover: outcome]
    }

    private static func outcome(_ error: FormatError, _ delivered: Int) -> Outcome {
        Outcome(error: error.code.errorClass, at: error.offset, delivered: delivered)
    }

    // MARK: Batches

    private struct OpaqueEvent: EventDecodable {
        init(from decoder: inout EventDecoder) throws(FormatError) {
            _ = try decoder.bytes.take(decoder.bytes.remaining)
        }
    }

    private struct CodedEvent: EventDecodable {
        init(from decoder: inout EventDecoder) throws(FormatError) {
            _ = try CodedValue(from: &decoder)
        }
    }

    private static func batch<Event: EventDecodable>(
        _ input: [UInt8], as type: Event.Type
    ) -> Outcome {
        var delivered = 0
        do throws(FormatError) {
            var reader = try BatchReader(input.span.bytes)
            while try reader.nextEvent(type) != nil { delivered += 1 }
            return Outcome(delivered: delivered)
        } catch {
            return outcome(error, delivered)
        }
    }

    // MARK: Snapshots

    private static func openSnapshot(
        _ input: [UInt8], _ context: [String: DynamicValue]
    ) throws(SnapshotError) -> SnapshotReader {
        try SnapshotReader(
            BytesFile(input),
            expectedFence: context["expectedFence"].map { SnapshotFence(LSN(rawValue: $0.number)) },
            expectedLogID: context["expectedLogID"].map { LogID($0.byteArray) },
            decompressors: [ZlibBatchCompressor()])
    }

    private static func snapshot(
        _ input: [UInt8], _ context: [String: DynamicValue]
    ) -> Outcome {
        var reader: SnapshotReader
        do throws(SnapshotError) { reader = try openSnapshot(input, context) } catch {
            return outcome(error, 0)
        }
        do throws(SnapshotError) {
            if reader.isReadable {
                for id in reader.sectionIDs {
                    try reader.forEachRun(of: id) { (run) throws(FormatError) in
                        _ = try run.take(run.remaining)
                    }
                }
            } else {
                try reader.verify()
            }
            return Outcome(delivered: reader.readChunkCount)
        } catch {
            return outcome(error, reader.readChunkCount)
        }
    }

    private static func graphSnapshot(
        _ input: [UInt8], _ context: [String: DynamicValue]
    ) -> Outcome {
        do throws(SnapshotError) {
            var reader = try openSnapshot(input, context)
            _ = try GraphStore(from: &reader)
            return Outcome(delivered: 1)
        } catch {
            return outcome(error, 0)
        }
    }

    private static func program(
        _ input: [UInt8], _ context: [String: DynamicValue]
    ) -> Outcome {
        do throws(SnapshotError) {
            var reader = try openSnapshot(input, context)
            _ = try ProgramFile.read(from: &reader)
            return Outcome(delivered: 1)
        } catch {
            return outcome(error, 0)
        }
    }

    private static func listed(
        _ input: [UInt8], _ context: [String: DynamicValue],
        _ read: (inout SnapshotReader) throws(SnapshotError) -> Void
    ) -> Outcome {
        do throws(SnapshotError) {
            var reader = try openSnapshot(input, context)
            try read(&reader)
            return Outcome(delivered: 1)
        } catch {
            return outcome(error, 0)
        }
    }

    private static func outcome(_ error: SnapshotError, _ delivered: Int) -> Outcome {
        Outcome(
            error: error.reason?.errorClass ?? error.code.errorClass,
            at: error.offset.map { Int($0) },
            delivered: delivered)
    }
}

extension DynamicValue {
    var number: UInt64 { if case .int(let value) = self { UInt64(value) } else { 0 } }
    var byteArray: [UInt8] { if case .bytes(let value) = self { value } else { [] } }
}

extension LogID {
    /// The identity whose text form these 16 bytes are.
    init(_ bytes: [UInt8]) {
        let halves = [bytes.prefix(8), bytes.suffix(8)].map {
            $0.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }
        self.init(high: halves[0], low: halves[1])
    }
}
