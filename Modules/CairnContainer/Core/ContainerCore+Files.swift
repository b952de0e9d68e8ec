// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnIO
internal import SystemPackage

/// The bytes of files.
extension ContainerCore {
    /// How a write goes on.
    private enum Plan {
        case write(any VirtualFile, [ContainerPiece], needsSync: Bool)
        case grow
    }

    func byteCount(of number: UInt64) throws(StorageError) -> UInt64 {
        try refresh()
        return state.withLock { state in
            state.found(number).map { state.byteCount($0.entry) } ?? 0
        }
    }

    /// Reads from `offset` until the output is full or the file ends.
    func read(
        _ number: UInt64, into output: inout OutputRawSpan, at offset: UInt64
    ) throws(StorageError) {
        try refresh()
        let wanted = UInt64(output.freeCapacity)
        let plan = state.withLock {
            state -> (file: any VirtualFile, pieces: [ContainerPiece], byteCount: Int)? in
            guard let (entry, file) = state.found(number) else { return nil }
            let size = state.byteCount(entry)
            guard offset < size else { return nil }
            let end = offset + min(wanted, size - offset)
            return (file, entry.pieces(offset..<end), Int(end - offset))
        }
        guard let plan else { return }
        var done = 0
        for piece in plan.pieces {
            try Self.fill(&output, piece.byteCount, plan.file, piece.place, path)
            done += piece.byteCount
        }
        // Bytes that no extent holds were never written.
        if done < plan.byteCount {
            output.append(repeating: 0, count: plan.byteCount - done, as: UInt8.self)
        }
    }

    private static func fill(
        _ output: inout OutputRawSpan, _ byteCount: Int, _ file: any VirtualFile,
        _ place: UInt64, _ path: FilePath
    ) throws(StorageError) {
        var failure: StorageError?
        let count = output.withUnsafeMutableBytes { buffer, initializedCount in
            let part = UnsafeMutableRawBufferPointer(
                rebasing: buffer[initializedCount..<initializedCount + byteCount])
            var span = OutputRawSpan(buffer: part, initializedCount: 0)
            do throws(StorageError) { try file.read(into: &span, at: place) } catch {
                failure = error
            }
            let count = span.finalize(for: part)
            initializedCount += count
            return count
        }
        if let failure { throw failure }
        guard count == byteCount else {
            throw StorageError(
                code: .damaged, operation: .read, path: path, offset: place + UInt64(count))
        }
    }

    /// Writes bytes of a file.
    func write(
        _ number: UInt64, _ bytes: RawSpan, at offset: UInt64, durably: Bool
    ) throws(StorageError) {
        guard bytes.byteCount > 0 else { return }
        let end = try self.end(offset, plus: bytes.byteCount)
        while true {
            switch try plan(number, offset..<end, durably: durably) {
            case .grow:
                try change { () throws(StorageError) in
                    try grow(number, to: end, exactly: durably)
                }
            case .write(let file, let pieces, let needsSync):
                return try perform(
                    number, bytes, offset..<end, file, pieces, durably: durably,
                    needsSync: needsSync)
            }
        }
    }

    /// - Throws: ``StorageError`` with code `.system` for what no file reaches.
    private func end(_ offset: UInt64, plus count: Int) throws(StorageError) -> UInt64 {
        guard offset <= ContainerLayout.placeMax - (1 << 32), count < 1 << 32 else {
            throw StorageError(.fileTooLarge, operation: .write, path: path)
        }
        return offset + UInt64(count)
    }

    private func plan(
        _ number: UInt64, _ range: Range<UInt64>, durably: Bool
    ) throws(StorageError) -> Plan {
        let result: Result<Plan, StorageError> = state.wait { state in
            if let failure = state.failure { return .failure(failure) }
            guard !state.isSwitching else { return nil }
            guard state.writerLock != nil else { return .success(.grow) }
            guard let (entry, file) = state.found(number) else {
                return .failure(
                    StorageError(.noSuchFileOrDirectory, operation: .write, path: path))
            }
            let isOrphan = state.tree[number] == nil
            guard range.upperBound <= entry.capacity,
                isOrphan || range.upperBound <= entry.byteCount
            else { return .success(.grow) }
            state.callCount += 1
            return .success(
                .write(
                    file, entry.pieces(range), needsSync: entry.sequence > state.journal.durable))
        }
        return try result.get()
    }

