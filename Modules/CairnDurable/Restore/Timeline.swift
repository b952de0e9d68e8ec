// SPDX-License-Identifier: Apache-2.0
//
// Where a restored store comes from: `timelines/<LSN, 20 digits>.snap`, in the form of a snapshot, bound to the new log.
//
// A restored store is a new log: it gives the LSNs after the one restored to once more, to other transactions. With an
// identity of its own, no file of one is ever taken for one of the other.

internal import CairnFormat
package import CairnIO
public import CairnLSN
internal import CairnSnapshot

/// A log that a store was restored from, and where it left it.
public struct Ancestor: Hashable, Sendable {
    /// The identity of the log.
    public let logID: LogID
    /// The last LSN that both logs have.
    public let lsn: LSN
    /// When it was restored, in nanoseconds since 1970.
    public let nanoseconds: UInt64
}

package struct Timeline: ListedFile, Hashable {
    struct Step: Encodable, Hashable {
        let log: String
        let lsn: UInt64
        let nanoseconds: UInt64
    }

    package static let folder: FileName = "timelines"
    /// The nearest first.
    var steps: [Step] = []

    static func read(
        in store: StoreDirectory, _ identity: LogID?, _ environment: StorageEnvironment
    ) throws(SnapshotError) -> Timeline {
        let directory = try SnapshotDirectory.open(
            folder, in: store.root, access: .readOnly, environment: environment)
        guard let info = try directory.list().last else { return Timeline() }
        var reader = try directory.reader(info, expectedLogID: identity)
        return try Timeline(from: &reader)
    }

    func write(
        in root: any VirtualDirectory, of log: LogID, at lsn: LSN, _ environment: StorageEnvironment
    ) throws(SnapshotError) {
        let directory = try SnapshotDirectory.open(
            Self.folder, in: root, access: .readWrite, environment: environment)
        var writer = try directory.writer(logID: log, fence: SnapshotFence(lsn))
        try write(to: &writer)
        _ = try writer.finish()
    }

    init() {}

    init?(_ value: CodedValue) {
        guard let steps = value[TimelineFields.steps]?.elements else { return nil }
        for step in steps {
            guard let log = step[TimelineFields.log]?.text,
                let lsn = step[TimelineFields.lsn]?.unsigned,
                let nanoseconds = step[TimelineFields.nanoseconds]?.unsigned
            else { return nil }
            self.steps.append(Step(log: log, lsn: lsn, nanoseconds: nanoseconds))
        }
    }

    /// The ancestors that can be read: an identity that is none is left out.
    var ancestors: [Ancestor] {
        steps.compactMap { step in
            LogID(step.log).map {
                Ancestor(
                    logID: $0, lsn: LSN(rawValue: step.lsn), nanoseconds: step.nanoseconds)
            }
        }
    }
}
