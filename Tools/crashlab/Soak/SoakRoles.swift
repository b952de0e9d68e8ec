// SPDX-License-Identifier: Apache-2.0
//
// What each process of a soak does until it is killed. A complaint ends its process with status 3.

import CairnDurable
import CairnIO
import CairnLog
import Foundation
import SystemPackage

enum SoakRole {
    /// Commits one number after the other, with small segments and many checkpoints; tells what it tried and what was
    /// acknowledged, and the longest that a commit took.
    static func write(_ board: SoakBoard) throws {
        var checkpoints = CheckpointOptions()
        checkpoints.logByteCountMin = 200 << 10
        checkpoints.snapshotFraction = 0
        checkpoints.onFailure = { complain("a checkpoint failed: \($0)") }
        let store = try Durable<SoakLedger>.open(
            FilePath(board.path("store")), options: SoakLedger.options(.readWrite),
            checkpoints: checkpoints)
        if let complaint = store.read(\.complaint) { complain("the writer opened: \(complaint)") }
        var number = store.read(\.last)
        let acknowledged = board.read("acknowledged")
        if number < acknowledged {
            complain("\(acknowledged) was acknowledged, \(number) is there")
        }
        var longest = board.read("longest")
        while true {
            number += 1
            board.write("attempted", number)
            let start = SystemTime().monotonicNanoseconds()
            try store.commit(.next(number, padding: String(repeating: "x", count: number % 300)))
            board.write("acknowledged", number)
            let time = Int(SystemTime().monotonicNanoseconds() - start)
            if time > longest {
                longest = time
                board.write("longest", longest)
            }
        }
    }

    /// Follows the writer, and opens anew at times.
    static func read(_ board: SoakBoard, _ number: Int) throws {
        var (reads, reloads, last) = (board.read("reads\(number)"), 0, 0)
        var reader = try open(board)
        while true {
            let acknowledged = board.read("acknowledged")
            if reads % 500 == 499 {
                reader = try open(board)
            } else {
                if try reader.refresh().hasReloaded { reloads += 1 }
            }
            let (seen, complaint) = reader.read { ($0.last, $0.complaint) }
            let attempted = board.read("attempted")
            if let complaint { complain("reader \(number): \(complaint)") }
            if seen < acknowledged {
                complain("reader \(number) sees \(seen), and \(acknowledged) was acknowledged")
            }
            if seen > attempted { complain("reader \(number) sees \(seen) of \(attempted)") }
            if seen < last { complain("reader \(number) went back from \(last) to \(seen)") }
            last = seen
            reads += 1
            board.write("reads\(number)", reads)
            if reloads > 0 {
                board.write("reloads\(number)", board.read("reloads\(number)") + reloads)
                reloads = 0
            }
        }
    }

    private static func open(_ board: SoakBoard) throws -> Durable<SoakLedger> {
        try Durable.open(
            FilePath(board.path("store")), options: SoakLedger.options(.readOnly))
    }

    static func complain(_ text: String) {
        FileHandle.standardError.write(Data("soak: \(text)\n".utf8))
        exit(3)
    }
}
