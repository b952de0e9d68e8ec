// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
package import CairnIO

extension VirtualFile {
    /// Reads a range of the file in pieces of 1 MiB at most, in order.
    ///
    /// - Parameter body: Called with each piece and its offset.
    /// - Returns: The end of what was read: that of the range, or of a file that ends before it.
    @discardableResult
    package func forEachChunk(
        in range: Range<UInt64>, _ body: (RawSpan, UInt64) throws(StorageError) -> Void
    ) throws(StorageError) -> UInt64 {
        var offset = range.lowerBound
        var chunk = BinaryBuffer(capacity: Int(clamping: min(range.upperBound - offset, 1 << 20)))
        while offset < range.upperBound {
            chunk.removeAll()
            try chunk.append(addingCapacity: Int(min(range.upperBound - offset, 1 << 20))) {
                (span) throws(StorageError) in try read(into: &span, at: offset)
            }
            guard !chunk.isEmpty else { break }
            try body(chunk.bytes, offset)
            offset += UInt64(chunk.count)
        }
        return offset
    }
}
