// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnIO
internal import SystemPackage

/// Makes an empty container: under another name first, so that the name never leads to half of one.
enum NewContainer {
    private static let journalByteCount: UInt64 = 12 << 10

    /// - Throws: ``StorageError`` with code `.exists` when the name is taken.
    static func create(
        _ name: FileName, in base: any VirtualDirectory, _ environment: StorageEnvironment
    ) throws(StorageError) {
        guard let newName = FileName(name.string + ContainerCore.newSuffix) else {
            throw StorageError(
                .fileNameTooLong, operation: .create, path: base.path.appending(name.string))
        }
        try ContainerCore.removeLeftover(newName, in: base)
        let file = try base.createFile(newName)
        do throws(StorageError) {
            let start = ContainerCore.pageByteCount
            let header = ContainerHeader(
                identity: (environment.randomness.next(), environment.randomness.next()),
                generation: 1, journal: start..<start + journalByteCount)
            var bytes = BinaryBuffer(capacity: Int(header.journal.upperBound))
            header.encode(into: &bytes)
            bytes.append(zeros: Int(header.journal.upperBound) - bytes.count)
            try file.write(bytes.bytes, at: 0)
            try file.sync()
            try file.close()
            try base.rename(newName, to: name)
        } catch {
            try? base.remove(newName)
            throw error
        }
        try base.sync()
    }
}
