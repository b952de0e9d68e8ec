// SPDX-License-Identifier: Apache-2.0

#if os(Linux)
import Glibc
import Testing

@testable import CairnGraph

/// How much more memory the process has after a graph was made, all lists and indexes included. Each runs
/// in a process of its own, where no other thread asks for memory.
struct MemoryTests {
    @Test func aNodeWithoutPropertiesTakesAtMost48Bytes() async {
        await #expect(processExitsWith: .success) {
            let count = 300_000
            var store = GraphStore()
            let before = residentByteCount()
            for _ in 0..<count { try store.createNode(labels: ["L"]) }
            let byteCount = residentByteCount() - before
            precondition(store.nodeCount == count)
            precondition(byteCount <= count * 48, "\(byteCount / count) bytes for a node")
            precondition(byteCount > store.nodeTable.byteCount / 2, "nothing was measured")
        }
    }

    @Test func aRelationshipTakesAtMost48BytesWithBothItsEntries() async {
        await #expect(processExitsWith: .success) {
            let count = 300_000
            var store = GraphStore()
            for _ in 0..<count / 4 { try store.createNode(labels: ["L"]) }
            var random = SplitMix64(seed: 3)
            let before = residentByteCount()
            for _ in 0..<count {
                let ends = (UInt64(random.below(count / 4)), UInt64(random.below(count / 4)))
                try store.createRelationship(
                    "R", from: NodeID(rawValue: ends.0), to: NodeID(rawValue: ends.1))
            }
            let byteCount = residentByteCount() - before
            precondition(store.relationshipCount == count)
            precondition(byteCount <= count * 48, "\(byteCount / count) bytes for one")
            precondition(
                byteCount > store.relationshipTable.byteCount / 2, "nothing was measured")
        }
    }

    @Test func aViewCostsOnlyTheChunksThatChange() async {
        await #expect(processExitsWith: .success) {
            let text = Value.string(String(repeating: "x", count: 400))
            var store = GraphStore()
            for _ in 0..<100_000 { try store.createNode(properties: ["t": text]) }
            let before = residentByteCount()
            let view = store.view()
            try store.setProperty("t", to: 1, of: NodeID(rawValue: 50_000))
            let byteCount = residentByteCount() - before
            let whole = store.nodeTable.byteCount
            precondition(byteCount < whole / 16, "\(byteCount) of \(whole) bytes")
            precondition(view.node(NodeID(rawValue: 50_000))?["t"] == text)
            precondition(store.node(NodeID(rawValue: 50_000))?["t"] == 1)
        }
    }
}

/// How many bytes of memory the process has.
private func residentByteCount() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { fatalError("no /proc") }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    guard fgets(&line, 256, file) != nil else { fatalError("nothing in /proc/self/statm") }
    let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    guard let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
        fatalError("unknown form of /proc/self/statm")
    }
    return pages * sysconf(Int32(_SC_PAGESIZE))
}
#endif
