// SPDX-License-Identifier: Apache-2.0

/// The arguments and the result of a function, as the semantic check sees them.
struct FunctionSignature: Sendable {
    let argumentCounts: ClosedRange<Int>
    /// The kinds that each argument may be of; the last one is for all that follow.
    private let kinds: [KindSet]
    private let resultKind: StaticKind

    private init(
        _ argumentCounts: ClosedRange<Int>, _ kinds: [KindSet] = [.any],
        _ resultKind: StaticKind = .any
    ) {
        self.argumentCounts = argumentCounts
        self.kinds = kinds
        self.resultKind = resultKind
    }

    func accepted(_ index: Int) -> KindSet { kinds[min(index, kinds.count - 1)] }

    /// The kind of the result for arguments of some kinds.
    func result(_ arguments: [StaticKind]) -> StaticKind { resultKind }

    /// The functions by their names in lower case.
    static let all: [String: FunctionSignature] = {
        var all: [String: FunctionSignature] = [
            "labels": .init(1...1, [.node], .list(.string)),
            "type": .init(1...1, [.relationship], .string),
            "id": .init(1...1, [.entity], .integer),
            "elementid": .init(1...1, [.entity], .string),
            "keys": .init(1...1, [[.node, .relationship, .map]], .list(.string)),
            "properties": .init(1...1, [[.node, .relationship, .map]], .map),
            "startnode": .init(1...1, [.relationship], .node),
            "endnode": .init(1...1, [.relationship], .node),
            "nodes": .init(1...1, [.path], .list(.node)),
            "relationships": .init(1...1, [.path], .list(.relationship)),
            "length": .init(1...1, [.path], .integer),
            "size": .init(1...1, [[.list, .string, .map]], .integer),
            "coalesce": .init(1...255),
            "head": .init(1...1, [.list]), "last": .init(1...1, [.list]),
            "tail": .init(1...1, [.list]), "reverse": .init(1...1, [[.list, .string]]),
            "range": .init(2...3, [.any], .list(.integer)),
            "tointeger": .init(1...1, [.any], .integer), "tofloat": .init(1...1, [.any], .float),
            "toboolean": .init(1...1, [.any], .boolean), "tostring": .init(1...1, [.any], .string),
            "rand": .init(0...0, [.any], .float), "pi": .init(0...0, [.any], .float),
            "e": .init(0...0, [.any], .float), "randomuuid": .init(0...0, [.any], .string),
            "timestamp": .init(0...0, [.any], .integer),
            "abs": .init(1...1, [.number]), "sign": .init(1...1, [.number], .integer),
            "round": .init(1...2, [.number], .float),
            "atan2": .init(2...2, [.number], .float),
            "toupper": .init(1...1, [.string], .string),
            "tolower": .init(1...1, [.string], .string),
            "trim": .init(1...1, [.string], .string), "ltrim": .init(1...1, [.string], .string),
            "rtrim": .init(1...1, [.string], .string),
            "left": .init(2...2, [.string, .integer], .string),
            "right": .init(2...2, [.string, .integer], .string),
            "substring": .init(2...3, [.string, .integer], .string),
            "replace": .init(3...3, [.string], .string),
            "split": .init(2...2, [[.string, .list]], .list(.string)),
            "count": .init(1...1, [.any], .integer), "collect": .init(1...1, [.any], .list(.any)),
            "sum": .init(1...1), "avg": .init(1...1), "min": .init(1...1), "max": .init(1...1),
            "percentilecont": .init(2...2), "percentiledisc": .init(2...2),
            "stdev": .init(1...1, [.number], .float), "stdevp": .init(1...1, [.number], .float),
            "exists": .init(1...1, [.any], .boolean),
            "isempty": .init(1...1, [[.list, .string, .map]], .boolean),
        ]
        for name in [
            "ceil", "floor", "sqrt", "exp", "log", "log10", "sin", "cos", "tan", "cot", "asin",
            "acos", "atan", "degrees", "radians", "haversin",
        ] {
            all[name] = .init(1...1, [.number], .float)
        }
        for name in ["date", "localtime", "time", "localdatetime", "datetime"] {
            all[name] = .init(0...1, [[.string, .map, .temporal]], .temporal)
            all[name + ".truncate"] = .init(1...3, [.string, .temporal, .map], .temporal)
            for clock in ["transaction", "statement", "realtime"] {
                all[name + "." + clock] = .init(0...1, [.string], .temporal)
            }
        }
        all["datetime.fromepoch"] = .init(2...2, [.number], .temporal)
        all["datetime.fromepochmillis"] = .init(1...1, [.number], .temporal)
        all["duration"] = .init(1...1, [[.string, .map, .duration]], .duration)
        for name in ["between", "inmonths", "indays", "inseconds"] {
            all["duration." + name] = .init(2...2, [.temporal], .duration)
        }
        return all
    }()
}
