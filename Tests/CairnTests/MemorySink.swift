// SPDX-License-Identifier: Apache-2.0

import CairnFormat

/// Keeps the records of a snapshot in memory.
struct MemorySink: SectionSink {
    private(set) var records: [[UInt8]] = []

    mutating func beginSection(_ id: UInt32) throws(Never) {
        records.append([UInt8](String(id).utf8))
    }

    mutating func appendRecord(_ write: (inout BinaryBuffer) -> Void) throws(Never) {
        var buffer = BinaryBuffer()
        write(&buffer)
        records.append(buffer.array())
    }
}
