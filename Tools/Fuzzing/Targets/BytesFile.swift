// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
internal import SystemPackage

/// A file of given bytes that can only be read.
final class BytesFile: VirtualFile {
    private let content: [UInt8]

    init(_ content: [UInt8]) { self.content = content }

    func byteCount() -> UInt64 { UInt64(content.count) }

    func read(into output: inout OutputRawSpan, at offset: UInt64) {
        let start = Int(clamping: min(offset, UInt64(content.count)))
        let end = min(content.count, start + output.freeCapacity)
        for byte in content[start..<end] { output.append(byte) }
    }

    func write(_ bytes: RawSpan, at offset: UInt64) throws(StorageError) { throw Self.refusal }
    func writeDurably(_ bytes: RawSpan, at offset: UInt64) throws(StorageError) {
        throw Self.refusal
    }
    func truncate(to byteCount: UInt64) throws(StorageError) { throw Self.refusal }
    func sync() {}
    func close() {}

    private static var refusal: StorageError {
        StorageError(code: .readOnly, operation: .write, path: "bytes")
    }
}
