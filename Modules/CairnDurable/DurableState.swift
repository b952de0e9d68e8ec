// SPDX-License-Identifier: Apache-2.0

public import CairnFormat
public import CairnRecorder

/// A state that can be rebuilt from a snapshot and the events after it.
public protocol ReplayableState: Sendable {
    /// A change of the state.
    associatedtype Event: LogEvent

    /// The state before the first event.
    init()

    /// Applies an event that was committed before. The same events must always give the same state.
    ///
    /// - Throws: When the event does not fit the state, which means that the log was written by another
    ///   version of the program. Opening then fails, and nothing is changed.
    mutating func replay(_ event: Event) throws

    /// Applies an event that was committed before, right from its bytes, for states that can do so faster
    /// than by way of the event. The result must be the same as that of ``replay(_:)``.
    ///
    /// The default returns false.
    ///
    /// - Returns: False when nothing changed; then the event is decoded and given to ``replay(_:)``.
    mutating func replayEncoded(_ decoder: inout EventDecoder) -> Bool

    /// Tells the recorder behind the state, once it is open, for states that report their own changes.
    mutating func attach(to recorder: Recorder)

    /// The state as it is now, for good, when there is a cheap way to have it: a checkpoint then writes that
    /// while commits go on. Nil when there is none; writers then wait until the snapshot is written.
    ///
    /// The default copies the state, which is cheap for structures of arrays and dictionaries: they share
    /// their memory until the next change. For a class it gives nil.
    borrowing func checkpointView() -> Self?

    /// Writes the state as sections of records. Another thread may change the state meanwhile when this is
    /// the view of a checkpoint, so it must not depend on anything outside of the value.
    borrowing func write<Sink: SectionSink & ~Copyable>(to sink: inout Sink) throws(Sink.Failure)

    /// Reads the state that ``write(to:)`` wrote.
    init<Source: SectionSource & ~Copyable>(from source: inout Source) throws(Source.Failure)
}

/// A state that is changed by events and by nothing else: commit an event, and it is applied.
public protocol DurableState: ReplayableState {
    /// Refuses an event before it is committed. The default accepts all.
    func validate(_ event: Event) throws

    /// Applies an event.
    mutating func apply(_ event: Event)
}

extension ReplayableState {
    /// Leaves the event to ``replay(_:)``.
    public mutating func replayEncoded(_ decoder: inout EventDecoder) -> Bool { false }

    /// Does nothing.
    public mutating func attach(to recorder: Recorder) {}

    /// A copy; nil for a class.
    public borrowing func checkpointView() -> Self? { Self.self is AnyClass ? nil : copy self }
}

extension DurableState {
    /// Accepts every event.
    public func validate(_ event: Event) throws {}

    /// Applies the event.
    public mutating func replay(_ event: Event) { apply(event) }
}

/// A state that is changed in place, tells a recorder every change as an event, and can take back what it
/// did since a transaction began.
public protocol TransactionalState: ReplayableState {
    /// Begins a transaction; from now on changes can be taken back.
    mutating func beginTransaction() throws

    /// Keeps the changes.
    mutating func commitTransaction() throws

    /// Takes the changes back: the state is as it was before.
    mutating func rollBackTransaction() throws
}

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
        // A state that cannot be written is a mistake of the program, not of the data.
        guard let value = try? ValueEncoder.encode(state), value.isWithinDepth else {
            preconditionFailure("\(type(of: state)) cannot be encoded, or nests deeper than 64")
        }
        value.encode(into: &encoder)
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
        do throws(FormatError) {
            var reader = ByteReader(bytes.bytes)
            let symbols = try SymbolTable(from: &reader)
            let base = reader.offset
            var decoder = EventDecoder(
                try reader.take(reader.remaining), symbols: symbols, baseOffset: base)
            let value = try CodedValue(from: &decoder)
            try decoder.bytes.expectEnd()
            do {
                return try ValueDecoder.decode(from: value)
            } catch {
                throw FormatError(code: .invalidValue, offset: base)
            }
        } catch {
            throw source.failure(error)
        }
    }
}
