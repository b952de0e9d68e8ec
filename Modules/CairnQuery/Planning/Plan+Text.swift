// SPDX-License-Identifier: Apache-2.0

extension Plan {
    /// The steps, a line for each, what a step reads from below it and further in.
    ///
    /// - Parameter execution: A run that was measured; nil for what is expected alone.
    func lines(_ execution: Execution? = nil) -> [String] {
        var lines: [String] = []
        add(root, indentation: 0, execution, to: &lines)
        for (index, subplan) in subplans.enumerated() {
            lines.append("Subplan \(index)")
            add(subplan, indentation: 1, execution, to: &lines)
        }
        return lines
    }

    private func add(
        _ node: PlanNode, indentation: Int, _ execution: Execution?, to lines: inout [String]
    ) {
        var line = String(repeating: "  ", count: indentation) + node.name
        if !node.detail.isEmpty { line += " " + node.detail }
        line += "  (expected \(Self.text(node.rowCount))"
        if let measured = execution?.profile[ObjectIdentifier(node)] {
            line += ", rows \(measured.rowCount), \(measured.duration)"
        }
        lines.append(line + ")")
        // A chain of single inputs stays at one depth, so that long plans can be read.
        for input in node.inputs {
            let isBranch = node.inputs.count > 1 && input !== node.inputs.first
            add(input, indentation: indentation + (isBranch ? 1 : 0), execution, to: &lines)
        }
    }

    private static func text(_ count: Double) -> String {
        count < 10 ? "\((count * 10).rounded() / 10)" : "\(Int64(min(count, 1e15)))"
    }
}
