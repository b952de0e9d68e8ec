// SPDX-License-Identifier: Apache-2.0

import CairnContainer
import CairnFormat
package import CairnFormats
import CairnGraph
import CairnSegments
import CairnSnapshot

/// Every format there is.
package enum FormatCatalog {
    /// The declarations, in the order of the index.
    package static let formats: [FormatDescription] = [
        SegmentLayout.format, CompressedBatchFormat.format, BatchFormat.format,
        CodedValueFormat.format, MutationEvent.format, SnapshotFormat.format, GraphStore.format,
        ProgramFormat.format, TimelineFormat.format, BackupFormat.format, ArchiveFormat.format,
        LockFileFormat.format, QuarantineFormat.format, StoreFormat.format,
        ContainerLayout.format, CRC32C.format,
    ]

    /// The format of that name, or the one that the first bytes are of; nil when there is none.
    package static func resolved(
        _ name: String?, for bytes: [UInt8]
    ) throws -> ResolvedFormat? {
        let formats = try resolved()
        if let name { return formats.first { $0.name == name } }
        let magic = String(decoding: bytes.prefix(8), as: UTF8.self)
        switch magic {
        case "CAIRNWAL": return formats.first { $0.name == "segment" }
        case "CAIRNBOX": return formats.first { $0.name == "container" }
        case "CAIRNSNP": return formats.first { $0.name == "snapshot" }
        default: return nil
        }
    }

    /// The formats that say how they are read, with all that they use.
    package static func resolved() throws -> [ResolvedFormat] {
        try formats.filter { $0.reading != nil }.map { try ResolvedFormat($0, among: formats) }
    }
}
