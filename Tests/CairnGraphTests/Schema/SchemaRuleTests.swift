// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CairnGraph

struct SchemaRuleTests {
    var store = GraphStore()
    let list = EventList()

    init() throws {
        store.recorder = list
        for number in 0..<4 {
            try store.createNode(labels: ["L"], properties: ["k": .int(Int64(number / 2)), "n": 1])
        }
    }

    @Test mutating func rulesThatDataViolatesNameTheNodesAndChangeNothing() throws {
        try store.createNode(labels: ["L"], properties: ["n": "text"])
        for _ in 0..<10 { try store.createNode(labels: ["M"]) }
        let image = store.image
        let count = list.events.count
        let cases: [(SchemaRule, [UInt64])] = [
            (.existence(label: "L", key: "k"), [4]),
            (.type(label: "L", key: "n", .int), [4]),
            (.key(label: "L", keys: ["k"]), [4]),
            (.key(label: "L", keys: ["n"]), [0, 1, 2, 3]),
            (.existence(label: "M", key: "x"), Array(5..<13)),
        ]
        for (rule, violators) in cases {
            let error = store.refusal { store throws(GraphError) in try store.create(rule) }
            #expect(error?.code == .constraintViolatedByData)
            #expect(error?.violatingNodeIDs.map(\.rawValue) == violators)
            #expect(error?.label == rule.label)
        }
        #expect(store.image == image && list.events.count == count && store.rules.isEmpty)
    }

    @Test mutating func rulesHoldFromNowOn() throws {
        try store.create(.existence(label: "L", key: "k"))
        try store.create(.type(label: "L", key: "n", .int))
        let first = NodeID(rawValue: 0)
        let plain = try store.createNode(properties: ["n": "text"])
        let steps: [(GraphStep, GraphError.Code, String)] = [
            (.createNode(labels: ["L"], [:]), .missingProperty, "k"),
            (.createNode(labels: ["L"], ["k": 1, "n": 1.5]), .wrongType, "n"),
            (.setNodeProperty(0, "k", .null), .missingProperty, "k"),
            (.setNodeProperty(0, "n", "text"), .wrongType, "n"),
            (.setNodeProperties(0, ["n": 2]), .missingProperty, "k"),
            (.addLabel(plain.rawValue, "L"), .missingProperty, "k"),
        ]
        let image = store.image
        for (step, code, key) in steps {
            let error = store.refusal { store throws(GraphError) in try store.perform(step) }
            #expect(error?.code == code && error?.key == key && error?.label == "L", "\(step)")
            #expect(!"\(error!)".contains("?"))
        }
        #expect(store.image == image)
        try store.setProperty("n", to: nil, of: first)
        try store.removeLabel("L", from: first)
        try store.setProperty("k", to: nil, of: first)
        #expect(try store.drop(.existence(label: "L", key: "k")))
        try store.createNode(labels: ["L"])
    }

    @Test mutating func aKeyOfTwoPropertiesIsUniqueInBoth() throws {
        for number in 0..<4 {
            let id = NodeID(rawValue: UInt64(number))
            try store.setProperty("n", to: .int(Int64(number % 2)), of: id)
        }
        let key = SchemaRule.key(label: "L", keys: ["k", "n"])
        #expect(try store.create(key))
        #expect(try !store.create(key))
        let error = store.refusal { store throws(GraphError) in
            try store.createNode(labels: ["L"], properties: ["k": 1, "n": 0])
        }
        #expect(error?.code == .uniqueViolation && error?.nodeID == NodeID(rawValue: 2))
        try store.createNode(labels: ["L"], properties: ["k": 0, "n": 2])
        let found = store.nodes(labeled: "L", where: .equals(["n": 2, "k": 0]))
        #expect(found.map(\.rawValue) == [4] && found.usesIndex && found.rule == key)
        // A unique constraint on one of them is another rule.
        #expect(store.uniqueConstraints.isEmpty && store.rules == [key])
    }

