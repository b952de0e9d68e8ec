// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// Input that an import of a package list took though it is not all there afterwards; printed at its end.
struct ImportRemarks {
    private var leftOutCount = 0
    private var firstLeftOut: MalformedInput?
    /// The architecture of each name, as its last stanza says it.
    private var architectures: [String: String] = [:]
    private var shared: Set<String> = []

    private static let namedCountMax = 3

    mutating func note(_ record: PackageRecord) {
        leftOutCount += record.leftOut.count
        if firstLeftOut == nil { firstLeftOut = record.leftOut.first }
        guard case .string(let architecture)? = record.properties["architecture"] else { return }
        let known = architectures.updateValue(architecture, forKey: record.name)
        if let known, known != architecture { shared.insert(record.name) }
    }

    /// A sentence for each kind that there was.
    func sentences(_ reader: borrowing ControlStanzaReader) -> [String] {
        var sentences: [String] = []
        if reader.replacementCount > 0 {
            let places = counted(reader.replacementCount, "place")
            sentences.append(
                "\(places) of the text, the first in line \(reader.firstReplacementLine), had bytes that are not "
                    + "UTF-8: U+FFFD takes their place; --strict refuses such a list")
        }
        if let firstLeftOut {
            sentences.append(
                "\(counted(leftOutCount, "value")) left out, the first in \(firstLeftOut); --strict refuses such "
                    + "a list")
        }
        if !shared.isEmpty {
            let names = shared.sorted().prefix(Self.namedCountMax).joined(separator: ", ")
            let more = shared.count > Self.namedCountMax ? ", \u{2026}" : ""
            sentences.append(
                "\(counted(shared.count, "name")) with stanzas for several architectures (\(names)\(more)): of each "
                    + "the last stanza counts, and the relationships of the others are not there; import one "
                    + "architecture into a database")
        }
        return sentences
    }
}
