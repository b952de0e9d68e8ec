// SPDX-License-Identifier: Apache-2.0

import CairnIO
import SystemPackage

/// A file in memory that can only be read.
final class BytesFile: VirtualFile {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func byteCount() throws(StorageError) -> UInt64 { UInt64(bytes.count) }

    func read(into output: inout OutputRawSpan, at offset: UInt64) throws(StorageError) {
        guard offset < UInt64(bytes.count) else { return }
        let start = Int(offset)
        for index in start..<min(bytes.count, start + output.freeCapacity) {
            output.append(bytes[index])
        }
    }

    func write(_ bytes: RawSpan, at offset: UInt64) throws(StorageError) { throw Self.refusal }
    func writeDurably(_ bytes: RawSpan, at offset: UInt64) throws(StorageError) {
        throw Self.refusal
    }
    func truncate(to byteCount: UInt64) throws(StorageError) { throw Self.refusal }
    func sync() throws(StorageError) {}
    func close() throws(StorageError) {}

    private static var refusal: StorageError {
        StorageError(code: .readOnly, operation: .write, path: "")
    }
}