    private func perform(
        _ number: UInt64, _ bytes: RawSpan, _ range: Range<UInt64>, _ file: any VirtualFile,
        _ pieces: [ContainerPiece], durably: Bool, needsSync: Bool
    ) throws(StorageError) {
        let isOneCall = durably && !needsSync && pieces.count == 1
        do throws(StorageError) {
            if isOneCall {
                try file.writeDurably(bytes, at: pieces[0].place)
            } else {
                for piece in pieces {
                    let part = bytes.extracting(piece.start..<piece.start + piece.byteCount)
                    try file.write(part, at: piece.place)
                }
            }
        } catch {
            if isOneCall { fail(error) }
            ended { _ in }
            throw error
        }
        ended { $0.wrote(number, range) }
        if durably, !isOneCall { try sync() }
    }

    /// Notes the end of a write or sync.
    private func ended(_ note: (inout ContainerState) -> Void) {
        let wakes = state.withLock { state in
            note(&state)
            state.callCount -= 1
            return state.isSwitching && state.callCount == 0
        }
        if wakes { state.wakeAll() }
    }

    /// Makes everything written to the container durable, all records included.
    func sync() throws(StorageError) {
        let begun: Result<(any VirtualFile, UInt64), StorageError> = state.wait { state in
            if let failure = state.failure { return .failure(failure) }
            guard !state.isSwitching else { return nil }
            state.callCount += 1
            return .success((state.file, state.journal.sequence))
        }
        let (file, sequence) = try begun.get()
        do throws(StorageError) { try file.sync() } catch {
            fail(error)
            ended { _ in }
            throw error
        }
        ended { state in
            guard state.file === file else { return }
            state.journal.durable = max(state.journal.durable, sequence)
        }
    }

    /// Makes a file durable, with its size.
    func sync(_ number: UInt64) throws(StorageError) {
        let size = state.withLock { $0.tree[number] == nil ? nil : $0.byteCounts[number] }
        if let size {
            try change { () throws(StorageError) in
                guard state.withLock({ $0.byteCounts[number] == size }) else { return }
                var record = ContainerRecord(kind: .size)
                record.entry = number
                record.position = size
                try append(record)
                state.withLock { state in
                    if state.byteCounts[number] == size { state.byteCounts[number] = nil }
                }
            }
        }
        try sync()
    }

    /// Sets the size of a file.
    func truncate(_ number: UInt64, to byteCount: UInt64) throws(StorageError) {
        _ = try end(byteCount, plus: 0)
        try change { () throws(StorageError) in
            guard let entry = state.withLock({ $0.tree[number] }) else {
                return state.withLock { $0.orphans[number]?.entry.byteCount = byteCount }
            }
            let now = state.withLock { $0.byteCount(entry) }
            guard byteCount != now else { return }
            let isUnsafe =
                entry.capacity > entry.byteCount
                && !state.withLock { $0.hasZeroSpare.contains(number) }
            // Bytes that are cut off, or that a crash left, never come back as part of the file.
            if byteCount < now || isUnsafe {
                var cut = ContainerRecord(kind: .cut)
                cut.entry = number
                cut.position = min(byteCount, now)
                try append(cut)
            }
            if byteCount > now {
                var size = ContainerRecord(kind: .size)
                size.entry = number
                size.position = byteCount
                try append(size)
            }
            state.withLock { $0.byteCounts[number] = nil }
        }
        compactIfDue()
    }

    /// Finds room for so many bytes of a file; where that fails, they are found when they are needed.
    func reserve(_ number: UInt64, _ byteCount: UInt64) {
        guard byteCount <= ContainerLayout.placeMax / 2,
            let entry = state.withLock({ $0.tree[number] }), entry.capacity < byteCount
        else { return }
        try? change { () throws(StorageError) in try extend(number, to: byteCount) }
    }
}
