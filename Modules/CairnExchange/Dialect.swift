// SPDX-License-Identifier: Apache-2.0

/// JSON of other programs that is often taken for the lines of an export.
enum Dialect: String {
    /// The lines, or the array, that the procedures `apoc.export.json` of Neo4j write.
    case apoc
    /// The one object that `networkx.node_link_data` of Python gives.
    case networkx

    /// Recognizes text that begins with these bytes and cannot be imported; nil for anything else.
    init?(_ head: [UInt8]) {
        let text = String(decoding: head.filter { $0 > 0x20 }, as: UTF8.self)
        func has(_ part: String) -> Bool { text.contains(part) }
        if has(#""kind":"#) { return nil }
        if has(#""type":"node""#) || has(#""type":"relationship""#) {
            self = .apoc
        } else if has(#""nodes":["#) || has(#""directed":"#) && has(#""multigraph":"#) {
            self = .networkx
        } else {
            return nil
        }
    }
}
