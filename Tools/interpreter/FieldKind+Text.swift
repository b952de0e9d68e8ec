// SPDX-License-Identifier: Apache-2.0

package import CairnFormats

extension FieldKind {
    /// A word for tables and dumps.
    package var text: String {
        switch self {
        case .unsigned(let byteCount): "u\(byteCount * 8)"
        case .varint: "varint"
        case .zigzag: "zigzag"
        case .count: "count"
        case .bytes: "bytes"
        case .text: "text"
        case .packed: "packed"
        case .type(let name, _): name
        case .named: "type"
        }
    }
}
