// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
public import CairnFormat

/// The batches of one transaction, ready to be committed: compressed where that pays.
///
/// Compression happens here, before the log is locked. A transaction can be emptied and used again, so
/// that a writer in steady state allocates nothing.
public struct LogTransaction: ~Copyable, Sendable {
    struct Batch: Sendable {
        let range: Range<Int>
        let compression: CompressionID
        let uncompressedByteCount: Int
    }

    private(set) var bytes = BinaryBuffer(capacity: 512)
    private(set) var batches: [Batch] = []

    /// A transaction without batches.
    public init() {}

    /// True when no batch was added: committing it writes nothing.
    public var isEmpty: Bool { batches.isEmpty }
    /// How many bytes its batches take, as stored.
    public var byteCount: Int { bytes.count }

    /// The bytes of a batch, as stored.
    @_lifetime(borrow self)
    func stored(_ batch: Batch) -> RawSpan {
        bytes.bytes.extracting(batch.range)
    }

    /// Adds a batch.
    ///
    /// - Parameters:
    ///   - options: The options of the log: compressor, threshold and limits.
    ///   - encode: Appends the batch to the buffer that it is given.
    /// - Throws: ``LogError`` with code `.codec` when the batch is larger than a frame may be; the
    ///   transaction is then as it was.
    public mutating func append(
        options: LogOptions, _ encode: (inout BinaryBuffer) -> Void
    ) throws(LogError) {
        let start = bytes.count
        encode(&bytes)
        let uncompressed = bytes.count - start
        // A single-frame transaction has its commit time in front of its batch.
        guard uncompressed + options.overheadByteCount <= options.frameLimits.payloadByteCountMax
        else {
            bytes.truncate(to: start)
            throw LogError(CodecError(code: .batchTooLarge, offset: 0))
        }
        guard let compressor = options.compressor,
            uncompressed >= options.compressionByteCountMin,
            compress(from: start, with: compressor, options.frameLimits)
        else {
            batches.append(
                Batch(
                    range: start..<bytes.count, compression: .none, uncompressedByteCount: 0))
            return
        }
        batches.append(
            Batch(
                range: start..<bytes.count, compression: compressor.id,
                uncompressedByteCount: uncompressed))
    }

    /// Adds a batch that is bytes already.
    public mutating func append(_ batch: RawSpan, options: LogOptions) throws(LogError) {
        try append(options: options) { $0.append(batch) }
    }

    /// Replaces the bytes from `start` on by their compressed form.
    ///
    /// - Returns: False, with everything as it was, when that is not smaller or a reader would refuse it.
    private mutating func compress(
        from start: Int, with compressor: any BatchCompressor, _ limits: FrameLimits
    ) -> Bool {
        let uncompressed = bytes.count - start
        var output = BinaryBuffer(capacity: uncompressed / 2 + 64)
        do {
            try compressor.compress(bytes.bytes.extracting(start..<bytes.count), into: &output)
        } catch {
            return false
        }
        guard output.count < uncompressed, uncompressed <= limits.uncompressedByteCountMax,
            limits.allowsRatio(of: uncompressed, to: output.count)
        else { return false }
        bytes.truncate(to: start)
        bytes.append(output.bytes)
        return true
    }

    /// Forgets all batches and keeps the memory.
    public mutating func removeAll() {
        bytes.removeAll()
        batches.removeAll(keepingCapacity: true)
    }
}
