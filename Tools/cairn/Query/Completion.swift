// SPDX-License-Identifier: Apache-2.0

internal import Cairn
internal import CairnGraph
internal import CairnQuery

/// Completes the words of statements: labels and types behind a colon, keys behind a point, parameters behind `$`,
/// commands at the start of a line, and else keywords and functions.
struct Completion {
    let labels: [String]
    let keys: [String]
    let parameters: [String]
    let commands: [String]

    init(labels: [String], keys: [String], parameters: [String], commands: [String]) {
        self.labels = labels.sorted()
        self.keys = keys.sorted()
        self.parameters = parameters.sorted()
        self.commands = commands
    }

    /// The names in a graph.
    init(_ graph: borrowing GraphStore, parameters: [String], commands: [String]) {
        let types = graph.relationshipTypeCounts.filter { $0.value > 0 }.keys
        let labels = graph.labelCounts.filter { $0.value > 0 }.keys
        self.init(
            labels: Array(Set(labels).union(types)), keys: graph.keyNames,
            parameters: parameters, commands: commands)
    }

    /// The word that ends a text, and what it could become.
    func callAsFunction(_ text: String) -> (word: String, candidates: [String]) {
        let word = String(
            text.reversed().prefix { $0.isLetter || $0.isNumber || $0 == "_" }.reversed())
        let before = text.dropLast(word.count)
        switch before.last {
        case ":" where before.dropLast().allSatisfy(\.isWhitespace):
            return (word, Self.matching(word, commands))
        case ":", "|", "&": return (word, Self.matching(word, labels))
        case ".": return (word, Self.matching(word, keys))
        case "$": return (word, Self.matching(word, parameters))
        default: break
        }
        guard !word.isEmpty else { return (word, []) }
        var candidates = Self.matching(word, keys)
        let keywords = Self.matching(word, QueryVocabulary.keywords, ignoringCase: true)
        // A keyword is given in the case in which it was begun.
        let isLower = word == word.lowercased()
        candidates += isLower ? keywords.map { $0.lowercased() } : keywords
        candidates += Self.matching(word, QueryVocabulary.functionNames, ignoringCase: true)
        var seen: Set<String> = []
        return (word, candidates.filter { seen.insert($0).inserted })
    }

    private static func matching(
        _ word: String, _ names: [String], ignoringCase: Bool = false
    ) -> [String] {
        let wanted = ignoringCase ? word.lowercased() : word
        return names.filter { (ignoringCase ? $0.lowercased() : $0).hasPrefix(wanted) }
    }
}
