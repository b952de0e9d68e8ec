// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
internal import CairnIO
internal import CairnLSN
package import CairnSegments

extension LogFollower {
    /// The log as far as it was handed out, for looking at it.
    func recovered(_ fence: ReplayFence) throws(LogError) -> RecoveredLog {
        var report = RecoveryReport()
        report.fence = fence
        report.transactionCount = assembler.transactionCount
        report.batchCount = assembler.batchCount
        report.checkpointLSN = assembler.checkpointLSN
        report.checkpointNanoseconds = assembler.checkpointNanoseconds
        report.lastCommitNanoseconds = assembler.lastCommitNanoseconds
        return RecoveredLog(
            segments: segments, statuses: try statuses() + [current], report: report,
            encoder: SegmentEncoder(
                resuming: cursor.header, at: cursor.content, limits: options.frameLimits),
            file: nil, fileByteCount: 0, preparedSegments: [],
            lastCommitNanoseconds: assembler.lastCommitNanoseconds, endsInDurableMark: true,
            nextBeginsSegment: false)
    }

    private var current: SegmentStatus {
        SegmentStatus(
            name: cursor.name, lastLSN: cursor.progress.lastLSN,
            byteCount: cursor.progress.byteCount, isSealed: cursor.isSealed)
    }

    /// The segments before the one that is read at the moment.
    private func statuses() throws(LogError) -> [SegmentStatus] {
        let names = try segment { () throws(SegmentError) in
            try segments.names().filter { $0.segment <= cursor.name.segment }
        }
        return zip(names, names.dropFirst()).compactMap { name, next in
            guard let file = try? segments.open(name, .readOnly),
                let byteCount = try? file.byteCount()
            else { return nil }
            return SegmentStatus(
                name: name, lastLSN: next.baseLSN.predecessor, byteCount: byteCount,
                isSealed: true)
        }
    }

    /// Shows in the state of a log that was opened beside its writer how far it was followed.
    func show(in core: LogCore) throws(LogError) {
        // Which segments there are changes with the rotation of one.
        let before = shown == cursor.name ? nil : try statuses()
        shown = cursor.name
        let encoder = SegmentEncoder(
            resuming: cursor.header, at: cursor.content, limits: options.frameLimits)
        let position = position
        let lastCommit = assembler.lastCommitNanoseconds
        core.state.withLock { state in
            state.follow(
                encoder.appender, sealed: before, upTo: position, lastCommitNanoseconds: lastCommit)
        }
    }

    /// The end of the delivered commits: the segment, and how many of its bytes.
    package var end: (name: SegmentName, byteCount: UInt64) {
        (cursor.name, cursor.content.byteCount)
    }

    /// When the last transaction that was handed out was committed, in nanoseconds since 1970.
    package var lastCommitNanoseconds: UInt64 {
        max(timeNanoseconds, assembler.lastCommitNanoseconds)
    }
}
