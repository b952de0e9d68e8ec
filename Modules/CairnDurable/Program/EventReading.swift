// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
internal import CairnFormat
internal import CairnLSN

/// How the events of a store are read: each under the version of the program that wrote it.
struct EventReading<Event: DurableEvent>: Sendable {
    let history: ProgramHistory
    /// The version of the program that reads.
    let version: Int
    let upcast: @Sendable (CodedValue, Int) throws -> CodedValue?

    /// Whether a transaction was written by the version that reads.
    func isCurrent(at commit: LSN) -> Bool { history.version(at: commit) == version }

    /// Reads the events of a batch in order.
    ///
    /// - Parameter body: Is given each event and its number within the batch.
    /// - Returns: How many events the batch has, those that no longer mean anything included.
    /// - Throws: ``DurableError`` with code `.doesNotFit`, and what `body` throws.
    @discardableResult
    func forEach(
        in batch: RawSpan, at commit: LSN, _ body: (Event, Int) throws -> Void
    ) throws -> UInt64 {
        let written = history.version(at: commit)
        var number = 0
        var reader: BatchReader
        do throws(FormatError) { reader = try BatchReader(batch) } catch {
            throw DurableError(code: .doesNotFit, lsn: commit, reason: error)
        }
        while true {
            let event: Event?
            do {
                guard let bytes = try reader.nextBytes() else { return UInt64(number) }
                var decoder = EventDecoder(bytes, symbols: reader.symbols)
                event =
                    written == version
                    ? try Event(from: &decoder)
                    : try Event.decode(from: &decoder) { try upcast($0, written) }
                try decoder.bytes.expectEnd()
            } catch let error as FormatError {
                throw DurableError(
                    code: .doesNotFit, lsn: commit, reason: error,
                    coding: written == version ? Event.codingFailure(in: batch) : nil)
            } catch {
                throw DurableError(
                    code: .doesNotFit, lsn: commit, coding: CodingFailure(decoding: error))
            }
            if let event { try body(event, number) }
            number += 1
        }
    }
}

extension EventReading {
    /// As a state says.
    init<State: ReplayableState>(
        _ history: ProgramHistory, of state: State.Type
    ) where State.Event == Event {
        self.init(history: history, version: State.version) {
            try State.upcast(event: $0, from: $1)
        }
    }
}

extension DurableEvent {
    /// Which part of which event does not fit: only who is refused needs to know, so it is looked for again.
    static func codingFailure(in batch: RawSpan) -> CodingFailure? {
        do throws(FormatError) {
            var reader = try BatchReader(batch)
            while true {
                guard let bytes = try reader.nextBytes() else { return nil }
                var decoder = EventDecoder(bytes, symbols: reader.symbols)
                if let failure = codingFailure(in: &decoder) { return failure }
            }
        } catch {
            return nil
        }
    }
}
