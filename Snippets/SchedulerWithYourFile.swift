//! The sync policy of a log in front of a file of your own: the scheduler decides, you write and sync.

import CairnIO
import CairnSync

/// A file that lines are appended to.
struct Journal {
    private let file: any VirtualFile
    private(set) var scheduler = SyncScheduler(policy: .bytes(64))
    private(set) var byteCount: UInt64 = 0
    private(set) var syncCount = 0

    init(in directory: any VirtualDirectory) throws {
        file = try directory.createFile("journal")
        try directory.sync()
    }

    mutating func append(_ line: String) throws {
        let bytes = Array("\(line)\n".utf8)
        try file.write(bytes.span.bytes, at: byteCount)
        byteCount += UInt64(bytes.count)
        // This policy does not look at the clock, so any time will do.
        try perform(scheduler.committed(byteCount: bytes.count, now: 0))
    }

    private mutating func perform(_ action: SyncScheduler.Action) throws {
        guard case .sync(let reason) = action else { return }
        scheduler.syncStarted(reason)
        do {
            try file.sync()
        } catch {
            // A failed sync is never repeated: from now on the scheduler asks for none.
            _ = scheduler.syncFinished(succeeded: false, now: 0)
            throw error
        }
        syncCount += 1
        try perform(scheduler.syncFinished(succeeded: true, now: 0))
    }
}

let directory = try StorageEnvironment.system.fileSystem.openDirectory("scheduler", creating: true)
var journal = try Journal(in: directory)
for number in 1...10 { try journal.append("entry \(number) of this journal") }
print("\(journal.byteCount) bytes, \(journal.syncCount) syncs")
print("\(journal.scheduler.unsyncedCommitCount) entry is not synced yet")

// Prints: 241 bytes, 3 syncs
// Prints: 1 entry is not synced yet
