// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnDurable
package import CairnFormat
import CairnGraph
import CairnSegments
import CairnSnapshot

/// Every format there is.
package enum FormatCatalog {
    /// The declarations, in the order of the index.
    package static let formats: [FormatDescription] = [
        SegmentLayout.format, BatchFormat.format, CodedValueFormat.format, MutationEvent.format,
        SnapshotFormat.format, GraphStore.format,
    ]

    /// The formats that say how they are read, with all that they use.
    package static func resolved() throws -> [ResolvedFormat] {
        try formats.filter { $0.reading != nil }.map { try ResolvedFormat($0, among: formats) }
    }
}
