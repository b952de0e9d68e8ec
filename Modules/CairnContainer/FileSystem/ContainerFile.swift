// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
internal import Synchronization
internal import SystemPackage

/// An open file of a container.
final class ContainerFile: VirtualFile {
    private let core: ContainerCore
    private let number: UInt64
    private let path: FilePath
    private let access: FileAccess
    private let isOpen = Atomic(true)

    init(_ core: ContainerCore, _ number: UInt64, _ path: FilePath, _ access: FileAccess) {
        self.core = core
        self.number = number
        self.path = path
        self.access = access
        core.opened(number)
    }

    deinit { core.closed(number) }

    func byteCount() throws(StorageError) -> UInt64 {
        try checkOpen(.stat)
        return try core.byteCount(of: number)
    }

    func read(into output: inout OutputRawSpan, at offset: UInt64) throws(StorageError) {
        try checkOpen(.read)
        try core.read(number, into: &output, at: offset)
    }

    func write(_ bytes: RawSpan, at offset: UInt64) throws(StorageError) {
        try checkWritable(.write)
        try core.write(number, bytes, at: offset, durably: false)
    }

    func writeDurably(_ bytes: RawSpan, at offset: UInt64) throws(StorageError) {
        try checkWritable(.write)
        try core.write(number, bytes, at: offset, durably: true)
    }

    func truncate(to byteCount: UInt64) throws(StorageError) {
        try checkWritable(.truncate)
        try core.truncate(number, to: byteCount)
    }

    func sync() throws(StorageError) {
        try checkOpen(.sync)
        try core.sync(number)
    }

    func reserve(_ byteCount: UInt64) {
        guard access == .readWrite else { return }
        core.reserve(number, byteCount)
    }

    func close() throws(StorageError) { isOpen.store(false, ordering: .relaxed) }

    private func checkOpen(_ operation: StorageError.Operation) throws(StorageError) {
        guard isOpen.load(ordering: .relaxed) else {
            throw StorageError(code: .closed, operation: operation, path: path)
        }
    }

    private func checkWritable(_ operation: StorageError.Operation) throws(StorageError) {
        try checkOpen(operation)
        guard access == .readWrite else {
            throw StorageError(code: .readOnly, operation: operation, path: path)
        }
    }
}
