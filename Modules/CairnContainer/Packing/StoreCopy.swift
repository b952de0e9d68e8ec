// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
internal import CairnFormat
internal import CairnIO
internal import SystemPackage

/// Copies the files of a store, durably.
struct StoreCopy {
    /// Leaves out the zeros behind the last record of a segment: they are its clean end, and so is the end of the file. What
    /// a record ends in may be zeros, too, so the cut is where a record may end.
    let trimsLog: Bool

    /// Copies everything but the lock, prepared segments and what an interrupted call has left. What the target has of an
    /// interrupted copy is made anew; what is not of the source is an error.
    func copy(_ source: any VirtualDirectory, to target: any VirtualDirectory) throws {
        let entries = try source.list().filter { $0.name.map(Self.isWanted) ?? false }
        let names = Set(entries.map(\.name))
        for entry in try target.list() where !names.contains(entry.name) {
            throw StorageError(code: .notEmpty, operation: .create, path: target.path)
        }
        for entry in entries {
            guard let name = entry.name else { continue }
            switch entry.kind {
            case .directory:
                let folder = try StoreContainer.folder(name, in: target)
                try copy(try source.openDirectory(name), to: folder)
            case .file:
                do throws(StorageError) { try target.remove(name) } catch {
                    guard error.code == .notFound else { throw error }
                }
                let file = try source.openFile(name, .readOnly)
                let end = try end(of: file, name)
                try Self.copy(file, 0..<end, to: try target.createFile(name))
            case .other: continue
            }
        }
        try target.sync()
    }

    private static func isWanted(_ name: FileName) -> Bool {
        name != StoreDirectory.lockName && !name.string.hasSuffix(".prepared")
            && !name.string.hasSuffix(".creating")
    }

    private func end(of file: any VirtualFile, _ name: FileName) throws(StorageError) -> UInt64 {
        var end = try file.byteCount()
        guard trimsLog, name.string.hasSuffix(".wal") else { return end }
        while end > 0 {
            let start = end - min(end, 1 << 20)
            let bytes = try file.bytes(start..<end)
            if let last = bytes.lastIndex(where: { $0 != 0 }) {
                return Self.recordEnd(atLeast: start + UInt64(last) + 1, in: try file.byteCount())
            }
            end = start
        }
        return 0
    }

    /// The first place from `offset` on at which a record of a segment may end.
    private static func recordEnd(atLeast offset: UInt64, in byteCount: UInt64) -> UInt64 {
        let alignment = UInt64(FrameLayout.alignment)
        return min((offset + alignment - 1) / alignment * alignment, byteCount)
    }

    /// Copies a part of a file to the same place of another one, durably.
    static func copy(
        _ file: any VirtualFile, _ range: Range<UInt64>, to copy: any VirtualFile
    ) throws(StorageError) {
        copy.reserve(range.upperBound)
        var offset = range.lowerBound
        while offset < range.upperBound {
            let bytes = try file.bytes(offset..<min(range.upperBound, offset + (1 << 20)))
            guard !bytes.isEmpty else { break }
            try copy.write(bytes.span.bytes, at: offset)
            offset += UInt64(bytes.count)
        }
        try copy.sync()
        try copy.close()
    }
}
