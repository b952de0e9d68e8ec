// SPDX-License-Identifier: Apache-2.0
//
// Rotation on disk: ends full segments and begins their successors. See the order at the head of `LogCore`.

internal import CairnFormat
internal import CairnIO
internal import CairnLSN
internal import CairnSegments

extension LogCore {
    /// Ends the segments of a job, one after the other.
    func performRotations(_ job: inout WriteJob) throws(LogError) {
        try io { () throws(StorageError) in try store.checkIdentity() }
        var hadUnsyncedWrites = job.hadUnsyncedWrites
        for rotation in job.rotations {
            try perform(rotation, &job, hadUnsyncedWrites)
            hadUnsyncedWrites = false
        }
    }

    /// Ends one segment and begins the next.
    private func perform(
        _ rotation: SegmentRotation, _ job: inout WriteJob, _ hadUnsyncedWrites: Bool
    ) throws(LogError) {
        let old = job.file
        job.finisher.finish(&rotation.bytes, from: rotation.finishedByteCount)
        try io { () throws(StorageError) in
            switch (rotation.bytes.isEmpty, hadUnsyncedWrites) {
            case (true, false): break
            case (false, false): try old.writeDurably(rotation.bytes, at: rotation.offset)
            case (true, true): try old.sync()
            case (false, true):
                try old.write(rotation.bytes, at: rotation.offset)
                try old.sync()
            }
        }
        let sealOffset = rotation.ended.byteCount
        let seal = try finishSegment(rotation, &job)
        let next = try begin(seal.successor, seal.successorContent)
        try io { () throws(StorageError) in
            try old.writeDurably(seal.bytes, at: sealOffset)
            try old.close()
        }
        (job.file, job.preparedEnd) = next
    }

    /// The end of a segment, and the beginning of the next one.
    private struct Seal: ~Copyable {
        var bytes = BinaryBuffer(capacity: 128)
        var successor: SegmentName
        var successorContent = BinaryBuffer(capacity: 256)
    }

    /// Makes the seal of a segment whose frames are finished; what follows is finished for its successor.
    private func finishSegment(
        _ rotation: SegmentRotation, _ job: inout WriteJob
    ) throws(LogError) -> Seal {
        var seal = Seal(successor: rotation.ended.name)
        let header: SegmentHeader
        do throws(LSNError) {
            header = try job.finisher.seal(&rotation.ended, into: &seal.bytes)
        } catch {
            throw LogError(error)
        }
        rotation.note(job.finisher.keyID)
        seal.successor = header.name
        job.finisher = SegmentFinisher(
            new: header, limits: options.frameLimits, encryption: options.encryption,
            into: &seal.successorContent)
        return seal
    }

    /// Puts the next segment durably in place: a prepared segment that is ready, or a new file.
    private func begin(
        _ name: SegmentName, _ content: borrowing BinaryBuffer
    ) throws(LogError) -> (file: any VirtualFile, preparedEnd: UInt64) {
        let prepared = state.withLock { $0.retention.prepared.ready.take() }
        if let prepared {
            let file = try segment { () throws(SegmentError) in
                try segments.adopt((prepared.name, prepared.file), as: name, content: content.bytes)
            }
            return (file, prepared.byteCount)
        }
        let file = try segment { () throws(SegmentError) in
            try segments.create(name, content: content.bytes)
        }
        return (file, UInt64(content.count))
    }
}

extension VirtualFile {
    func write(_ buffer: borrowing BinaryBuffer, at offset: UInt64) throws(StorageError) {
        try write(buffer.bytes, at: offset)
    }

    func writeDurably(_ buffer: borrowing BinaryBuffer, at offset: UInt64) throws(StorageError) {
        try writeDurably(buffer.bytes, at: offset)
    }
}
