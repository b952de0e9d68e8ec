// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import Testing

@testable import CairnGraph

/// Four relationships of type R: k is 0, 0, 1, 1 and n is 1; one of type S with the same values.
struct RelationshipRuleTests {
    var store = GraphStore()
    let list = EventList()
    let ends: (NodeID, NodeID)

    init() throws {
        ends = (try store.createNode(labels: ["R"]), try store.createNode())
        store.recorder = list
        for number in 0..<5 {
            try store.createRelationship(
                number == 4 ? "S" : "R", from: ends.0, to: ends.1,
                properties: ["k": .int(Int64(number / 2 % 2)), "n": 1])
        }
    }

    private static func id(_ number: UInt64) -> RelationshipID { RelationshipID(rawValue: number) }

    private static func text(_ error: GraphError?) -> String { error.map { "\($0)" } ?? "?" }

    // MARK: Making rules

    @Test mutating func rulesThatDataViolatesNameTheRelationshipsAndChangeNothing() throws {
        try store.createRelationship(
            "R", from: ends.1, to: ends.0, properties: ["n": "text"])
        for _ in 0..<10 { try store.createRelationship("T", from: ends.0, to: ends.0) }
        let image = store.image
        let count = list.events.count
        let cases: [(RelationshipRule, [UInt64])] = [
            (.existence(type: "R", key: "k"), [5]),
            (.valueType(type: "R", key: "n", .int), [5]),
            (.key(type: "R", keys: ["k"]), [5]),
            (.unique(type: "R", keys: ["k"]), [0, 1, 2, 3]),
            (.unique(type: "R", keys: ["n", "k"]), [0, 1, 2, 3]),
            (.existence(type: "T", key: "x"), Array(6..<14)),
        ]
        for (rule, violators) in cases {
            let error = store.refusal { store throws(GraphError) in try store.create(rule) }
            #expect(error?.code == .constraintViolatedByData)
            #expect(error?.violatingRelationshipIDs.map(\.rawValue) == violators, "\(rule)")
            #expect(error?.relationshipID?.rawValue == violators.first)
            #expect(error?.type == rule.type && error?.label == nil && error?.nodeID == nil)
            #expect(
                Self.text(error).contains("relationships of type")
                    && !Self.text(error).contains("?"))
        }
        #expect(store.image == image && list.events.count == count)
        #expect(store.relationshipRules.isEmpty)
    }

    @Test mutating func rulesThatCannotBeAreRefused() {
        let rules: [RelationshipRule] = [
            .key(type: "R", keys: []), .index(type: "R", keys: ["k", "k"]),
            .unique(type: "R", keys: []), .unique(type: "R", keys: ["k", "k"]),
            .index(type: "R", keys: (0..<17).map { "k\($0)" }),
        ]
        for rule in rules {
            let error = store.refusal { store throws(GraphError) in try store.create(rule) }
            #expect(error?.code == .invalidRule && error?.type == "R")
        }
        for rule in [.existence(type: "", key: "k"), .index(type: "R", keys: [""])]
            as [RelationshipRule]
        {
            let error = store.refusal { store throws(GraphError) in try store.create(rule) }
            #expect(error?.code == .invalidName)
        }
        #expect(store.relationshipRules.isEmpty)
    }

    @Test mutating func aRuleThatIsThereIsNotMadeAgain() throws {
        let rules: [RelationshipRule] = [
            .existence(type: "R", key: "k"), .valueType(type: "R", key: "n", .int),
            .key(type: "S", keys: ["k", "n"]), .index(type: "R", keys: ["n", "k"]),
            .unique(type: "S", keys: ["n"]),
        ]
        for rule in rules { #expect(try store.create(rule)) }
        let count = list.events.count
        for rule in rules { #expect(try !store.create(rule)) }
        #expect(list.events.count == count)
        #expect(
            store.relationshipRules == [
                .existence(type: "R", key: "k"), .valueType(type: "R", key: "n", .int),
                .index(type: "R", keys: ["n", "k"]), .key(type: "S", keys: ["k", "n"]),
                .unique(type: "S", keys: ["n"]),
            ])
        for rule in rules { #expect(try store.drop(rule)) }
        for rule in rules { #expect(try !store.drop(rule)) }
        #expect(store.relationshipRules.isEmpty && list.events.count == count + rules.count)
    }

    @Test mutating func aRuleForATypeIsNoneForTheLabelOfTheSameName() throws {
        try store.create(.existence(type: "R", key: "k"))
        try store.create(.index(label: "R", keys: ["k"]))
        try store.createNode(labels: ["R"])
        #expect(store.rules == [.index(label: "R", keys: ["k"])])
        #expect(store.relationshipRules == [.existence(type: "R", key: "k")])
        #expect(try !store.drop(.existence(label: "R", key: "k")))
        #expect(try !store.drop(.index(type: "R", keys: ["k"])))
    }

    // MARK: What they refuse

    @Test mutating func rulesHoldFromNowOn() throws {
        try store.create(.existence(type: "R", key: "k"))
        try store.create(.valueType(type: "R", key: "n", .int))
        let steps: [(GraphStep, GraphError.Code, String)] = [
            (.createRelationship("R", 0, 1, [:]), .missingProperty, "k"),
            (.createRelationship("R", 0, 1, ["k": 1, "n": 1.5]), .wrongType, "n"),
            (.createRelationship("R", 0, 1, ["n": "text"]), .missingProperty, "k"),
            (.setRelationshipProperty(0, "k", .null), .missingProperty, "k"),
            (.setRelationshipProperty(0, "n", "text"), .wrongType, "n"),
            (.setRelationshipProperties(0, ["n": 2]), .missingProperty, "k"),
        ]
        let image = store.image
        for (step, code, key) in steps {
            let error = store.refusal { store throws(GraphError) in try store.perform(step) }
            #expect(error?.code == code && error?.key == key && error?.type == "R", "\(step)")
            #expect(error?.label == nil && !Self.text(error).contains("?"))
            #expect(Self.text(error).contains("relationship of type \"R\""))
        }
        #expect(throws: GraphError.self) {
            try store.createRelationships("R", between: [(from: ends.0, to: ends.1)])
        }
        #expect(store.image == image)
        // Another type is free, and so is a property that is taken away where no rule demands it.
        try store.createRelationship("S", from: ends.0, to: ends.1)
        try store.setProperty("n", to: nil, of: Self.id(0))
        try store.drop(.existence(type: "R", key: "k"))
        try store.createRelationship("R", from: ends.0, to: ends.1)
    }

    @Test mutating func everyWayToTakeAUniqueValueTwiceIsRefused() throws {
        for number in 0..<4 {
            try store.setProperty("k", to: .int(Int64(number)), of: Self.id(UInt64(number)))
        }
        try store.create(.unique(type: "R", keys: ["k"]))
        let image = store.image
        let count = list.events.count
        let steps: [GraphStep] = [
            .createRelationship("R", 1, 0, ["k": 2]), .setRelationshipProperty(0, "k", 2),
            .setRelationshipProperties(1, ["k": 2, "l": 1]),
        ]
        let error = GraphError(
            code: .uniqueViolation, relationshipID: Self.id(2), key: "k", value: 2, type: "R")
        for step in steps {
            #expect(store.refusal { store throws(GraphError) in try store.perform(step) } == error)
        }
        #expect("\(error)".contains("relationship 2 of type \"R\" has this value"))
        #expect(store.image == image && list.events.count == count)
        // Its own value, another type, a value of another kind, and no value are free.
        try store.setProperties(["k": 2], of: Self.id(2))
        try store.createRelationship("S", from: ends.0, to: ends.1, properties: ["k": 2])
        try store.createRelationship("R", from: ends.0, to: ends.1, properties: ["k": 2.0])
        try store.createRelationship("R", from: ends.0, to: ends.1)
        try store.createRelationship("R", from: ends.0, to: ends.1)
        #expect(store.relationship(typed: "R", "k", equals: 2) == Self.id(2))
        // A value is free once its relationship lost it, or itself.
        try store.deleteRelationship(Self.id(2))
        try store.setProperty("k", to: 2, of: Self.id(3))
        try store.setProperty("k", to: 3, of: Self.id(1))
        #expect(store.relationship(typed: "R", "k", equals: 3) == Self.id(1))
    }

    @Test mutating func whatIsUniqueTogetherMayBeTheSameInOne() throws {
        try store.setProperty("n", to: 2, of: Self.id(1))
        try store.setProperty("n", to: 2, of: Self.id(3))
        try store.create(.unique(type: "R", keys: ["n", "k"]))
        try store.createRelationship("R", from: ends.0, to: ends.1, properties: ["n": 2])
        try store.createRelationship("R", from: ends.0, to: ends.1, properties: ["n": 2])
        let (from, to) = ends
        let error = store.refusal { store throws(GraphError) in
            try store.createRelationship("R", from: from, to: to, properties: ["k": 1, "n": 2])
        }
        #expect(error?.code == .uniqueViolation && error?.relationshipID == Self.id(3))
        let found = store.relationships(typed: "R", where: .equals(["k": 1, "n": 2]))
        #expect(found.map(\.rawValue) == [3] && found.usesIndex)
        #expect(found.rule == .unique(type: "R", keys: ["n", "k"]))
    }

    @Test mutating func deletingANodeWithItsRelationshipsFreesTheirValues() throws {
        try store.create(.unique(type: "S", keys: ["k"]))
        try store.create(.index(type: "R", keys: ["k"]))
        try store.deleteNode(ends.1, detach: true)
        #expect(store.relationships(typed: "R", where: .range("k", 0...)).isEmpty)
        try store.createRelationship("S", from: ends.0, to: ends.0, properties: ["k": 0])
        #expect(store.relationship(typed: "S", "k", equals: 0) == Self.id(0))
    }

    // MARK: Finding

    @Test mutating func nothingElseIsLookedAtWhereARuleFindsIt() throws {
        for number in 0..<4 {
            try store.setProperty("k", to: .int(Int64(number)), of: Self.id(UInt64(number)))
        }
        for rule in [
            .unique(type: "R", keys: ["k"]), .key(type: "R", keys: ["k"]),
            .index(type: "R", keys: ["k", "n"]),
        ] as [RelationshipRule] {
            var store = store
            try store.create(rule)
            // Nobody who looked at all relationships of the type would find one now.
            store.typeIndexes[0] = SlotSet()
            #expect(store.relationship(typed: "R", "k", equals: 2) == Self.id(2))
            let found = store.relationships(typed: "R", where: .equals("k", 3))
            #expect(found.map(\.rawValue) == [3] && found.rule == rule)
        }
        #expect(store.relationships(typed: "R", where: .equals("k", 3)).rule == nil)
        #expect(store.relationships(typed: "T", where: .equals("k", 3)).isEmpty)
        #expect(store.relationships(typed: "R", where: .equals("unknown", 3)).isEmpty)
    }

    @Test mutating func relationshipsComeInTheOrderOfAnIndex() throws {
        try store.create(.index(type: "R", keys: ["n", "k"]))
        try store.setProperty("k", to: -1, of: Self.id(3))
        try store.setProperty("k", to: nil, of: Self.id(2))
        func ids(_ key: String, _ descending: Bool, _ values: Properties = [:]) -> [UInt64]? {
            store.relationships(
                typed: "R", orderedBy: key, descending: descending, having: values
            )?.map(\.rawValue)
        }
        #expect(ids("n", false) == [2, 3, 0, 1] && ids("n", true) == [1, 0, 3, 2])
        #expect(ids("k", false, ["n": 1]) == [2, 3, 0, 1] && ids("k", false, ["n": 2]) == [])
        #expect(ids("k", false) == nil && ids("n", false, ["k": 1]) == nil && ids("x", true) == nil)
        #expect(store.relationships(typed: "T", orderedBy: "n") == nil)
    }

    @Test mutating func rollbackGivesRulesAndTheirIndexesBack() throws {
        let index = RelationshipRule.index(type: "R", keys: ["k"])
        let unique = RelationshipRule.unique(type: "S", keys: ["k"])
        try store.create(index)
        try store.create(unique)
        let image = store.image
        try store.beginTransaction()
        try store.setProperty("k", to: 7, of: Self.id(0))
        try store.drop(index)
        try store.setProperty("k", to: 8, of: Self.id(1))
        let savepoint = try store.savepoint()
        try store.drop(unique)
        try store.createRelationship("S", from: ends.0, to: ends.1, properties: ["k": 0])
        try store.rollBack(to: savepoint)
        #expect(store.relationshipRules == [unique])
        try store.deleteRelationship(Self.id(4))
        try store.create(.existence(type: "R", key: "k"))
        #expect(!store.relationships(typed: "R", where: .equals("k", 8)).usesIndex)
        try store.rollBackTransaction()
        #expect(store.image == image && store.relationshipRules == [index, unique])
        let found = store.relationships(typed: "R", where: .equals("k", 0))
        #expect(found.map(\.rawValue) == [0, 1] && found.rule == index)
        #expect(store.relationship(typed: "S", "k", equals: 0) == Self.id(4))
    }

    /// Texts that agree in more than the first bytes, many equal values, and leaves that are split,
    /// emptied and joined.
    @Test func anIndexOfManyRelationshipsAgreesWithLookingAtAll() throws {
        var random = SplitMix64(seed: 22)
        var store = GraphStore()
        var plain = GraphStore()
        func value() -> Value {
            switch random.below(3) {
            case 0: .int(Int64(random.below(50)))
            case 1: .string("a long beginning in common \(random.below(300))")
            default: .double(Double(random.below(100)) / 2)
            }
        }
        let node = try store.createNode()
        try plain.createNode()
        for _ in 0..<3000 {
            let properties: Properties = ["k": value()]
            try store.createRelationship("R", from: node, to: node, properties: properties)
            try plain.createRelationship("R", from: node, to: node, properties: properties)
            // Half of them are there when the index is made.
            if store.relationshipCount == 1500 { try store.create(.index(type: "R", keys: ["k"])) }
        }
        for round in 0..<3 {
            let low = Value.string("a long beginning in common 1")
            for predicate in [
                .range("k", 10...20), .range("k", 10.0..<10.5), .range("k", low...),
                .prefix("k", "a long beginning in common 2"), .equals("k", 7), .range("k", ..<low),
            ] as [PropertyPredicate] {
                let found = store.relationships(typed: "R", where: predicate)
                #expect(
                    Array(found) == Array(plain.relationships(typed: "R", where: predicate)))
                #expect(found.usesIndex && (!found.isEmpty || round == 2))
            }
            for id in Array(store.relationshipIDs) {
                if round == 1 || random.below(3) == 0 {
                    try store.deleteRelationship(id)
                    try plain.deleteRelationship(id)
                } else {
                    let value = value()
                    try store.setProperty("k", to: value, of: id)
                    try plain.setProperty("k", to: value, of: id)
                }
            }
        }
    }

    // MARK: Replay

    /// Events from bytes take a way of their own, also for relationships without properties and for those that are
    /// alike.
    @Test func replayFromBytesAsksTheRules() throws {
        let rules: [RelationshipRule] = [
            .existence(type: "R", key: "k"), .unique(type: "R", keys: ["k"]),
            .index(type: "R", keys: ["k"]),
        ]
        for rule in rules {
            var store = GraphStore()
            let node = try store.createNode()
            try store.create(rule)
            var plain = GraphStore()
            try plain.createNode()
            let list = EventList()
            plain.recorder = list
            for number in 0..<6 {
                let isBad = number == 4
                let properties: Properties =
                    switch rule {
                    case .existence where isBad: [:]
                    case .unique where isBad: ["k": 3]
                    default: ["k": .int(Int64(number))]
                    }
                try plain.createRelationship("R", from: node, to: node, properties: properties)
            }
            var accepted = 0
            let error = failure {
                for event in list.events.prefix(5) {
                    // One table of symbols for all: so the store takes them for one batch.
                    var encoder = EventEncoder()
                    for name in ["R", "k"] { _ = encoder.symbols.intern(name) }
                    event.encode(into: &encoder)
                    try store.replay(
                        encoder.bytes.array(), SymbolTable(encoder.symbols.symbols))
                    accepted += 1
                }
            }
            if case .index = rule {
                #expect(error == nil && accepted == 5)
                let found = store.relationships(typed: "R", where: .range("k", 2...))
                #expect(found.map(\.rawValue) == [2, 3, 4] && found.usesIndex)
            } else {
                #expect(error != nil && accepted == 4, "\(rule)")
            }
        }
    }

    @Test mutating func rulesComeBackFromASnapshot() throws {
        try store.create(.unique(type: "S", keys: ["k", "n"]))
        try store.create(.index(type: "R", keys: ["k", "n"]))
        try store.create(.existence(type: "unused", key: "z"))
        var loaded = try GraphStore(store.image)
        #expect(loaded.image == store.image)
        #expect(loaded.relationshipRules == store.relationshipRules)
        #expect(loaded.relationships(typed: "R", where: .equals("k", 1)).usesIndex)
        #expect(throws: GraphError.self) {
            try loaded.createRelationship(
                "S", from: ends.0, to: ends.1, properties: ["k": 0, "n": 1])
        }
        try store.drop(.existence(type: "unused", key: "z"))
        #expect(try GraphStore(store.image).relationshipRules.count == 2)
    }
}
