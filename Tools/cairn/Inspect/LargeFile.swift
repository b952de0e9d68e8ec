// SPDX-License-Identifier: Apache-2.0
//
// What is said of a file that is larger than the part that is shown.
//
// - The shipped readers read it to its end, window by window, and judge it. So memory does not grow with the file,
//   and a healthy file is never judged by where the showing ends.
// - The part that is shown ends between two frames.

internal import CairnCodec
internal import CairnFormat
internal import CairnFormats
internal import CairnInterpreter
internal import CairnSegments
internal import CairnSnapshot
internal import CairnZlib

/// A file that was read to its end, of which only the start is shown.
struct LargeFile {
    /// How many bytes of it can be annotated.
    private(set) var shownByteCount: Int
    /// The type of the format that they have as a whole; nil for the root.
    private(set) var shownType: String?
    /// The findings, a line each, the verdict last.
    private(set) var lines: [String] = []
    private(set) var isValid = true

    /// Reads a file to its end.
    ///
    /// - Parameter shownByteCount: At most so much is shown.
    /// - Throws: ``StorageError``, or the errors of the readers that say the same.
    init(segment file: InspectedFile, head: [UInt8], shownByteCount: Int) throws {
        self.shownByteCount = shownByteCount
        let header: SegmentHeader
        do throws(FormatError) {
            header = try SegmentHeader(from: head.span.bytes)
        } catch {
            // The annotation says what is wrong with it.
            return
        }
        var reader = try SegmentReader(file, name: header.name)
        var (frameCount, shownFrameCount) = (0, 0)
        var shownEnd = reader.progress.byteCount
        while true {
            switch try reader.next() {
            case .frame:
                frameCount += 1
                guard reader.progress.byteCount <= UInt64(shownByteCount) else { continue }
                (shownFrameCount, shownEnd) = (frameCount, reader.progress.byteCount)
            case .end:
                self.shownByteCount = Int(shownEnd)
                addNotShown(frameCount - shownFrameCount, "record", reader.progress.byteCount)
                lines.append("valid: nothing is left over")
                return
            case .damage(let damage):
                // The frame that is damaged is shown, as far as it goes.
                if damage.offset >= UInt64(shownByteCount) { self.shownByteCount = Int(shownEnd) }
                addNotShown(frameCount - shownFrameCount, "record", reader.progress.byteCount)
                try add(damage, reader)
                return
            }
        }
    }

    private mutating func addNotShown(_ count: Int, _ noun: String, _ end: UInt64) {
        guard count > 0 else { return }
        lines.append(
            "\(counted(count, noun)) from byte \(shownByteCount) to byte \(end) were read and are not shown: "
                + "see --bytes")
    }

    private mutating func add(
        _ damage: SegmentDamage, _ reader: borrowing SegmentReader
    ) throws(SegmentError) {
        isValid = false
        let error = damage.kind.errorClass
        lines.append(
            "error at byte \(damage.offset): \(error.name) (\(error.category.rawValue)): \(error.meaning)"
        )
        switch try reader.analyze(damage).evidence {
        case .none:
            lines.append("recovery: a torn end, to be cut off at byte \(damage.offset)")
        case .laterWatermark: lines.append("recovery: a loss, proven by laterWatermark")
        case .flippedBit(let offset, _):
            let isHeader = offset < damage.offset + UInt64(FrameLayout.headerByteCount)
            lines.append(
                "recovery: a loss, proven by \(isHeader ? "flippedHeaderBit" : "flippedPayloadBit")"
            )
        case .newerFrame, .impossibleContent: break
        }
    }

    /// Reads a snapshot to its end.
    init(snapshot file: InspectedFile, shownByteCount: Int) throws(SnapshotError) {
        self.shownByteCount = shownByteCount
        shownType = "snapshotHeader"
        do throws(SnapshotError) {
            var reader = try SnapshotReader(
                file, expectedFence: nil, expectedLogID: nil,
                decompressors: [ZlibBatchCompressor()])
            try reader.verify()
            for section in reader.summary.sections {
                lines.append(
                    "section \(section.id): \(counted(section.recordCount, "record")) in "
                        + "\(counted(section.chunkCount, "chunk")), \(grouped(section.byteCount)) bytes, read and not "
                        + "shown: see --bytes")
            }
            lines.append("valid: nothing is left over")
        } catch {
            guard error.code != .io else { throw error }
            isValid = false
            let place = error.offset.map { "at byte \($0): " } ?? ""
            lines.append(
                "error \(place)\(error.reason?.errorClass.name ?? error.code.description): \(error)"
            )
        }
    }
}
