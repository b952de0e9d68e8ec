// SPDX-License-Identifier: Apache-2.0
//
// Prepared segments: what the next segments are made from. A prepared segment is prepared ahead of need, so that a rotation
// neither allocates blocks nor writes zeros.
//
// - A prepared segment lies beside the segments as `<16 hexadecimal digits>.prepared`. That is no name of a segment, so no
//   reader of the log ever looks at it, and losing one loses nothing.
// - It is ready when it holds zeros from its first to its last byte, durably. Only a ready one is taken in:
//   its header is made durable before it gets the name of a segment.
// - A recycled segment becomes a prepared segment by renaming, and is then filled like a new one. Zeros behind the last
//   frame stay the only clean end of a log. Were old bytes left in spite of that, the salt of their
//   checksums keeps them from being read as frames.

internal import CairnFormat
package import CairnIO

extension SegmentDirectory {
    /// The number of bytes that are written at once while a prepared segment is filled. The system keeps what one call wrote in one
    /// piece of its cache, and each later small write into a piece looks at all of its blocks: Docs/Decisions/0009.
    private static let fillByteCount = 16 << 10
    /// The number of bytes that are written between two syncs: other writers of the disk wait that long for it.
    private static let fillByteCountPerSync = 1 << 20

    /// The prepared segments that are ours, in the order of their names.
    package func preparedSegments() throws(SegmentError) -> [FileName] {
        do throws(StorageError) {
            var found: [FileName] = []
            for entry in try directory.list() where entry.kind == .file {
                guard let name = entry.name, Self.isPreparedSegment(name), try isOurs(name) else {
                    continue
                }
                found.append(name)
            }
            return found
        } catch {
            throw SegmentError(error)
        }
    }

    /// Creates an empty prepared segment.
    package func createPreparedSegment() throws(SegmentError) -> (
        name: FileName, file: any VirtualFile
    ) {
        let name = preparedName()
        do {
            return (name, try directory.createFile(name))
        } catch {
            throw SegmentError(error)
        }
    }

    /// Opens a prepared segment that an earlier process left, or one that was recycled.
    package func openPreparedSegment(_ name: FileName) throws(SegmentError) -> any VirtualFile {
        do {
            return try directory.openFile(name, .readWrite)
        } catch {
            throw SegmentError(error)
        }
    }

    /// Makes a prepared segment ready: zeros of exactly this size, durably, in writes of bounded size.
    ///
    /// - Parameters:
    ///   - prepared: The file to fill.
    ///   - byteCount: The size that the file gets.
    ///   - isWanted: Asked before each write; false ends the filling.
    /// - Returns: False when it was ended.
    package func fill(
        _ prepared: any VirtualFile, byteCount: UInt64, while isWanted: () -> Bool = { true }
    ) throws(SegmentError) -> Bool {
        do throws(StorageError) {
            let zeros = [UInt8](
                repeating: 0, count: Int(min(byteCount, UInt64(Self.fillByteCount))))
            if try prepared.byteCount() > byteCount { try prepared.truncate(to: byteCount) }
            prepared.reserve(byteCount)
            var offset: UInt64 = 0
            while offset < byteCount {
                guard isWanted() else { return false }
                let count = Int(min(byteCount - offset, UInt64(zeros.count)))
                try prepared.write(zeros.span.bytes.extracting(0..<count), at: offset)
                offset += UInt64(count)
                if offset % UInt64(Self.fillByteCountPerSync) == 0 { try prepared.sync() }
            }
            try prepared.sync()
            return true
        } catch {
            throw SegmentError(error)
        }
    }

    /// Makes a ready prepared segment the segment of the given name, durably: header, rename, directory sync.
    ///
    /// - Parameters:
    ///   - prepared: The file to use, and its name.
    ///   - name: The name of the segment.
    ///   - content: At least the header.
    /// - Returns: The open file of the segment.
    package func adopt(
        _ prepared: (name: FileName, file: any VirtualFile), as name: SegmentName, content: RawSpan
    ) throws(SegmentError) -> any VirtualFile {
        do throws(StorageError) {
            try prepared.file.writeDurably(content, at: 0)
            try directory.rename(prepared.name, to: name.fileName)
            try directory.sync()
            // Opened anew, so that errors speak of the segment.
            let file = try directory.openFile(name.fileName, .readWrite)
            try prepared.file.close()
            return file
        } catch {
            throw SegmentError(error, name: name)
        }
    }

    /// Takes a segment out of the log and keeps its file as a prepared segment. Durable after ``sync()``.
    ///
    /// - Precondition: The file has no readers: it will be overwritten.
    /// - Returns: The name of the prepared segment, which is not ready.
    package func recycle(_ name: SegmentName) throws(SegmentError) -> FileName {
        let prepared = preparedName()
        do {
            try directory.rename(name.fileName, to: prepared)
        } catch {
            throw SegmentError(error, name: name)
        }
        return prepared
    }

    /// Removes the file of a prepared segment, ready or not.
    package func removePreparedSegment(_ name: FileName) throws(SegmentError) {
        do {
            try directory.remove(name)
        } catch {
            throw SegmentError(error)
        }
    }

    private func preparedName() -> FileName {
        FileName("\(Self.hexadecimal(randomness.next())).prepared")!
    }

    private static func isPreparedSegment(_ name: FileName) -> Bool {
        guard name.ends(in: ".prepared") else { return false }
        let parts = name.string.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 2 && parts[1] == "prepared" && parts[0].utf8.count == 16
            && parts[0].utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }
}
