// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnFormat
import CairnIO
import CairnLSN
import CairnLog
import CairnSegments
import CairnTesting
import SystemPackage
import Testing

/// What opening says of a log that is not as it should be, and what verification finds.
@Suite struct LogVerdictTests {
    static let options = LogDamageTests.options
    static let transactions = LogDamageTests.transactions

    static func refusal(
        of files: SimulatedFileSystem, _ options: LogOptions = options,
        after fence: ReplayFence = ReplayFence()
    ) -> LogError? {
        let before = files.contentHash
        let error = #expect(throws: LogError.self) { try openLog(files, options, after: fence) }
        #expect(files.contentHash == before)
        return error
    }

    @Test func aSegmentOfAnotherLogIsForeign() throws {
        let one = try closedLog(Self.transactions, Self.options, seed: 1)
        let other = try closedLog(Self.transactions, Self.options, seed: 2)
        for path in one.segmentPaths.dropFirst() {
            let files = one.copy()
            files.setContents(path, try #require(other.contents(path)))
            let error = Self.refusal(of: files)
            #expect(error?.finding?.verdict == .foreignLog, "\(path)")
            #expect(error?.finding?.segment != nil, "\(path)")
        }
        let files = one.copy()
        let first = one.segmentPaths[0]
        files.setContents(first, try #require(other.contents(first)))
        #expect(Self.refusal(of: files)?.finding?.verdict == .foreignLog)
    }

    @Test func aNewerVersionIsUnsupportedAndNotDamaged() throws {
        for index in 0..<4 {
            let files = try closedLog(Self.transactions, Self.options)
            let path = files.segmentPaths[index]
            var bytes = BinaryBuffer(capacity: 16)
            FilePreamble.append(
                magic: SegmentLayout.magic, version: FormatVersion(major: 2, minor: 0), to: &bytes)
            let content = try #require(files.contents(path))
            files.setContents(path, bytes.array() + content.dropFirst(16))
            #expect(Self.refusal(of: files)?.finding?.verdict == .unsupportedVersion, "\(index)")
        }
    }

    @Test func aFileOfAnotherKindIsNotALog() throws {
        let files = try closedLog(Self.transactions, Self.options)
        files.setContents(files.segmentPaths[1], Array(repeating: 0x41, count: 500))
        #expect(Self.refusal(of: files)?.finding?.verdict == .notALog)
    }

    @Test func segmentsUnderEachOthersNamesAreRefused() throws {
        let pristine = try closedLog(Self.transactions, Self.options)
        let paths = pristine.segmentPaths
        for first in paths.indices {
            for second in paths.indices where second > first {
                let files = pristine.copy()
                files.setContents(paths[first], try #require(pristine.contents(paths[second])))
                files.setContents(paths[second], try #require(pristine.contents(paths[first])))
                #expect(Self.refusal(of: files)?.code == .damaged, "\(first) and \(second)")
            }
        }
    }

    @Test func anOlderVersionOfTheLastSegmentIsToldWhereItCanBe() throws {
        // Put back from before the log went on to another segment: its successor proves the loss.
        let files = SimulatedFileSystem()
        let (log, _) = try openLog(files, Self.options)
        try log.commit(Self.transactions[0])
        let path = files.segmentPaths[0]
        let old = try #require(files.contents(path))
        for transaction in Self.transactions.dropFirst() { try log.commit(transaction) }
        try log.close()
        files.setContents(path, old)
        let error = Self.refusal(of: files)
        #expect(error?.finding?.verdict == .corruption)
        #expect(error?.finding?.offset == UInt64(old.count))
    }

    @Test func aSegmentOfAnotherCourseOfTheSameLogIsDamage() throws {
        // Two copies of one log went on apart: same sizes, same numbers, other bytes, all intact.
        func course(_ number: Int) throws -> SimulatedFileSystem {
            let files = SimulatedFileSystem()
            let (log, _) = try openLog(files, Self.options)
            for index in 0..<4 { try log.commit(.small(number + index, byteCount: 200)) }
            try log.close()
            return files
        }
        let one = try course(0)
        let other = try course(50)
        for path in one.segmentPaths.dropLast() {
            let files = one.copy()
            let content = try #require(other.contents(path))
            #expect(content.count == one.contents(path)?.count)
            files.setContents(path, content)
            #expect(Self.refusal(of: files)?.finding?.verdict == .corruption, "\(path)")
        }
    }

    @Test func bytesBehindTheLastSealHideNoMissingSegment() throws {
        let pristine = try closedLog(Self.transactions, Self.options)
        let paths = pristine.segmentPaths
        for tail: [UInt8] in [[], [1, 2, 3], Array(repeating: 7, count: 100)] {
            let files = pristine.copy()
            for path in paths.dropFirst(2) { files.remove(path) }
            files.setContents(paths[1], try #require(pristine.contents(paths[1])) + tail)
            let error = Self.refusal(of: files)
            #expect(error?.finding?.verdict == .missingSegment, "\(tail.count) bytes")
        }
    }

    @Test func aDirectoryWithOtherFilesIsNotTaken() throws {
        let files = SimulatedFileSystem()
        _ = try files.openDirectory(storePath, creating: true)
        files.setContents("/store/letter.txt", [1, 2, 3])
        let error = #expect(throws: LogError.self) { try openLog(files) }
        #expect(error?.code == .notEmpty)
        #expect(error?.description.contains("files of another program") == true)
        #expect(files.contents("/store/letter.txt") == [1, 2, 3])
        #expect(files.segmentPaths.isEmpty)
    }

    /// Another program has a `log` too. What tells a store is what lies within.
    @Test(arguments: ["log/app.log", "snapshots/0001.img", "log.creating/a", "log/1-1.wal"])
    func aDirectoryOfAnotherProgramIsNotTaken(file: String) throws {
        for access in [FileAccess.readWrite, .readOnly] {
            let files = SimulatedFileSystem()
            let root = try files.openDirectory(storePath, creating: true)
            let parts = file.split(separator: "/").map(String.init)
            _ = try root.createDirectory(try #require(FileName(parts[0])))
            files.setContents(FilePath("/store/" + file), [1, 2, 3])
            let before = files.filePaths
            var options = smallOptions()
            options.access = access
            let error = #expect(throws: LogError.self) { try openLog(files, options) }
            #expect(error?.code == .notEmpty)
            #expect(files.filePaths == before)
        }
    }

    @Test func unknownFilesBesideTheSegmentsStay() throws {
        let files = try closedLog(Self.transactions, Self.options)
        let names = [
            "notes.txt", "0000000009-00000000000000000001.wal.bak", "1-1.wal",
            "0000000009-00000000000000000001.wal.0123456789abcdef.creating",
        ]
        for name in names {
            files.setContents(logPath.appending(name), Array("mine, not yours".utf8))
        }
        let (log, replayed) = try openLog(files, Self.options)
        #expect(replayed.transactions == Self.transactions)
        try log.close()
        for name in names { #expect(files.contents(logPath.appending(name)) != nil, "\(name)") }
    }

    @Test func aTornEndAboveTheLimitIsRefused() throws {
        let pristine = SimulatedFileSystem()
        let (log, _) = try openLog(pristine, smallOptions())
        try log.commit(.small(1))
        try log.commit(.small(2, byteCount: 300))
        let path = pristine.segmentPaths[0]
        let byteCount = try #require(pristine.contents(path)).count
        pristine.truncate(path, to: byteCount - 5)
        let image = pristine.copy()
        image.setContents("/store/LOCK", [])
        let torn = byteCount - 5 - (72 + 72)
        let cases: [(Int?, Bool)] = [(0, true), (torn - 1, true), (torn, false), (nil, false)]
        for (limit, isRefused) in cases {
            var options = smallOptions()
            options.tornTailByteCountMax = limit
            let files = image.copy()
            if isRefused {
                let error = Self.refusal(of: files, options)
                #expect(error?.code == .tailTooLong, "limit \(limit ?? -1)")
                #expect(error?.finding?.offset == 144, "limit \(limit ?? -1)")
            } else {
                #expect(try openLog(files, options).replayed.transactions == [.small(1)])
            }
        }
    }

    @Test func replayStartsBehindTheFence() throws {
        let files = try closedLog(Self.transactions, Self.options)
        let all = try openLog(files, Self.options)
        try all.log.close()
        for fence in 0...all.log.durableFence.lsn.rawValue {
            let lsn = LSN(rawValue: fence)
            let (log, replayed) = try openLog(files, Self.options, after: ReplayFence(lsn))
            let kept = all.replayed.ranges.filter { $0.last > lsn }
            #expect(replayed.ranges == kept, "fence \(fence)")
            #expect(log.recovery.transactionCount == UInt64(kept.count), "fence \(fence)")
            try log.close()
        }
    }

    @Test func aFenceThatTheLogDoesNotReachIsTold() throws {
        let files = try closedLog(Self.transactions, Self.options)
        let end = try openLog(files, readOnly(Self.options)).log.durableFence.lsn
        for lsn in [try end.successor(), .last] {
            let error = Self.refusal(of: files, after: ReplayFence(lsn))
            #expect(error?.code == .damaged)
            #expect(error?.finding?.verdict == .missingSegment)
        }
    }

    @Test func aGapBeforeTheLogIsToldBeforeAnythingIsReplayed() throws {
        let pristine = try closedLog(Self.transactions, Self.options)
        let files = pristine.copy()
        files.remove(pristine.segmentPaths[0])
        let base = try #require(
            SegmentName(FileName(files.segmentPaths[0].lastComponent!.string)!)
        ).baseLSN
        for lsn in 0..<base.rawValue - 1 {
            var replayed = 0
            let error = #expect(throws: LogError.self, "fence \(lsn)") {
                try WriteAheadLog.open(
                    storePath, options: Self.options, environment: .simulated(files),
                    after: ReplayFence(LSN(rawValue: lsn))
                ) { _, _ in replayed += 1 }
            }
            #expect(error?.code == .replayGap, "fence \(lsn)")
            #expect(replayed == 0, "fence \(lsn)")
        }
        _ = try openLog(files, Self.options, after: ReplayFence(base.predecessor))
    }
}

extension LogVerdictTests {
    /// The kind of the first frame of a segment becomes an unknown one; all checksums hold.
    @Test func aFrameOfANewerVersionIsUnsupportedInEverySegment() throws {
        let pristine = try closedLog(Self.transactions, Self.options)
        for path in pristine.segmentPaths {
            let files = pristine.copy()
            let content = try #require(files.contents(path))
            let header = try SegmentHeader(from: content.span.bytes)
            var frame = BinaryBuffer()
            FrameCodec(log: header.logID, segment: header.segment).append(
                FrameHeader(
                    kind: FrameKind(rawValue: 0x7f), lsn: header.baseLSN, relatedLSN: .never,
                    payloadByteCount: 0), payload: RawSpan(), to: &frame)
            files.setContents(
                path,
                content.prefix(SegmentLayout.headerByteCount) + frame.array()
                    + content.dropFirst(SegmentLayout.headerByteCount + frame.count))
            let finding = Self.refusal(of: files)?.finding
            #expect(finding?.verdict == .unsupportedVersion, "\(path)")
            #expect(finding?.offset == UInt64(SegmentLayout.headerByteCount), "\(path)")
        }
    }
}
