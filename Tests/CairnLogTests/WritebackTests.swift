// SPDX-License-Identifier: Apache-2.0

import CairnIO
import CairnSync
import CairnTesting
import Synchronization
import SystemPackage
import Testing

@testable import CairnLog

/// Bytes of commits that need not be durable are written back early, in parts that follow one another.
struct WritebackTests {
    @Test func partsFollowOneAnotherAndBeginAnewWithEachFile() {
        var writeback = Writeback()
        let megabyte: UInt64 = 1 << 20
        #expect(writeback.written(upTo: 3 * megabyte, isNew: false) == nil)
        #expect(
            writeback.written(upTo: 5 * megabyte, isNew: false) == 0..<5 * megabyte)
        #expect(writeback.written(upTo: 8 * megabyte, isNew: false) == nil)
        let second = 5 * megabyte..<9 * megabyte
        #expect(writeback.written(upTo: 9 * megabyte, isNew: false) == second)
        // The next segment begins at its own beginning, which lies before the end of the last one.
        #expect(writeback.written(upTo: megabyte, isNew: true) == nil)
        #expect(
            writeback.written(upTo: 4 * megabyte, isNew: false) == 0..<4 * megabyte)
    }

    /// Stopping comes first, then what has a file open, then what takes long.
    @Test func ordersComeInTheirOrder() throws {
        let files = SimulatedFileSystem()
        let file = try files.openDirectory("d", creating: true).createFile("f")
        var queue = PreparerQueue()
        #expect(queue.next() == nil)
        queue.count = 1
        queue.writeback = Writeback.Part(file: file, range: 0..<1)
        guard case .writeBack = queue.next() else {
            Issue.record("writing back comes first")
            return
        }
        guard case .prepare = queue.next() else {
            Issue.record("the prepared segment comes then")
            return
        }
        #expect(queue.next() == nil)
        queue.isStopping = true
        queue.count = 1
        guard case .stop = queue.next() else {
            Issue.record("stopping comes before a prepared segment")
            return
        }
    }
}
