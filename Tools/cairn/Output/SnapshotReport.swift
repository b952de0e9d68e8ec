// SPDX-License-Identifier: Apache-2.0

internal import CairnLSN
internal import CairnSnapshot
internal import Foundation

/// The report on a snapshot.
struct SnapshotReport {
    let name: String
    let fence: SnapshotFence
    /// How many bytes its file has; nil when that could not be seen.
    let byteCount: UInt64?

    /// Of a snapshot in the database at `directory`.
    init(_ snapshot: SnapshotInfo, in directory: String) {
        name = "\(snapshot)"
        fence = snapshot.fence
        let file = "\(directory)/snapshots/\(snapshot)"
        let attributes = try? FileManager.default.attributesOfItem(atPath: file)
        byteCount = (attributes?[.size] as? NSNumber)?.uint64Value
    }

    var json: JSONValue {
        .object([
            "name": .string(name),
            "fence": .unsigned(fence.lsn.rawValue),
            "byteCount": byteCount.map(JSONValue.unsigned) ?? .null,
        ])
    }

    var text: String {
        let size = byteCount.map { ", " + readableByteCount($0) } ?? ""
        return "up to LSN \(fence.lsn)\(size)"
    }
}
