// SPDX-License-Identifier: Apache-2.0
//
// - Nothing is handed out before preamble, header, identity, fence, trailer, footer and index were found right.
// - Each chunk is checked when it is read, before its records are handed out.
// - The digest of the whole file is checked before anything else, or, by a reader that streams, behind everything, from
//   what was read of each section: the file is then read once. What was made of it counts only after that.
// - Of an encrypted file the key is checked, and with it header and index, before any chunk is read. Without keys
//   everything is checked but what only they prove, and nothing is handed out.
// - What a compressed chunk declares is within the limits before anything is allocated for it. Without its compressor
//   the chunk is checked as it is stored, and nothing is handed out.
// - No length from the file is used before the checksum over it held, and none is larger than the file.

public import CairnCodec
public import CairnFormat
public import CairnIO
public import CairnLSN

/// Reads one snapshot.
///
/// It holds one chunk in memory at a time, 1 MiB or as much as the largest record; of a compressed one both forms.
public struct SnapshotReader: ~Copyable, Sendable {
    /// The contents of the snapshot: fence, log, sections and sizes.
    public let summary: SnapshotSummary
    let file: SnapshotFile
    let salt: UInt32
    /// The number of the first chunk of each section.
    let firstChunks: [UInt32]
    /// The key that the snapshot is encrypted with; nil for one that is not encrypted.
    public var keyID: KeyID? { key.keyID }
    let key: SnapshotKey
    let decompressors: [any BatchCompressor]
    /// Whether the records can be read: the snapshot is not encrypted, or its key was given.
    public var isReadable: Bool { !key.isEncrypted || key.cipher != nil }
    var buffer: BinaryBuffer
    /// Takes the place of the buffer when a chunk was decrypted or inflated.
    var otherBuffer: BinaryBuffer
    /// The parts from which the digest of the whole file is computed; nil when it was found right.
    var account: DigestAccount?
    /// Called after each chunk with the number of bytes of all chunks that were read so far; what it throws ends the reading.
    package var observer: (@Sendable (UInt64) throws(CancellationError) -> Void)?
    var readByteCount: UInt64 = 0
    /// The chunks that were read and are intact.
    package internal(set) var readChunkCount = 0
    /// The compressor of the chunk that was read last; nil for one that is not compressed.
    var lastDecompressor: (any BatchCompressor)?
    /// The checksum of what was read of the section at hand.
    var sectionSum: UInt32 = 0

    /// Opens a snapshot and checks every byte of it.
    ///
    /// - Parameters:
    ///   - file: Is read only; it may be open for reading only.
    ///   - expectedFence: The fence in the name of the file; nil takes any.
    ///   - expectedLogID: The log it must belong to; nil takes any.
    ///   - encryption: The keys of the store. Without, an encrypted snapshot is checked and cannot be read.
    ///   - decompressors: The compressors that its chunks may need.
    /// - Throws: ``SnapshotError`` with code `.damaged`, `.notASnapshot`, `.unsupportedVersion`,
    ///   `.foreignLog`, `.wrongName`, `.io`, or `.encryption` when the keys do not fit.
    /// - Complexity: O(*n*) in the bytes of the file.
    public init(
        _ file: any VirtualFile, expectedFence: SnapshotFence?, expectedLogID: LogID?,
        encryption: (any StoreCipher)? = nil, decompressors: [any BatchCompressor] = []
    ) throws(SnapshotError) {
        try self.init(
            file, expectedFence, expectedLogID, encryption, decompressors, isStreaming: false)
    }

    /// Opens a snapshot and checks everything but its chunks and the digest of the whole, which are checked as it is
    /// read, and by ``finish()``.
    ///
    /// - Throws: As the other initializer.
    /// - Complexity: O(*n*) in the sections.
    package init(
        streaming file: any VirtualFile, expectedFence: SnapshotFence?, expectedLogID: LogID?,
        encryption: (any StoreCipher)? = nil, decompressors: [any BatchCompressor] = []
    ) throws(SnapshotError) {
        try self.init(
            file, expectedFence, expectedLogID, encryption, decompressors, isStreaming: true)
    }

    private init(
        _ file: any VirtualFile, _ expectedFence: SnapshotFence?, _ expectedLogID: LogID?,
        _ encryption: (any StoreCipher)?, _ decompressors: [any BatchCompressor],
        isStreaming: Bool
    ) throws(SnapshotError) {
        self.decompressors = decompressors
        let file = SnapshotFile(file: file, fence: expectedFence)
        var buffer = BinaryBuffer()
        let byteCount = try file.byteCount()
        let header = try Self.header(of: file, byteCount, &buffer)
        if let expectedLogID, header.logID != expectedLogID {
            throw SnapshotError(
                code: .foreignLog, fence: expectedFence,
                offset: UInt64(SnapshotFormat.Header.logID.offset))
        }
        if let expectedFence, header.fence != expectedFence {
            throw SnapshotError(
                code: .wrongName, fence: expectedFence,
                offset: UInt64(SnapshotFormat.Header.fence.offset))
        }
        let salt = header.salt
        var headerBytes = BinaryBuffer(capacity: SnapshotFormat.Header.byteCount)
        headerBytes.append(buffer.bytes)
        let (index, account) = try Self.index(
            of: file, byteCount, salt: salt, &buffer, header: headerBytes.bytes)
        if !isStreaming {
            let digest = try Self.digest(of: file, upTo: account.end, &buffer)
            guard digest == account.digest else {
                throw SnapshotError(
                    code: .damaged, fence: file.fence, offset: account.end, reason: .badChecksum)
            }
        }
        key = try SnapshotKey(in: file, header, index, encryption, &buffer)
        self.account = isStreaming ? account : nil
        summary = SnapshotSummary(
            fence: header.fence, logID: header.logID, version: header.version,
            byteCount: byteCount, sections: index.sections)
        firstChunks = Self.firstChunks(of: index.sections)
        self.file = file
        self.salt = salt
        self.buffer = buffer
        otherBuffer = BinaryBuffer(capacity: 0)
    }

