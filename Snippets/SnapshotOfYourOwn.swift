//! A snapshot of state of your own: numbered sections of records, written atomically and checked before they are read.

import CairnFormat
import CairnIO
import CairnLSN
import CairnSnapshot

let environment = StorageEnvironment.system
let root = try environment.fileSystem.openDirectory("snapshot", creating: true)
let snapshots = try SnapshotDirectory.open(in: root, access: .readWrite, environment: environment)

func write(_ ages: [String: Int], to snapshots: SnapshotDirectory) throws -> SnapshotInfo {
    // The fence says which part of a log the snapshot replaces: all up to LSN 10.
    let fence = SnapshotFence(LSN(rawValue: 10))
    var writer = try snapshots.writer(logID: LogID(high: 1, low: 2), fence: fence)
    try writer.beginSection(1)
    for (name, age) in ages.sorted(by: { $0.key < $1.key }) {
        try writer.appendRecord { record in
            record.append(string: name)
            record.append(varint: UInt64(age))
        }
    }
    return try writer.finish()  // durable, under its final name
}

let info = try write(["ada": 36, "eve": 28], to: snapshots)
var reader = try snapshots.reader(info, expectedLogID: LogID(high: 1, low: 2))
try reader.forEachRun(of: 1) { records throws(FormatError) in
    while !records.isAtEnd {
        print(try records.string(), try records.varint())
    }
}

// Prints: ada 36
// Prints: eve 28
