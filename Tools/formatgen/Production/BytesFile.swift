// SPDX-License-Identifier: Apache-2.0

import CairnIO
import SystemPackage

/// A file in memory that can only be read.
final class BytesFile: File {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func byteCount() throws(IOError) -> UInt64 { UInt64(bytes.count) }

    func read(into output: inout OutputRawSpan, at offset: UInt64) throws(IOError) {
        guard offset < UInt64(bytes.count) else { return }
        let start = Int(offset)
        for index in start..<min(bytes.count, start + output.freeCapacity) {
            output.append(bytes[index])
        }
    }

    func write(_ bytes: RawSpan, at offset: UInt64) throws(IOError) { throw Self.refusal }
    func writeDurably(_ bytes: RawSpan, at offset: UInt64) throws(IOError) { throw Self.refusal }
    func truncate(to byteCount: UInt64) throws(IOError) { throw Self.refusal }
    func sync() throws(IOError) {}
    func close() throws(IOError) {}

    private static var refusal: IOError { IOError(code: .readOnly, operation: .write, path: "") }
}
