// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnSnapshot

/// Whether a checkpoint could write a state.
enum StateCheck {
    /// Writes a snapshot of the state and keeps nothing of it.
    ///
    /// - Throws: ``DurableError`` with code `.unencodable`, with the path, or `.tooLarge`.
    /// - Complexity: O(*n*) in the state.
    static func run(_ state: borrowing some ReplayableState) throws(DurableError) {
        var sink = Sink()
        try state.write(to: &sink)
    }

    private struct Sink: SectionSink, ~Copyable {
        typealias Failure = DurableError
        private var record = BinaryBuffer()

        mutating func beginSection(_ id: UInt32) {}

        mutating func appendRecord(_ write: (inout BinaryBuffer) -> Void) throws(DurableError) {
            record.removeAll()
            write(&record)
            guard record.count <= SnapshotFormat.recordByteCountMax else {
                throw DurableError(code: .tooLarge)
            }
        }

        func failure(_ error: CodingFailure) -> DurableError {
            DurableError(code: .unencodable, coding: error)
        }
    }
}
