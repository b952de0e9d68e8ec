// SPDX-License-Identifier: Apache-2.0

public import CairnFormat

extension ReplayableState where Self: Codable {
    /// Writes the state in the self-describing form, as one section, and the program that wrote it as another.
    public borrowing func write<Sink: SectionSink & ~Copyable>(
        to sink: inout Sink
    ) throws(Sink.Failure) {
        try CodableSnapshot.write(copy self, CodableSnapshot.stateSection, to: &sink)
        try CodableSnapshot.write(
            StoreProgram(of: Self.self), CodableSnapshot.programSection, to: &sink)
    }

    /// Reads the state from the self-describing form, by way of ``upcast(state:from:)`` when an earlier version of the
    /// program wrote it.
    public init<Source: SectionSource & ~Copyable>(
        from source: inout Source
    ) throws(Source.Failure) {
        let version = try CodableSnapshot.version(of: Self.self, in: &source)
        let value = try CodableSnapshot.value(CodableSnapshot.stateSection, from: &source)
        do {
            if version == Self.version {
                self = try ValueDecoder.decode(from: value)
            } else {
                let state = try Self.upcast(state: value.value(ParsedValue.root), from: version)
                self = try ValueDecoder.decode(from: ParsedValue(state))
            }
        } catch {
            throw source.failure(CodingFailure(decoding: error))
        }
    }
}

/// Sections of a snapshot, each of one `Codable` value: its self-describing form, cut into records.
enum CodableSnapshot {
    /// The section with the state.
    static let stateSection: UInt32 = 1
    /// The section with the program that wrote it. It is missing in snapshots from before there were names.
    static let programSection: UInt32 = 2
    static let recordByteCountMax = 1 << 20

    static func write<Sink: SectionSink & ~Copyable>(
        _ state: some Encodable, _ section: UInt32, to sink: inout Sink
    ) throws(Sink.Failure) {
        // The keys come first, and are known when all of the value is: so it is gone through twice, and held once.
        let tape: ValueTape
        var symbols = SymbolTableBuilder()
        do {
            tape = try ValueEncoder.tape(of: state)
            try tape.collectSymbols(into: &symbols)
        } catch {
            throw sink.failure(CodingFailure(encoding: error))
        }
        var encoder = EventEncoder(symbols: symbols, capacity: 4096)
        symbols.encode(into: &encoder.bytes)
        try sink.beginSection(section)
        try tape.encode(into: &encoder, above: recordByteCountMax) {
            encoder throws(Sink.Failure) in
            try writeRecords(from: &encoder.bytes, to: &sink)
        }
        try writeRecords(from: &encoder.bytes, to: &sink)
        guard !encoder.bytes.isEmpty else { return }
        try sink.appendRecord { $0.append(encoder.bytes.bytes) }
    }

    /// Writes as many full records as there are, and leaves the rest.
    private static func writeRecords<Sink: SectionSink & ~Copyable>(
        from bytes: inout BinaryBuffer, to sink: inout Sink
    ) throws(Sink.Failure) {
        var start = 0
        while bytes.count - start >= recordByteCountMax {
            let end = start + recordByteCountMax
            try sink.appendRecord { $0.append(bytes.bytes.extracting(start..<end)) }
            start = end
        }
        guard start > 0 else { return }
        var rest = BinaryBuffer(capacity: recordByteCountMax + 4096)
        rest.append(bytes.bytes.extracting(start..<bytes.count))
        bytes = rest
    }

    static func read<Value: Decodable, Source: SectionSource & ~Copyable>(
        _ section: UInt32, from source: inout Source
    ) throws(Source.Failure) -> Value {
        let value = try value(section, from: &source)
        do { return try ValueDecoder.decode(from: value) } catch {
            throw source.failure(CodingFailure(decoding: error))
        }
    }

    /// The version of the program that wrote the state.
    ///
    /// - Throws: What says that the state does not fit, for the state of another program or of a newer version.
    static func version<State: ReplayableState, Source: SectionSource & ~Copyable>(
        of state: State.Type, in source: inout Source
    ) throws(Source.Failure) -> Int {
        guard source.sectionIDs.contains(programSection) else {
            return StoreProgram.versionOfUnnamed
        }
        let store: StoreProgram = try read(programSection, from: &source)
        let opening = StoreProgram(of: State.self)
        guard store.name == opening.name, store.version <= opening.version else {
            let mismatch = ProgramMismatch(store: store, opening: opening)
            throw source.failure(CodingFailure(path: [], meaning: "\(mismatch)"))
        }
        return store.version
    }

    static func value<Source: SectionSource & ~Copyable>(
        _ section: UInt32, from source: inout Source
    ) throws(Source.Failure) -> ParsedValue {
        try value(section, from: &source) { (decoder) throws(FormatError) in
            try ParsedValue(from: &decoder)
        }
    }

    /// Reads the one value of a section.
    static func value<Value, Source: SectionSource & ~Copyable>(
        _ section: UInt32, from source: inout Source,
        _ read: (inout EventDecoder) throws(FormatError) -> Value
    ) throws(Source.Failure) -> Value {
        var bytes = BinaryBuffer(capacity: 4096)
        try source.forEachRun(of: section) { (reader) throws(FormatError) in
            bytes.append(try reader.take(reader.remaining))
        }
        do throws(FormatError) {
            var reader = ByteReader(bytes.bytes)
            let symbols = try SymbolTable(from: &reader)
            let base = reader.offset
            var decoder = EventDecoder(
                try reader.take(reader.remaining), symbols: symbols, baseOffset: base)
            let value = try read(&decoder)
            try decoder.bytes.expectEnd()
            return value
        } catch {
            throw source.failure(error)
        }
    }
}
