// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnFormat
import CairnIO
import CairnTesting
import Testing

@testable import crashlab

/// What stores of `crashlab power` say of themselves after a cut: the judge outside believes it.
struct PowerLedgerTests {
    private func ledger(_ entries: [(lane: Int, number: UInt64, boot: UInt64)]) -> PowerLedger {
        var ledger = PowerLedger()
        for entry in entries {
            ledger.apply(
                PowerLedger.Event(
                    lane: entry.lane, number: entry.number, boot: entry.boot, byteCount: 9))
        }
        return ledger
    }

    @Test func runsNameTheBoots() {
        let ledger = ledger([(0, 1, 3), (0, 2, 3), (1, 1, 3), (0, 3, 5)])
        #expect(ledger.lanes.map(\.text) == ["3*2+5*1", "3*1"])
        #expect(ledger.lanes.map(\.flaw) == [nil, nil])
    }

    @Test(arguments: [
        ([(0, 1, 1), (0, 3, 1)], "entry-3-after-1"),
        ([(0, 1, 1), (0, 1, 1)], "entry-1-after-1"),
        ([(0, 1, 2), (0, 2, 1)], "entry-2-of-boot-1-after-boot-2"),
    ])
    func entriesOutOfPlaceAreFlaws(
        entries: [(lane: Int, number: UInt64, boot: UInt64)], flaw: String
    ) {
        #expect(ledger(entries).lanes[0].flaw == flaw)
    }

    /// A store is opened from its log, then from a snapshot and what came after it.
    @Test func everythingComesBack() throws {
        let files = SimulatedFileSystem()
        let environment = StorageEnvironment.simulated(files)
        for boot in UInt64(1)...3 {
            let store = try Durable<PowerLedger>.open("/store", environment: environment)
            let count = store.read { $0.lanes.first?.count ?? 0 }
            #expect(count == (boot - 1) * 5)
            #expect(store.read { $0.lanes.allSatisfy { $0.flaw == nil } })
            for number in count + 1...count + 5 {
                try store.commit(
                    PowerLedger.Event(
                        lane: 0, number: number, boot: boot, byteCount: Int(number * 40)))
                if boot == 2, number == count + 3 { try store.checkpoint() }
            }
            try store.close()
        }
        let store = try Durable<PowerLedger>.open("/store", environment: environment)
        #expect(store.read { $0.lanes.map(\.text) } == ["1*5+2*5+3*5"])
    }

    /// One changed byte of an event whose checksum was made good again.
    @Test func bytesThatDoNotBelongToAnEntryAreAFlaw() throws {
        var encoder = EventEncoder()
        PowerLedger.Event(lane: 0, number: 1, boot: 1, byteCount: 9).encode(into: &encoder)
        for index in 4..<encoder.bytes.count {
            var bytes = encoder.bytes.bytes.array()
            bytes[index] ^= 0x40
            var decoder = EventDecoder(bytes.span.bytes, symbols: SymbolTable())
            let event = try PowerLedger.Event(from: &decoder)
            #expect(!event.isWhole)
            var ledger = PowerLedger()
            ledger.apply(event)
            #expect(ledger.lanes[0].flaw == "bytes-of-1")
        }
    }

    @Test func theRosterKnowsItsBugs() {
        for entry in PowerRoster.bugs {
            #expect(Bug.all.contains { $0.name == entry.name }, "\(entry.name)")
        }
        #expect(Set(PowerRoster.bugs.map(\.name)).count == PowerRoster.bugs.count)
    }
}
