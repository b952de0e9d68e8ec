// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import Testing

@testable import CairnGraph

/// Packing gives back every list as it was.
struct PropertyShapesTests {
    private static func unpacked(
        _ arena: [UInt8], at offset: Int, _ shapes: PropertyShapes
    ) -> PropertyList {
        shapes.withList(arena.span.bytes.extracting(offset..<arena.count)) {
            PropertyList(bytes: $0.array())
        }
    }

    private static let values: [Value] = [
        true, false, 0, -1, .int(.max), .int(.min), "", "text", .double(0), .double(-0.0),
        .double(0.1), .double(1.5), .double(.infinity), .double(-.infinity), .double(.nan),
        .double(.signalingNaN), .double(Double(bitPattern: 0x7ff8_0000_0000_0001)),
        .double(.leastNonzeroMagnitude), .double(Double(Float.leastNonzeroMagnitude)),
        .double(.greatestFiniteMagnitude), .bytes([]), .bytes([1, 2]), [], [1, "a", [nil]],
        ["k": ["l": 0.5]], .date(CalendarDate(dayNumber: -9)!),
        .vector(.float32([1, 2])),
    ]

    @Test func everyPairOfValuesComesBack() {
        var shapes = PropertyShapes()
        var arena: [UInt8] = []
        var lists: [(offset: Int, end: Int, list: PropertyList)] = []
        for first in Self.values {
            for second in Self.values {
                let list = PropertyList([(key: 3, value: first), (key: 300, value: second)])
                let offset = arena.count
                shapes.append(list, to: &arena)
                lists.append((offset, arena.count, list))
            }
        }
        for entry in lists {
            #expect(Self.unpacked(arena, at: entry.offset, shapes) == entry.list)
            let packed = arena.span.bytes.extracting(entry.offset..<arena.count)
            #expect(shapes.byteCount(packed) == entry.end - entry.offset)
        }
    }

    @Test func bytesAreThoseOfTheDiagram() {
        var shapes = PropertyShapes()
        var arena: [UInt8] = []
        let list = PropertyList([
            (key: 1, value: 0.5), (key: 2, value: true), (key: 3, value: .double(0.1)),
            (key: 4, value: -300), (key: 500, value: "ab"), (key: 501, value: [nil]),
        ])
        shapes.append(list, to: &arena)
        let wide = withUnsafeBytes(of: (0.1).bitPattern.littleEndian) { Array($0) }
        #expect(
            arena == [1, 0b011, 0, 0, 0, 0x3f] + wide + [0xd7, 0x04, 2, 0x61, 0x62, 1, 0])
        arena = []
        list.appendWithoutShape(to: &arena)
        #expect(arena == [0, UInt8(list.bytes.count)] + list.bytes)
    }

    @Test func nineFlagsTakeTwoBytes() {
        var shapes = PropertyShapes()
        for flags in 0..<512 {
            let list = PropertyList(
                (0..<9).map { (key: UInt32($0), value: .bool(flags >> $0 & 1 == 1)) })
            var arena: [UInt8] = []
            shapes.append(list, to: &arena)
            #expect(arena == [1, UInt8(flags & 0xff), UInt8(flags >> 8)])
            #expect(Self.unpacked(arena, at: 0, shapes) == list)
        }
        #expect(shapes.count == 1)
    }

    @Test func aListThatEndsLikeTheShapeBeforeIsAnotherShape() {
        var shapes = PropertyShapes()
        var arena: [UInt8] = []
        let all = PropertyList([(key: 1, value: true), (key: 2, value: 0.5), (key: 3, value: 9)])
        let lists = [
            all, all.setting(3, to: nil), all, all.setting(1, to: nil), all.setting(4, to: 1),
            all.setting(2, to: 7),
        ]
        var offsets: [Int] = []
        for list in lists {
            offsets.append(arena.count)
            shapes.append(list, to: &arena)
        }
        for (offset, list) in zip(offsets, lists) {
            #expect(Self.unpacked(arena, at: offset, shapes) == list)
        }
        #expect(shapes.count == 5)
    }

    @Test func longListsAndShapesBeyondTheLimitAreKeptAsTheyAre() {
        var shapes = PropertyShapes()
        for count in [900, 995, 996, 997, 998, 999, 1000, 1001, 5000] {
            var arena: [UInt8] = []
            let list = PropertyList([(key: 1, value: .bytes(Array(repeating: 7, count: count)))])
            shapes.append(list, to: &arena)
            #expect((arena[0] == 0) == (list.bytes.count > PropertyShapes.listByteCountMax))
            #expect(Self.unpacked(arena, at: 0, shapes) == list)
        }
        var arena: [UInt8] = []
        for key in 10..<UInt32(PropertyShapes.countMax + 100) {
            arena = []
            let list = PropertyList([(key: key, value: true)])
            shapes.append(list, to: &arena)
            #expect(Self.unpacked(arena, at: 0, shapes) == list)
        }
        #expect(shapes.count == PropertyShapes.countMax)
        #expect(arena[0] == 0)
    }

    @Test func keysAndKindsAreStoredOnce() throws {
        var store = GraphStore()
        for number in 0..<4096 {
            try store.createNode(properties: [
                "number": .int(Int64(number)), "score": .double(Double(number) / 4),
                "active": .bool(number % 3 == 0), "name": "abcdefgh",
            ])
        }
        // Shape 1, flags 1, number 2, score 4, name 9.
        #expect(store.nodeTable.propertyByteCount <= 4096 * 17)
    }
}
