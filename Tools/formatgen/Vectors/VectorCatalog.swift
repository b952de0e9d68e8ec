// SPDX-License-Identifier: Apache-2.0

import CairnInterpreter

/// All vectors there are.
enum VectorCatalog {
    static func set(_ format: ResolvedFormat) throws -> VectorSet? {
        switch format.name {
        case "segment": try SegmentVectors(format: format).set()
        case "container": ContainerVectors(format: format).set
        case "batch": BatchVectors(format: format).set
        case "coded-value": CodedValueVectors(format: format).set
        case "GraphEvents": GraphEventVectors(format: format).set
        case "snapshot": SnapshotVectors(format: format).set
        case "GraphSnapshot": GraphSnapshotVectors(format: format).set
        case "program": ProgramVectors(format: format).set
        case "timeline": ListedFileVectors.timeline(format)
        case "backup-manifest": ListedFileVectors.manifest(format)
        case "archive-record": ListedFileVectors.archiveRecord(format)
        case "compressed-batch": CompressedBatchVectors(format: format).set
        case "lock-file": LockFileVectors(format: format).set
        case "quarantine-entry": try QuarantineVectors(format: format).set()
        case "crc32c": ChecksumVectors(format: format).set
        default: nil
        }
    }
}
