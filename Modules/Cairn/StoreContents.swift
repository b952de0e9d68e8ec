// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
package import CairnDurable
internal import CairnFormat
package import CairnGraph
package import CairnIO
internal import CairnLSN
package import CairnLog
internal import CairnSnapshot
package import SystemPackage

/// The kind of state in a store: a graph, or the state of some program.
///
/// The store says its program. One that does not is of a time before there were names. Then what is in it tells, asked
/// in the order of opening: any snapshot of a graph says so, else the first batch says which; a store without any batch
/// is a graph if it has no snapshot that is of something else.
package struct StoreContents: Hashable, Sendable {
    /// The program that the store belongs to; nil when it does not say.
    package let program: StoreProgram?
    /// Whether its events are those of a graph; nil while nothing shows it.
    private var isGraphSoFar: Bool?
    /// Whether a snapshot was read that is none of a graph.
    private var hasOtherSnapshot = false

    init(program: StoreProgram?) {
        self.program = program
        isGraphSoFar = program.map { $0.name == GraphStore.name }
    }

    /// Whether it is a graph, as far as is known; a store that shows nothing is taken for one.
    package var isGraph: Bool { isGraphSoFar ?? !hasOtherSnapshot }

    /// Takes the first batch of a store that does not say its program for an answer.
    mutating func look(at batch: RawSpan) {
        if isGraphSoFar == nil { isGraphSoFar = Self.isGraph(batch) }
    }

    /// Takes a snapshot of a graph in a store that does not say its program for an answer. The newest is asked first.
    mutating func look(at snapshots: SnapshotDirectory, of log: LogID?) throws(SnapshotError) {
        guard isGraphSoFar == nil else { return }
        for info in try snapshots.list().reversed() where isGraphSoFar == nil {
            guard var reader = try? snapshots.reader(info, expectedLogID: log) else { continue }
            do {
                _ = try GraphStore(from: &reader)
                isGraphSoFar = true
            } catch {
                switch error.code {
                // Only what has the sections of a graph is refused for its version, as opening does.
                case .unsupportedVersion: isGraphSoFar = true
                case .damaged: hasOtherSnapshot = true
                default: break
                }
            }
        }
    }

    private static func isGraph(_ batch: RawSpan) -> Bool {
        do throws(FormatError) {
            var reader = try BatchReader(batch)
            while try reader.nextEvent(MutationEvent.self) != nil {}
            return true
        } catch {
            return false
        }
    }

    /// Reads the kind of state in the store at `path`. Writes nothing.
    ///
    /// - Throws: ``DurableError`` for a store that does not say its program rightly, ``LogError`` and
    ///   ``SnapshotError``; damage of the log and of snapshots is left to who reads them.
    package static func of(
        _ path: FilePath, options: LogOptions = LogOptions(),
        environment: StorageEnvironment = .system
    ) throws -> StoreContents {
        let store = try StoreVerifier.openReadOnly(path, environment)
        defer { store.release() }
        return try of(store, options: options, environment: environment)
    }

    static func of(
        _ store: StoreDirectory, options: LogOptions, environment: StorageEnvironment
    ) throws -> StoreContents {
        var contents = StoreContents(
            program: try? StoreProgram.read(in: store, environment: environment))
        guard contents.program == nil else { return contents }
        let snapshots = try SnapshotDirectory.open(
            in: store.root, access: .readOnly, environment: environment,
            options: options)
        try contents.look(at: snapshots, of: nil)
        _ = try WriteAheadLog.verify(
            in: store, options: options, environment: environment, noting: { _ in }
        ) { batch, _ in contents.look(at: batch) }
        return contents
    }
}

/// One event of a store, as far as it can be read without its program.
package enum StoreEvent: Sendable {
    /// A change of a graph.
    case graph(MutationEvent)
    /// An event in the self-describing form.
    case coded(CodedValue)
    /// An event in a form that only its program knows.
    case bytes([UInt8])
}

/// An event of a store, and where it stands.
package struct LoggedEvent: Sendable {
    /// The transaction.
    package let transaction: ReplayedTransaction
    /// Which of its batch's events this is, from 0.
    package let number: Int
    package let event: StoreEvent
}

extension StoreVerifier {
    /// Reads the events of the store at `path` in order, whatever its program, and goes on behind damage.
    ///
    /// - Parameter visit: Takes each event; what it throws ends the reading.
    /// - Returns: What was found to be damaged.
    /// - Throws: As ``StoreContents/of(_:options:environment:)``, and what `visit` throws.
    package static func events(
        _ path: FilePath, options: LogOptions = LogOptions(),
        environment: StorageEnvironment = .system,
        _ visit: (LoggedEvent) throws -> Void
    ) throws -> [Finding] {
        let store = try openReadOnly(path, environment)
        defer { store.release() }
        let contents = try StoreContents.of(store, options: options, environment: environment)
        var failure: (any Error)?
        let log = try WriteAheadLog.verify(
            in: store, options: options, environment: environment, noting: { _ in }
        ) { batch, transaction in
            guard failure == nil else { return }
            var (reader, number) = (try BatchReader(batch), 0)
            while let bytes = try reader.nextBytes() {
                let event = try event(bytes, reader.symbols, isGraph: contents.isGraph)
                do {
                    try visit(
                        LoggedEvent(transaction: transaction, number: number, event: event))
                } catch {
                    failure = error
                    return
                }
                number += 1
            }
        }
        if let failure { throw failure }
        guard store.isLive, !log.findings.isEmpty else { return log.findings }
        let found = log.findings
        return try WriteAheadLog.confirmed(beside: store) {
            try WriteAheadLog.verify(
                in: store, options: options, environment: environment, noting: { _ in }
            ) { _, _ in }.findings
        }.filter { finding in found.contains { finding.isAt($0) } }
    }

    private static func event(
        _ bytes: RawSpan, _ symbols: SymbolTable, isGraph: Bool
    ) throws(FormatError) -> StoreEvent {
        var decoder = EventDecoder(bytes, symbols: symbols)
        if isGraph {
            let event = try MutationEvent(from: &decoder)
            try decoder.bytes.expectEnd()
            return .graph(event)
        }
        do throws(FormatError) {
            let value = try CodedValue(from: &decoder)
            try decoder.bytes.expectEnd()
            return .coded(value)
        } catch {
            var reader = ByteReader(bytes)
            return .bytes(try reader.take(bytes.byteCount).array())
        }
    }
}
