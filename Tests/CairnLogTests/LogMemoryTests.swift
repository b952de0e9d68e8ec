// SPDX-License-Identifier: Apache-2.0

#if os(Linux)
import CairnIO
import CairnLog
import CairnSync
import Foundation
import SystemPackage
import Testing

/// Replay streams: what it needs does not grow with the log. In a process of its own, so that the peak is
/// that of the replay alone.
@Suite struct LogMemoryTests {
    static let batchByteCount = 32 << 10

    static func write(_ path: FilePath, commitCount: Int) throws {
        var options = LogOptions()
        options.syncPolicy = .manual
        options.segmentByteCount = 4 << 20
        let log = try WriteAheadLog.open(path, options: options)
        let batch = [UInt8](repeating: 0x5a, count: batchByteCount)
        for _ in 0..<commitCount { try log.commit(batch: batch.span.bytes) }
        try log.close()
    }

    /// The most memory that this process ever had, in KiB.
    static func peak() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return Int(line?.split(separator: " ").dropFirst().first ?? "") ?? .max
    }

    static func replay(_ path: FilePath) throws -> Int {
        var byteCount = 0
        var options = LogOptions()
        options.access = .readOnly
        let log = try WriteAheadLog.open(path, options: options) { batch, _ in
            byteCount += batch.byteCount
        }
        try log.close()
        return byteCount
    }

    @Test(.timeLimit(.minutes(2)))
    func replayingTenTimesAsMuchNeedsNoMoreMemory() async {
        await #expect(processExitsWith: .success) {
            let directory = FileManager.default.temporaryDirectory
                .appendingPathComponent("cairn-memory-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: directory) }
            try FileManager.default.createDirectory(
                at: directory, withIntermediateDirectories: true)
            let short = FilePath(directory.appendingPathComponent("short").path)
            let long = FilePath(directory.appendingPathComponent("long").path)
            try LogMemoryTests.write(short, commitCount: 128)
            try LogMemoryTests.write(long, commitCount: 1280)
            let one = try LogMemoryTests.replay(short)
            let before = try LogMemoryTests.peak()
            let ten = try LogMemoryTests.replay(long)
            let after = try LogMemoryTests.peak()
            precondition(one == 128 * LogMemoryTests.batchByteCount && ten == 10 * one)
            precondition(after - before < 2048, "\(after - before) KiB more for 36 MiB more")
        }
    }
}
#endif
