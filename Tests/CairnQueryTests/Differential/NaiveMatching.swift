// SPDX-License-Identifier: Apache-2.0

/// A path of a pattern.
struct NaivePath {
    struct Node {
        var name: String?
        var label: String?
        var property: (key: String, value: NaiveExpression)?
    }

    struct Step {
        enum Arrow: CaseIterable { case left, right, none }
        var name: String?
        var types: [String]
        var arrow: Arrow
        /// The bounds of a variable length; nil for one relationship.
        var length: ClosedRange<Int>?
        var property: (key: String, value: Plain)?
        var node: Node
    }

    var start: Node
    var steps: [Step]

    static func text(_ paths: [NaivePath]) -> String {
        paths.map(\.text).joined(separator: ", ")
    }

    private var text: String {
        start.text + steps.map { $0.text + $0.node.text }.joined()
    }
}

extension NaivePath.Node {
    fileprivate var text: String {
        let map = property.map { " {\($0.key): \($0.value.text)}" } ?? ""
        return "(\(name ?? "")\(label.map { ":" + $0 } ?? "")\(map))"
    }
}

extension NaivePath.Step {
    fileprivate var text: String {
        let kinds = types.isEmpty ? "" : ":" + types.joined(separator: "|")
        let bounds = length.map { "*\($0.lowerBound)..\($0.upperBound)" } ?? ""
        let map = property.map { " {\($0.key): \($0.value.literal)}" } ?? ""
        let inner = "[\(name ?? "")\(kinds)\(bounds)\(map)]"
        return (arrow == .left ? "<-" : "-") + inner + (arrow == .right ? "->" : "-")
    }
}

extension NaiveGraph {
    /// All ways in which paths can be found, each with the row that it gives. No relationship is used twice.
    func matches(
        _ paths: [NaivePath], _ condition: NaiveExpression?, _ row: NaiveRow
    ) -> [NaiveRow] {
        var found: [NaiveRow] = []
        match(paths[...], row, []) { row, _ in
            if let condition, condition.truth(row, self) != true { return }
            found.append(row)
        }
        return found
    }

    private typealias Give = (NaiveRow, Set<Int>) -> Void

    private func match(
        _ paths: ArraySlice<NaivePath>, _ row: NaiveRow, _ used: Set<Int>, _ give: Give
    ) {
        guard let path = paths.first else { return give(row, used) }
        for id in nodes.indices {
            guard let bound = bind(path.start, to: id, row) else { continue }
            walk(path.steps[...], from: id, bound, used) { row, used in
                match(paths.dropFirst(), row, used, give)
            }
        }
    }

    private func bind(_ node: NaivePath.Node, to id: Int, _ row: NaiveRow) -> NaiveRow? {
        if let label = node.label, !nodes[id].labels.contains(label) { return nil }
        var row = row
        if let name = node.name {
            if let known = row[name], known != .node(id) { return nil }
            row[name] = .node(id)
        }
        if let (key, value) = node.property {
            let wanted = value.value(row, self)
            guard property(key, of: .node(id)).equals(wanted) == true else { return nil }
        }
        return row
    }

    private func walk(
        _ steps: ArraySlice<NaivePath.Step>, from node: Int, _ row: NaiveRow, _ used: Set<Int>,
        _ give: Give
    ) {
        guard let step = steps.first else { return give(row, used) }
        func arrive(_ node: Int, _ row: NaiveRow, _ used: Set<Int>) {
            guard let bound = bind(step.node, to: node, row) else { return }
            walk(steps.dropFirst(), from: node, bound, used, give)
        }
        guard let length = step.length else {
            for (id, other) in neighbors(of: node, step) where !used.contains(id) {
                var row = row
                if let name = step.name { row[name] = .relationship(id) }
                arrive(other, row, used.union([id]))
            }
            return
        }
        func go(_ node: Int, _ depth: Int, _ used: Set<Int>) {
            if length.contains(depth) { arrive(node, row, used) }
            guard depth < length.upperBound else { return }
            for (id, other) in neighbors(of: node, step) where !used.contains(id) {
                go(other, depth + 1, used.union([id]))
            }
        }
        go(node, 0, used)
    }

    private func neighbors(of node: Int, _ step: NaivePath.Step) -> [(id: Int, other: Int)] {
        var found: [(id: Int, other: Int)] = []
        for (id, relationship) in relationships.enumerated() {
            guard step.types.isEmpty || step.types.contains(relationship.type) else { continue }
            if let (key, value) = step.property {
                guard property(key, of: .relationship(id)).equals(value) == true else { continue }
            }
            if step.arrow != .left, relationship.from == node {
                found.append((id, relationship.to))
            }
            let isLoop = relationship.from == relationship.to && step.arrow == .none
            if step.arrow != .right, relationship.to == node, !isLoop {
                found.append((id, relationship.from))
            }
        }
        return found
    }
}