    /// Reads and checks all chunks and throws what they hold away.
    ///
    /// - Throws: ``SnapshotError`` with code `.damaged` or `.io`.
    /// - Complexity: O(*n*) in the bytes of the file.
    public mutating func verify() throws(SnapshotError) {
        for index in summary.sections.indices { try pass(index) }
        try finish()
    }

    /// Reads the sections that were not read yet, and checks the digest of the whole file. Only then is what was read
    /// known to be right.
    ///
    /// - Throws: ``SnapshotError`` with code `.damaged` or `.io`.
    /// - Complexity: O(*n*) in the sections that were not read.
    package mutating func finish() throws(SnapshotError) {
        guard account != nil else { return }
        for index in summary.sections.indices where account?.sections[index] == nil {
            try pass(index)
        }
        guard let account else { return }
        guard account.isRight(summary.sections) else {
            throw damaged(.badChecksum, at: account.end)
        }
        self.account = nil
    }

    /// Checks the chunks of a section; with the keys, also that they were written by a holder of them.
    private mutating func pass(_ index: Int) throws(SnapshotError) {
        try forEachChunk(ofSectionAt: index, handsOut: false) { reader throws(FormatError) in
            _ = try reader.take(reader.remaining)
        }
    }
}

extension SnapshotReader {
    /// Reads and checks all chunks, and computes the digest of the state in them, for which a checkpoint in the log
    /// has one to compare.
    ///
    /// - Throws: ``SnapshotError`` with code `.damaged` or `.io`.
    /// - Complexity: O(*n*) in the bytes of the file.
    public mutating func stateDigest() throws(SnapshotError) -> StateDigest {
        try expectKey()
        var digester = StateDigester()
        for (index, section) in stateSections.enumerated() {
            digester.beginSection(section.id)
            digester.add(RawSpan(), recordCount: section.recordCount)
            try forEachChunk(ofSectionAt: index) { reader throws(FormatError) in
                digester.add(try reader.take(reader.remaining), recordCount: 0)
            }
        }
        try finish()
        return digester.digest
    }
}

extension SnapshotReader: SectionSource {
    /// The numbers of the sections, ascending; also of those without records.
    public var sectionIDs: [UInt32] { stateSections.map(\.id) }

    /// The sections without that of the key, which is the last one.
    var stateSections: ArraySlice<SnapshotSummary.Section> {
        key.isEncrypted ? summary.sections.dropLast() : summary.sections[...]
    }

    /// - Throws: ``SnapshotError`` with code `.encryption` for an encrypted snapshot without its key.
    func expectKey() throws(SnapshotError) {
        guard !isReadable else { return }
        throw SnapshotError(CipherError(code: .encrypted, keyID: keyID), fence: summary.fence)
    }

    /// Calls `body` for each chunk of the section numbered `id` in the order in which they were
    /// written; not at all when there is no such section.
    ///
    /// - Throws: ``SnapshotError`` with code `.damaged` when a chunk does not hold, when `body` throws
    ///   or when it leaves bytes of a run; `.encryption` for an encrypted snapshot without its key; `.io` when the system
    ///   refuses to read.
    public mutating func forEachRun(
        of id: UInt32, _ body: (inout ByteReader) throws(FormatError) -> Void
    ) throws(SnapshotError) {
        try expectKey()
        guard let index = self.index(of: id) else { return }
        try forEachChunk(ofSectionAt: index, body)
    }

    /// Where the section numbered `id` is among the sections, which ascend.
    ///
    /// - Complexity: O(log *n*): a file of others may have all the sections that the format allows.
    private func index(of id: UInt32) -> Int? {
        let sections = summary.sections
        var (low, high) = (0, sections.count)
        while low < high {
            let middle = (low + high) / 2
            if sections[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low < sections.count && sections[low].id == id ? low : nil
    }

    /// The failure that stands for `error`.
    public func failure(_ error: FormatError) -> SnapshotError {
        SnapshotError(error, fence: summary.fence)
    }

    /// The failure that stands for an intact state that does not fit the program that reads it.
    public func failure(_ error: CodingFailure) -> SnapshotError {
        SnapshotError(code: .doesNotFit, fence: summary.fence, coding: error)
    }
}
