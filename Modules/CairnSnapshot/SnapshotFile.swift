// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnIO
internal import CairnLSN

/// A file of a snapshot, read with errors that name it.
struct SnapshotFile {
    let file: any VirtualFile
    let fence: SnapshotFence?

    func byteCount() throws(SnapshotError) -> UInt64 {
        do throws(StorageError) {
            return try file.byteCount()
        } catch {
            throw SnapshotError(error, fence: fence)
        }
    }

    /// Replaces what is in `buffer` by the next `count` bytes.
    ///
    /// - Throws: ``SnapshotError`` with code `.damaged` and reason `.truncated` when the file ends
    ///   before.
    func read(_ count: Int, at offset: UInt64, into buffer: inout BinaryBuffer)
        throws(SnapshotError)
    {
        buffer.removeAll()
        do throws(StorageError) {
            try buffer.append(addingCapacity: count) { output throws(StorageError) in
                try file.read(into: &output, at: offset)
            }
        } catch {
            throw SnapshotError(error, fence: fence)
        }
        guard buffer.count == count else {
            throw SnapshotError(
                code: .damaged, fence: fence, offset: offset + UInt64(buffer.count),
                reason: .truncated)
        }
    }
}