    @Test mutating func aKeyOfOnePropertyFindsItsNodeWithoutLookingAtOthers() throws {
        for number in 0..<4 {
            try store.setProperty(
                "k", to: .int(Int64(number)), of: NodeID(rawValue: UInt64(number)))
        }
        try store.create(.key(label: "L", keys: ["k"]))
        // A search through all nodes with the label would find none now.
        store.labelIndexes[0].members = SlotSet()
        #expect(store.node(labeled: "L", "k", equals: 2) == NodeID(rawValue: 2))
        #expect(store.nodes(labeled: "L", where: .equals("k", 3)).map(\.rawValue) == [3])
    }

    @Test mutating func rollbackGivesRulesAndTheirIndexesBack() throws {
        let index = SchemaRule.index(label: "L", keys: ["k"])
        try store.create(index)
        let image = store.image
        try store.beginTransaction()
        try store.setProperty("k", to: 7, of: NodeID(rawValue: 0))
        try store.drop(index)
        try store.setProperty("k", to: 8, of: NodeID(rawValue: 1))
        try store.create(.existence(label: "L", key: "k"))
        #expect(!store.nodes(labeled: "L", where: .equals("k", 8)).usesIndex)
        try store.rollBackTransaction()
        #expect(store.image == image && store.rules == [index])
        let found = store.nodes(labeled: "L", where: .equals("k", 0))
        #expect(found.map(\.rawValue) == [0, 1] && found.usesIndex && found.rule == index)
        #expect(store.node(labeled: "L", "k", equals: 1) == NodeID(rawValue: 2))
    }

    @Test mutating func rulesThatCannotBeAreRefused() {
        let rules: [SchemaRule] = [
            .key(label: "L", keys: []), .index(label: "L", keys: ["k", "k"]),
            .index(label: "L", keys: (0..<17).map { "k\($0)" }),
        ]
        for rule in rules {
            let error = store.refusal { store throws(GraphError) in try store.create(rule) }
            #expect(error?.code == .invalidRule)
        }
        let error = store.refusal { store throws(GraphError) in
            try store.create(.existence(label: "", key: "k"))
        }
        #expect(error?.code == .invalidName)
        #expect(store.rules.isEmpty)
    }

    /// Texts that agree in more than the first bytes, many equal values, and leaves that are split,
    /// emptied and joined.
    @Test func anIndexOfManyNodesAgreesWithLookingAtAll() throws {
        var random = SplitMix64(seed: 21)
        var store = GraphStore()
        var plain = GraphStore()
        func value() -> Value {
            switch random.below(3) {
            case 0: .int(Int64(random.below(50)))
            case 1: .string("a long beginning in common \(random.below(300))")
            default: .double(Double(random.below(100)) / 2)
            }
        }
        for _ in 0..<3000 {
            let properties: Properties = ["k": value()]
            try store.createNode(labels: ["L"], properties: properties)
            try plain.createNode(labels: ["L"], properties: properties)
            // Half of them are there when the index is made.
            if store.nodeCount == 1500 { try store.create(.index(label: "L", keys: ["k"])) }
        }
        for round in 0..<3 {
            let low = Value.string("a long beginning in common 1")
            for predicate in [
                .range("k", 10...20), .range("k", 10.0..<10.5), .range("k", low...),
                .prefix("k", "a long beginning in common 2"), .equals("k", 7), .range("k", ..<low),
            ] as [PropertyPredicate] {
                let found = store.nodes(labeled: "L", where: predicate)
                #expect(Array(found) == Array(plain.nodes(labeled: "L", where: predicate)))
                #expect(found.usesIndex && (!found.isEmpty || round == 2))
            }
            for id in Array(store.nodeIDs) {
                if round == 1 || random.below(3) == 0 {
                    try store.deleteNode(id)
                    try plain.deleteNode(id)
                } else {
                    let value = value()
                    try store.setProperty("k", to: value, of: id)
                    try plain.setProperty("k", to: value, of: id)
                }
            }
        }
    }
}
