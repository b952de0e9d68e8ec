// SPDX-License-Identifier: Apache-2.0

import CairnGraph
import Testing

/// Properties, and what lies within them, as Swift types.
struct ValueConvertibleTests {
    var store = GraphStore()

    @Test mutating func propertiesAreReadAsSwiftTypes() throws {
        let day = CalendarDate(year: 2026, month: 1, day: 2)!
        let id = try store.createNode(properties: [
            "size": 3, "ratio": 0.5, "name": "x", "day": .date(day), "on": true,
        ])
        let node = try #require(store.node(id))
        #expect(node["size", as: Int64.self] == 3 && node["size", as: Int.self] == 3)
        #expect(node["ratio", as: Double.self] == 0.5 && node["name", as: String.self] == "x")
        #expect(node["on", as: Bool.self] == true && node["day", as: CalendarDate.self] == day)
        #expect(node["size", as: Double.self] == nil && node["ratio", as: Int64.self] == nil)
        #expect(node["missing", as: String.self] == nil)
        let relationship = try store.createRelationship("R", from: id, to: id, properties: ["w": 2])
        #expect(store.relationship(relationship)?["w", as: Int.self] == 2)
    }

    @Test mutating func everyTypeOfValueIsReadAsASwiftType() throws {
        let time = LocalTime(hour: 1, minute: 2)!
        let id = try store.createNode(properties: [
            "time": time.value, "bytes": .bytes([1, 2]), "tags": ["a", "b"], "mixed": ["a", 1],
            "deep": [[1], [2, 3]],
        ])
        let node = try #require(store.node(id))
        #expect(node["time", as: LocalTime.self] == time)
        #expect(node["bytes", as: [UInt8].self] == [1, 2])
        #expect(node["tags", as: [UInt8].self] == nil)
        #expect(node["tags", as: [String].self] == ["a", "b"])
        #expect(node["mixed", as: [String].self] == nil)
        #expect(node["mixed", as: [Value].self] == ["a", 1])
        #expect(node["deep", as: [[Int]].self] == [[1], [2, 3]])
        #expect(["a", "b"].value == ["a", "b"] as Value)
    }

    @Test mutating func whatLiesWithinMapsAndListsIsReadLikeProperties() throws {
        let id = try store.createNode(properties: [
            "address": [
                "city": "Ulm", "number": 7, "key": .bytes([1, 2]), "door": nil,
                "place": ["x": 0.5, "tags": ["a", "b"]],
            ],
            "steps": [1, "two", .bytes([3]), nil, ["n": 4], [5]],
        ])
        let node = try #require(store.node(id))
        let address = try #require(node["address"])
        #expect(address["city"] == "Ulm" && address["city", as: String.self] == "Ulm")
        #expect(address["number", as: Int.self] == 7)
        #expect(address["key", as: [UInt8].self] == [1, 2])
        #expect(address["place"]?["x", as: Double.self] == 0.5)
        #expect(address["place"]?["tags", as: [String].self] == ["a", "b"])
        #expect(address["place"]?["tags"]?[1] == "b")
        #expect(address["door"] == Value?.some(.null) && address["window"] == Value?.none)
        #expect(address["number", as: String.self] == nil && address["door", as: Int.self] == nil)
        #expect(address["city", as: [UInt8].self] == nil && address["window", as: Int.self] == nil)
        #expect(address[0] == Value?.none && address[0, as: Int.self] == nil)

        let steps = try #require(node["steps"])
        #expect(steps[0] == 1 && steps[0, as: Int.self] == 1 && steps[1, as: String.self] == "two")
        #expect(steps[2, as: [UInt8].self] == [3] && steps[3] == Value?.some(.null))
        #expect(steps[4]?["n", as: Int.self] == 4 && steps[5, as: [Int].self] == [5])
        #expect(steps[-1] == Value?.none && steps[6] == Value?.none && steps[.max] == Value?.none)
        #expect(steps[1, as: Int.self] == nil && steps[1, as: [UInt8].self] == nil)
        #expect(steps["n"] == Value?.none && steps["n", as: Int.self] == nil)

        // The properties themselves, and a map taken out of its value, are dictionaries.
        #expect(node.properties["steps", as: [Value].self]?.count == 6)
        #expect(node.properties["address", as: Properties.self]?["number", as: Int.self] == 7)
        #expect(node.properties["steps", as: Int.self] == nil)
        #expect(Properties(address)?["key", as: [UInt8].self] == [1, 2])
        #expect(Properties(address)?["city", as: [UInt8].self] == nil)
    }

    @Test mutating func mapsAndNullsAreReadAsSwiftTypes() throws {
        let id = try store.createNode(properties: [
            "limits": ["a": 1, "b": nil], "names": ["de": "Ulm", "la": "Ulma"],
            "deep": ["x": [["y": 1]], "z": []], "gaps": [1, nil, 3], "none": [:],
        ])
        let node = try #require(store.node(id))
        #expect(node["names", as: [String: String].self] == ["de": "Ulm", "la": "Ulma"])
        #expect(node["names", as: [String: Int].self] == nil)
        #expect(node["names", as: [String].self] == nil)
        #expect(node["gaps", as: [String: Int].self] == nil)
        #expect(node["none", as: [String: Int].self] == [:])
        #expect(node["deep", as: [String: [[String: Int]]].self] == ["x": [["y": 1]], "z": []])
        #expect(node["limits", as: [String: Int].self] == nil)
        #expect(node["limits", as: [String: Int?].self] == ["a": 1, "b": nil])
        #expect(
            node["gaps", as: [Int].self] == nil && node["gaps", as: [Int?].self] == [1, nil, 3])
        #expect(node["gaps", as: [String?].self] == nil)
        #expect(["a": [1, nil]].value == ["a": [1, nil]] as Value)
        #expect(["a": Int?.none].value == ["a": nil] as Value)
        #expect(Int?.some(1).value == 1)
    }
}
