// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import Testing

struct BinaryBufferTests {
    @Test func growingKeepsAllBytes() {
        for step in [1, 3, 16, 100, 5000] {
            var buffer = BinaryBuffer(capacity: 0)
            var model: [UInt8] = []
            for round in 0..<50 {
                let bytes = [UInt8](repeating: UInt8(round), count: step)
                buffer.append(bytes)
                buffer.append(UInt16(0xabcd))
                buffer.append(zeros: 3)
                model += bytes + [0xcd, 0xab, 0, 0, 0]
            }
            expectEqual(buffer.array(), model, "step \(step)")
            expectEqual(buffer.bytes.array(), model)
            expectEqual(buffer.count, model.count)
        }
    }

    @Test func cuttingAndOverwriting() {
        var buffer = BinaryBuffer()
        buffer.append([1, 2, 3, 4, 5])
        buffer.overwrite(UInt16(0x0908), at: 3)
        expectEqual(buffer.array(), [1, 2, 3, 8, 9])
        buffer.removeFirst(2)
        expectEqual(buffer.array(), [3, 8, 9])
        buffer.truncate(to: 1)
        expectEqual(buffer.array(), [3])
        buffer.removeFirst(1)
        expectEqual(buffer.isEmpty, true)
        buffer.append(utf8: "é")
        expectEqual(buffer.array(), [0xc3, 0xa9])
        buffer.removeAll()
        expectEqual(buffer.array(), [])
    }

    @Test func removingFromTheFrontMovesOverlappingBytes() {
        var buffer = BinaryBuffer()
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
        buffer.append(bytes)
        buffer.removeFirst(3)
        expectEqual(buffer.array(), Array(bytes.dropFirst(3)))
    }

    @Test func failedAppendLeavesTheBufferAsItWas() {
        struct Stop: Error {}
        var buffer = BinaryBuffer(capacity: 16)
        buffer.append([1])
        do throws(Stop) {
            try buffer.append(addingCapacity: 100) { output throws(Stop) in
                output.append(UInt8(2))
                throw Stop()
            }
        } catch {}
        expectEqual(buffer.array(), [1])
        buffer.append(addingCapacity: 2) { output in
            output.append(UInt8(3))
        }
        expectEqual(buffer.array(), [1, 3])
    }

    @Test func misuseStopsTheProgram() async {
        await #expect(processExitsWith: .failure) {
            var buffer = BinaryBuffer()
            buffer.append([1, 2, 3])
            buffer.overwrite(UInt32(0), at: 0)
        }
        await #expect(processExitsWith: .failure) {
            var buffer = BinaryBuffer()
            buffer.truncate(to: 1)
        }
        await #expect(processExitsWith: .failure) {
            var buffer = BinaryBuffer()
            buffer.removeFirst(1)
        }
    }
}
