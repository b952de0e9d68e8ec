// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnFormat

/// A state whose ledger the pipeline suite looks at.
protocol LedgerState: DurableState where Event == Ledger.Event {
    var ledger: Ledger { get }
}

extension Ledger: LedgerState {
    var ledger: Ledger { self }
}

/// The ledger, which readers see by views.
struct ViewedLedger: LedgerState {
    static var publication: Publication { .view }
    private(set) var ledger = Ledger()

    init() {}
    func validate(_ event: Ledger.Event) throws { try ledger.validate(event) }
    mutating func apply(_ event: Ledger.Event) { ledger.apply(event) }

    borrowing func write<Sink: SectionSink & ~Copyable>(
        to sink: inout Sink
    ) throws(Sink.Failure) { try ledger.write(to: &sink) }

    init<Source: SectionSource & ~Copyable>(
        from source: inout Source
    ) throws(Source.Failure) { ledger = try Ledger(from: &source) }
}
