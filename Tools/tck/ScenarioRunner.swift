// SPDX-License-Identifier: Apache-2.0

import CairnGraph
import CairnQuery

/// Runs one scenario.
struct ScenarioRunner {
    /// The result of a scenario.
    enum Verdict: Sendable {
        case passed
        case failed(String)
        case skipped(String)
    }

    private enum Outcome {
        case result(QueryResult)
        case error(QueryError)
    }

    private let kit: Kit
    private var graph = GraphStore()
    private var host: QueryHost
    private var parameters: [String: QueryValue] = [:]
    private var outcome: Outcome?
    private var before = GraphContent(GraphStore())
    private var recorder = EffectRecorder()

    init(_ kit: Kit) {
        self.kit = kit
        host = kit.host
    }

    static func run(_ scenario: Scenario, _ kit: Kit) -> Verdict {
        var runner = ScenarioRunner(kit)
        for step in scenario.steps {
            if let verdict = runner.take(step) { return verdict }
        }
        return .passed
    }

    /// Takes a step; what is wrong with it, or nil.
    private mutating func take(_ step: Step) -> Verdict? {
        switch step.text {
        case "an empty graph", "any graph": graph = GraphStore()
        case "having executed:": return prepare(step.document ?? "")
        case "parameters are:": return readParameters(step)
        case "executing query:", "executing control query:": execute(step.document ?? "")
        case "no side effects": return checkEffects([:])
        case "the side effects should be:":
            return checkEffects(
                Dictionary(step.table.map { ($0[0], Int($0[1]) ?? 0) }) { $1 })
        case "the result should be empty": return checkRows(step, isOrdered: false)
        case "the result should be, in any order:": return checkRows(step, isOrdered: false)
        case "the result should be, in order:": return checkRows(step, isOrdered: true)
        case "the result should be (ignoring element order for lists):":
            return checkRows(step, isOrdered: false, ignoringOrder: true)
        case "the result should be, in order (ignoring element order for lists):":
            return checkRows(step, isOrdered: true, ignoringOrder: true)
        default:
            if step.text.hasPrefix("there exists a procedure ") { return declare(step) }
            if step.text.hasPrefix("the "), step.text.hasSuffix(" graph") {
                return load(String(step.text.dropFirst(4).dropLast(6)))
            }
            if step.text.contains(" should be raised at ") { return checkError(step.text) }
            return .skipped("unknown step: \(step.text)")
        }
        return nil
    }

    // MARK: Before

    private mutating func prepare(_ text: String) -> Verdict? {
        do {
            try graph.execute(Query(text, parameters), with: QueryEngine(host: host))
        } catch {
            return .failed("preparation: \(error)")
        }
        return nil
    }

    private mutating func load(_ name: String) -> Verdict? {
        guard let text = kit.graphs[name] else { return .skipped("no graph \(name)") }
        graph = GraphStore()
        return prepare(text)
    }

    private mutating func readParameters(_ step: Step) -> Verdict? {
        for row in step.table {
            guard let value = CellParser.parse(row[1])?.parameter else {
                return .skipped("unreadable parameter \(row[1])")
            }
            parameters[row[0]] = value
        }
        return nil
    }

    private mutating func declare(_ step: Step) -> Verdict? {
        let text = step.text.dropFirst("there exists a procedure ".count)
        guard let procedure = ProcedureReader.procedure(String(text), step.table) else {
            return .skipped("unreadable procedure \(text)")
        }
        host.declare(procedure)
        return nil
    }

    // MARK: The query

    private mutating func execute(_ text: String) {
        before = GraphContent(graph)
        recorder = EffectRecorder()
        graph.recorder = recorder
        defer { graph.recorder = nil }
        let limits = QueryLimits(deadline: .now + .seconds(20))
        do {
            let result = try graph.execute(
                Query(text, parameters), with: QueryEngine(host: host), limits: limits)
            outcome = .result(result)
        } catch let error as QueryError {
            outcome = .error(error)
        } catch {
            outcome = nil
        }
    }

    // MARK: After

    private func checkRows(
        _ step: Step, isOrdered: Bool, ignoringOrder: Bool = false
    ) -> Verdict? {
        guard case .result(let result) = outcome else {
            if case .error(let error) = outcome { return .failed("\(error)") }
            return .failed("no outcome")
        }
        let header = step.table.first ?? []
        if Set(header) != Set(result.columns), !header.isEmpty || !result.isEmpty {
            return .failed("columns \(result.columns), expected \(header)")
        }
        var expected: [String] = []
        for row in step.table.dropFirst() {
            var forms: [String] = []
            for cell in row {
                guard let parsed = CellParser.parse(cell) else {
                    return .skipped("unreadable cell \(cell)")
                }
                forms.append(parsed.form(ignoringOrder: ignoringOrder))
            }
            expected.append(forms.joined(separator: " | "))
        }
        var found = result.map { row in
            header.map { Cell(row[$0], in: graph).form(ignoringOrder: ignoringOrder) }
                .joined(separator: " | ")
        }
        if !isOrdered {
            expected.sort()
            found.sort()
        }
        guard found == expected else {
            return .failed(
                "rows \(found.prefix(6)) of \(found.count), "
                    + "expected \(expected.prefix(6)) of \(expected.count)")
        }
        return nil
    }

    private func checkError(_ text: String) -> Verdict? {
        // `a TypeError should be raised at runtime: InvalidArgumentType`
        let words = text.split(separator: " ").map(String.init)
        let kind = words[1]
        let detail = words[words.count - 1]
        let phase = words[6..<words.count - 1].joined(separator: " ").dropLast()
        guard case .error(let error) = outcome else {
            return .failed("no error, expected \(kind) at \(phase): \(detail)")
        }
        let fits =
            error.category.rawValue == kind
            && (phase == "any time" || error.phase.rawValue == phase)
            && (detail == "*" || error.code.description == detail)
        return fits ? nil : .failed("\(error), expected \(kind) at \(phase): \(detail)")
    }

    private func checkEffects(_ expected: [String: Int]) -> Verdict? {
        guard case .result = outcome else {
            if case .error(let error) = outcome { return .failed("\(error)") }
            return .failed("no outcome")
        }
        let found = GraphContent(graph).effects(since: before, recorder)
        for key in Set(found.keys).union(expected.keys).sorted() {
            guard found[key] ?? 0 == expected[key] ?? 0 else {
                return .failed("\(key) \(found[key] ?? 0), expected \(expected[key] ?? 0)")
            }
        }
        return nil
    }
}
