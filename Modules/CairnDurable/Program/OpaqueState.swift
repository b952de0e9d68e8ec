// SPDX-License-Identifier: Apache-2.0

package import CairnFormat

/// A state that opens the store of any program, to read what does not depend on it.
package protocol OpensAnyStore: ReplayableState {
    /// Whether a store whose program is unknown because of damage opens: see ``DurableRecovery/damagedProgram``.
    static var passesOverDamagedPrograms: Bool { get }
}

/// Nothing of a state: what is known of a store without its program.
package struct OpaqueState: OpensAnyStore {
    package static let passesOverDamagedPrograms = true

    /// An event that is not read.
    package struct Event: DurableEvent {
        package init(from decoder: inout EventDecoder) throws(FormatError) {
            _ = try decoder.bytes.take(decoder.bytes.remaining)
        }

        package func encode(into encoder: inout EventEncoder) {
            preconditionFailure("a store of another program is opened for reading only")
        }
    }

    package init() {}
    package init<Source: SectionSource & ~Copyable>(from source: inout Source) {}
    package mutating func replay(_ event: Event) {}
    package mutating func replayEncoded(_ decoder: inout EventDecoder) -> Bool { true }
    package borrowing func write<Sink: SectionSink & ~Copyable>(to sink: inout Sink) {}
}
