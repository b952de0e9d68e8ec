// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnIO
import CairnLSN
import CairnSnapshot
import CairnTesting
import SystemPackage
import Testing

let logID = LogID(high: 0x0102_0304_0506_0708, low: 0x090a_0b0c_0d0e_0f10)
let otherLogID = LogID(high: 1, low: 2)

func fence(_ lsn: UInt64) -> SnapshotFence { SnapshotFence(LSN(rawValue: lsn)) }

func info(_ lsn: UInt64) -> SnapshotInfo { SnapshotInfo(fence: fence(lsn)) }

func path(_ lsn: UInt64) -> FilePath { path(info(lsn).description) }

func path(_ name: String) -> FilePath { FilePath("store/snapshots/" + name) }

/// A state: numbered sections of records.
struct Sample: Hashable {
    var sections: [UInt32: [[UInt8]]]

    /// Some sections, two of them empty; what the records are follows from `seed`.
    static func small(_ seed: UInt8 = 0) -> Sample {
        Sample(sections: [
            1: [[seed, 2, 3], [4], [UInt8](repeating: seed, count: 20)], 2: [],
            7: [[9, 9]], .max: [],
        ])
    }
}

extension SnapshotWriter {
    mutating func write(_ sample: Sample) throws(SnapshotError) {
        for (id, records) in sample.sections.sorted(by: { $0.key < $1.key }) {
            try beginSection(id)
            for record in records {
                try appendRecord { buffer in
                    buffer.append(varint: UInt64(record.count))
                    buffer.append(record)
                }
            }
        }
    }
}

extension SnapshotReader {
    mutating func read() throws(SnapshotError) -> Sample {
        var sample = Sample(sections: [:])
        for id in sectionIDs {
            var records: [[UInt8]] = []
            try forEachRun(of: id) { reader throws(FormatError) in
                while !reader.isAtEnd { records.append(try reader.lengthPrefixed().array()) }
            }
            sample.sections[id] = records
        }
        return sample
    }
}

extension SnapshotDirectory {
    @discardableResult
    func write(
        _ sample: Sample, at lsn: UInt64, logID: LogID = logID
    ) throws(SnapshotError) -> SnapshotInfo {
        var writer = try writer(logID: logID, fence: fence(lsn))
        try writer.write(sample)
        return try writer.finish()
    }

    func read(_ lsn: UInt64, logID: LogID? = logID) throws(SnapshotError) -> Sample {
        var reader = try reader(info(lsn), expectedLogID: logID)
        return try reader.read()
    }
}

/// Opens the snapshots of the store in `files`, which is made when it is missing.
func open(
    _ files: SimulatedFileSystem, _ access: FileAccess = .readWrite, seed: UInt64 = 1
) throws -> SnapshotDirectory {
    let root = try files.openDirectory("store", creating: access == .readWrite)
    return try SnapshotDirectory.open(
        in: root, access: access, environment: .simulated(files, seed: seed))
}

/// The error that `body` throws; nil when it throws none.
func failure<E: Error>(_ body: () throws(E) -> Void) -> E? {
    do throws(E) {
        try body()
        return nil
    } catch {
        return error
    }
}

/// The bytes of a snapshot of `sample`.
func bytes(of sample: Sample, at lsn: UInt64, logID: LogID = logID) throws -> [UInt8] {
    let files = SimulatedFileSystem()
    try open(files).write(sample, at: lsn, logID: logID)
    return try #require(files.contents(path(lsn)))
}
