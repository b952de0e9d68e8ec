// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
internal import SystemPackage

/// An open file of a ``SimulatedFileSystem``.
final class SimulatedFile: VirtualFile {
    private let fileSystem: SimulatedFileSystem
    private let node: NodeID
    // Text, because composing a `FilePath` takes longer than all the rest of a call.
    private let path: String
    private let access: FileAccess
    private let isClosed = Locked(false)

    init(_ fileSystem: SimulatedFileSystem, _ node: NodeID, _ path: String, _ access: FileAccess) {
        self.fileSystem = fileSystem
        self.node = node
        self.path = path
        self.access = access
    }

    func byteCount() throws(StorageError) -> UInt64 {
        try checkOpen(.stat)
        return try fileSystem.call(.init(.byteCount, path), as: .stat) { state, _ in
            UInt64(state.disk[node].volatile.bytes.count)
        }
    }

    func read(into output: inout OutputRawSpan, at offset: UInt64) throws(StorageError) {
        try checkOpen(.read)
        let count = output.freeCapacity
        let operation = SimulatedOperation(.read, path, offset: offset, byteCount: count)
        let short = { (state: inout SimulatedFileSystem.State, _: FaultRule.SilentFault) in
            let bytes = self.bytes(state, offset, count)
            return Array(bytes.prefix(bytes.count / 2))
        }
        let bytes = try fileSystem.call(operation, as: .read, silent: short) {
            state, _ throws(StorageError) in
            let bytes = self.bytes(state, offset, count)
            let range = Int(clamping: offset)..<Int(clamping: offset) + bytes.count
            if let lost = state.unreadable[self.node], lost.contains(where: { $0.overlaps(range) })
            {
                throw StorageError(.ioError, operation: .read, path: FilePath(self.path))
            }
            return bytes
        }
        output.withUnsafeMutableBytes { buffer, initializedCount in
            let room = UnsafeMutableRawBufferPointer(rebasing: buffer[initializedCount...])
            room.copyBytes(from: bytes)
            initializedCount += bytes.count
        }
    }

    private func bytes(
        _ state: SimulatedFileSystem.State, _ offset: UInt64, _ count: Int
    ) -> [UInt8] {
        let content = state.disk[node].volatile.bytes
        let start = Int(min(offset, UInt64(content.count)))
        return content.read(start..<start + min(count, content.count - start))
    }

    func write(_ bytes: RawSpan, at offset: UInt64) throws(StorageError) {
        let start = try checkWritable(.write, end: offset, plus: bytes.byteCount)
        let bytes = bytes.withUnsafeBytes { [UInt8]($0) }
        let operation = SimulatedOperation(.write, path, offset: offset, byteCount: bytes.count)
        let faulty = { (state: inout SimulatedFileSystem.State, extent: FaultRule.Extent) in
            state.disk.write(bytes.part(extent), at: start, to: self.node)
        }
        let silent = { (state: inout SimulatedFileSystem.State, fault: FaultRule.SilentFault) in
            guard let place = Self.place(of: start, fault) else { return }
            state.disk.write(bytes[...], at: place, to: self.node)
        }
        try fileSystem.call(operation, as: .write, faulty: faulty, silent: silent) { state, _ in
            state.disk.write(bytes[...], at: start, to: node)
        }
    }

    func writeDurably(_ bytes: RawSpan, at offset: UInt64) throws(StorageError) {
        let start = try checkWritable(.write, end: offset, plus: bytes.byteCount)
        let bytes = bytes.withUnsafeBytes { [UInt8]($0) }
        let operation = SimulatedOperation(
            .writeDurably, path, offset: offset, byteCount: bytes.count)
        let faulty = { (state: inout SimulatedFileSystem.State, extent: FaultRule.Extent) in
            switch extent {
            case .reportedLater:
                state.disk.failSync(self.node)
                state.lateErrors[self.node] = .ioError
            case .reverted: break
            default: state.disk.write(bytes.part(extent), at: start, to: self.node)
            }
        }
        let silent = { (state: inout SimulatedFileSystem.State, fault: FaultRule.SilentFault) in
            guard let place = Self.place(of: start, fault) else { return }
            state.disk.writeDurably(bytes[...], at: place, to: self.node)
        }
        try fileSystem.call(operation, as: .write, faulty: faulty, silent: silent) {
            state, isInFlight throws(StorageError) in
            try state.throwLateError(of: self.node, .write, self.path)
            if isInFlight {
                state.disk.write(bytes[...], at: start, to: self.node)
            } else {
                state.disk.writeDurably(bytes[...], at: start, to: self.node)
            }
        }
    }

    /// The place to which a write for `start` goes that reports success; nil for one that goes nowhere.
    private static func place(of start: Int, _ fault: FaultRule.SilentFault) -> Int? {
        switch fault {
        case .misdirected(let distance): max(0, start + distance)
        case .lost, .short: nil
        }
    }

    func truncate(to byteCount: UInt64) throws(StorageError) {
        let size = try checkWritable(.truncate, end: byteCount, plus: 0)
        let operation = SimulatedOperation(.truncate, path, offset: byteCount)
        try fileSystem.call(operation, as: .truncate) { state, _ in
            guard size != state.disk[node].volatile.bytes.count else { return }
            state.disk.change(node, .size(size))
        }
    }

    func sync() throws(StorageError) {
        try checkOpen(.sync)
        try fileSystem.sync(node, .init(.syncFile, path))
    }

    func close() throws(StorageError) {
        let wasClosed = isClosed.withLock { flag in
            defer { flag = true }
            return flag
        }
        guard !wasClosed else { return }
        try fileSystem.call(.init(.close, path), as: .close) { _, _ in }
    }

    private func checkOpen(_ operation: StorageError.Operation) throws(StorageError) {
        guard !isClosed.withLock({ $0 }) else {
            throw StorageError(code: .closed, operation: operation, path: FilePath(path))
        }
    }

    /// Checks what does not depend on the disk, and gives the offset as the disk counts it.
    private func checkWritable(
        _ operation: StorageError.Operation, end offset: UInt64, plus count: Int
    ) throws(StorageError) -> Int {
        try checkOpen(operation)
        guard access == .readWrite else {
            throw StorageError(code: .readOnly, operation: operation, path: FilePath(path))
        }
        guard offset <= Self.byteCountMax, UInt64(count) <= Self.byteCountMax - offset else {
            throw StorageError(.fileTooLarge, operation: operation, path: FilePath(path))
        }
        return Int(offset)
    }

    /// Enough for any test; the table of pages of such a file takes 8 MiB.
    private static let byteCountMax: UInt64 = 1 << 32
}

extension [UInt8] {
    func part(_ extent: FaultRule.Extent) -> ArraySlice<UInt8> {
        switch extent {
        case .nothing, .reverted, .reportedLater: []
        case .half: self[..<(count / 2)]
        case .everything: self[...]
        }
    }
}
