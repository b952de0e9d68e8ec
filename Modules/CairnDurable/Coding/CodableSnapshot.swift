// SPDX-License-Identifier: Apache-2.0

public import CairnFormat

extension ReplayableState where Self: Codable {
    /// Writes the state in the self-describing form, as one section.
    public borrowing func write<Sink: SectionSink & ~Copyable>(
        to sink: inout Sink
    ) throws(Sink.Failure) {
        try CodableSnapshot.write(copy self, to: &sink)
    }

    /// Reads the state from the self-describing form.
    public init<Source: SectionSource & ~Copyable>(
        from source: inout Source
    ) throws(Source.Failure) {
        self = try CodableSnapshot.read(from: &source)
    }
}

/// The snapshot of a `Codable` state: its self-describing form, cut into records.
private enum CodableSnapshot {
    static let section: UInt32 = 1
    static let recordByteCountMax = 1 << 20

    static func write<Sink: SectionSink & ~Copyable>(
        _ state: some Encodable, to sink: inout Sink
    ) throws(Sink.Failure) {
        var encoder = EventEncoder(capacity: 4096)
        do { try ValueEncoder.encode(state, into: &encoder) } catch {
            throw sink.failure(CodingFailure(encoding: error))
        }
        var bytes = ByteBuffer(capacity: encoder.bytes.count + 256)
        encoder.symbols.encode(into: &bytes)
        bytes.append(encoder.bytes.bytes)
        try sink.beginSection(section)
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + recordByteCountMax)
            try sink.appendRecord { $0.append(bytes.bytes.extracting(start..<end)) }
            start = end
        }
    }

    static func read<State: Decodable, Source: SectionSource & ~Copyable>(
        from source: inout Source
    ) throws(Source.Failure) -> State {
        var bytes = ByteBuffer(capacity: 4096)
        try source.forEachRun(of: section) { (reader) throws(FormatError) in
            bytes.append(try reader.take(reader.remaining))
        }
        let value: ParsedValue
        do throws(FormatError) {
            var reader = ByteReader(bytes.bytes)
            let symbols = try SymbolTable(from: &reader)
            let base = reader.offset
            var decoder = EventDecoder(
                try reader.take(reader.remaining), symbols: symbols, baseOffset: base)
            value = try ParsedValue(from: &decoder)
            try decoder.bytes.expectEnd()
        } catch {
            throw source.failure(error)
        }
        do { return try ValueDecoder.decode(from: value) } catch {
            throw source.failure(CodingFailure(decoding: error))
        }
    }
}
