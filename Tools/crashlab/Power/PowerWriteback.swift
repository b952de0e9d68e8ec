// SPDX-License-Identifier: Apache-2.0

import Foundation
import SystemPackage

/// Lets the system write back what is not synced, here and there: under memory pressure any kernel may do that in
/// any order, and a small machine that lives for a second never would.
enum PowerWriteback {
    /// Begins on a thread of its own, which goes on until the machine dies.
    static func begin(in log: FilePath) {
        Thread.detachNewThread {
            while true {
                usleep(UInt32.random(in: 200...3_000))
                if let file = newestSegment(in: log) { writeBack(log.appending(file).string) }
            }
        }
    }

    private static func newestSegment(in log: FilePath) -> String? {
        let names = try? FileManager.default.contentsOfDirectory(atPath: log.string)
        return names?.filter { $0.hasSuffix(".wal") }.max()
    }

    /// Starts the writeback of a part of the end of a file, without waiting for it.
    private static func writeBack(_ path: String) {
        #if os(Linux)
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let end = lseek(descriptor, 0, SEEK_END)
        let start = off_t.random(in: 0...max(0, end / 4096)) * 4096
        posix_fadvise(descriptor, start, off_t.random(in: 1...4) * 4096, POSIX_FADV_DONTNEED)
        #endif
    }
}
