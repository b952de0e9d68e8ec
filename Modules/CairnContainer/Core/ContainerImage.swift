// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnIO
internal import SystemPackage

/// A container as it was read from its file.
struct ContainerImage {
    let file: any VirtualFile
    let header: ContainerHeader
    var tree: ContainerTree
    let journal: JournalPosition
    let fileByteCount: UInt64
    /// Whether something lies behind the last record that a crash left.
    let isTorn: Bool

    /// Opens a container and reads its journal.
    ///
    /// - Parameter isLive: Another process may write meanwhile: what looks damaged is read again before it is called so.
    /// - Throws: ``StorageError`` with code `.notFound`, `.damaged`, `.unsupportedVersion`, `.notAContainer`, or what
    ///   reading throws.
    static func read(
        _ name: FileName, in base: any VirtualDirectory, _ access: FileAccess, isLive: Bool
    ) throws(StorageError) -> ContainerImage {
        for _ in 0..<(isLive ? 3 : 0) {
            do throws(StorageError) {
                return try read(name, in: base, access)
            } catch {
                guard error.code == .damaged else { throw error }
                Locked(false).sleep(nanoseconds: 1_000_000) { $0 }
            }
        }
        return try read(name, in: base, access)
    }

    private static func read(
        _ name: FileName, in base: any VirtualDirectory, _ access: FileAccess
    ) throws(StorageError) -> ContainerImage {
        let path = base.path.appending(name.string)
        let file = try base.openFile(name, access)
        let header = try header(of: file, path)
        var reader = try JournalReader(file, header)
        var tree = ContainerTree(end: header.journal.upperBound)
        let isTorn = try reader.readOn(&tree, path)
        return ContainerImage(
            file: file, header: header, tree: tree, journal: reader.position,
            fileByteCount: reader.fileByteCount, isTorn: isTorn)
    }

    /// Reads the header of a container.
    static func header(
        of file: any VirtualFile, _ path: FilePath
    ) throws(StorageError) -> ContainerHeader {
        let bytes = try file.bytes(0..<UInt64(ContainerLayout.headerByteCount))
        do throws(FormatError) {
            return try ContainerHeader(from: bytes.span.bytes)
        } catch {
            let isForeign =
                error.code == .badMagic
                || error.code == .truncated && bytes.count < FilePreamble.byteCount
            let code: StorageError.Code =
                isForeign
                ? .notAContainer
                : error.code == .unsupportedVersion ? .unsupportedVersion : .damaged
            throw StorageError(
                code: code, operation: .open, path: path, offset: UInt64(max(0, error.offset)))
        }
    }
}

extension JournalReader {
    /// Reads all records up to the end, or up to what a crash left.
    ///
    /// - Returns: Whether a crash left something.
    /// - Throws: ``StorageError`` with code `.damaged` or `.unsupportedVersion`, or what reading throws.
    mutating func readOn(
        _ tree: inout ContainerTree, _ path: FilePath
    ) throws(StorageError) -> Bool {
        while true {
            let offset = position.offset
            switch try next() {
            case .end: return false
            case .record(let record):
                do throws(ContainerTree.Defect) {
                    try tree.apply(record, position.sequence)
                } catch {
                    throw Self.error(.damaged, path, offset)
                }
            case .damage(let damage):
                switch try judge(damage) {
                case .torn: return true
                case .loss: throw Self.error(.damaged, path, damage.offset)
                case .newer: throw Self.error(.unsupportedVersion, path, damage.offset)
                }
            }
        }
    }

    private static func error(
        _ code: StorageError.Code, _ path: FilePath, _ offset: UInt64
    ) -> StorageError {
        StorageError(code: code, operation: .open, path: path, offset: offset)
    }
}

extension VirtualFile {
    /// Bytes of the file; fewer where it ends.
    func bytes(_ range: Range<UInt64>) throws(StorageError) -> [UInt8] {
        let count = Int(range.upperBound - range.lowerBound)
        var buffer = BinaryBuffer(capacity: count)
        try buffer.append(addingCapacity: count) { (span) throws(StorageError) in
            try read(into: &span, at: range.lowerBound)
        }
        return buffer.array()
    }
}
