// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnFormat

/// The state that the laboratory keeps: it remembers every entry by its number and all of them by a digest,
/// so a lost, doubled, swapped or changed entry shows.
struct Ledger: DurableState, Hashable {
    private(set) var count: UInt64 = 0
    private(set) var digest: UInt64 = 0xcbf2_9ce4_8422_2325
    private(set) var numbers: [UInt64] = []

    /// One entry: a number and bytes that follow from it.
    struct Event: DurableEvent, Hashable {
        let number: UInt64
        let byteCount: Int
        private let bytes: [UInt8]

        init(number: UInt64, byteCount: Int) {
            self.number = number
            self.byteCount = byteCount
            bytes = (0..<byteCount).map {
                UInt8(truncatingIfNeeded: ($0 &* 31) ^ Int(truncatingIfNeeded: number &* 7)) | 1
            }
        }

        func encode(into encoder: inout EventEncoder) {
            encoder.bytes.append(varint: number)
            encoder.bytes.append(varint: UInt64(byteCount))
            encoder.bytes.append(bytes.span.bytes)
        }

        init(from decoder: inout EventDecoder) throws(FormatError) {
            number = try decoder.bytes.varint()
            let count = try decoder.bytes.varint()
            guard count <= UInt64(decoder.bytes.remaining) else {
                throw FormatError(code: .invalidValue, offset: decoder.bytes.offset)
            }
            byteCount = Int(count)
            bytes = try decoder.bytes.take(byteCount).array()
        }

        var digest: UInt64 {
            var hash = number &* 0x9e37_79b9_7f4a_7c15
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            return hash
        }
    }

    /// Why an entry is refused.
    struct Refused: Error {}
    /// Entries from this number on are refused.
    static let refusedNumber: UInt64 = 1 << 40

    func validate(_ event: Event) throws {
        guard event.number < Self.refusedNumber else { throw Refused() }
    }

    mutating func apply(_ event: Event) {
        count += 1
        numbers.append(event.number)
        digest = (digest ^ event.digest) &* 0x100_0000_01b3
        digest ^= digest >> 31
    }

    borrowing func write<Sink: SectionSink & ~Copyable>(
        to sink: inout Sink
    ) throws(Sink.Failure) {
        let (count, digest) = (count, digest)
        try sink.beginSection(1)
        try sink.appendRecord {
            $0.append(count)
            $0.append(digest)
        }
        try sink.beginSection(2)
        for number in numbers { try sink.appendRecord { $0.append(number) } }
    }

    init() {}

    init<Source: SectionSource & ~Copyable>(
        from source: inout Source
    ) throws(Source.Failure) {
        var (count, digest, numbers): (UInt64, UInt64, [UInt64]) = (0, 0, [])
        try source.forEachRun(of: 1) { (reader) throws(FormatError) in
            count = try reader.integer(UInt64.self)
            digest = try reader.integer(UInt64.self)
        }
        try source.forEachRun(of: 2) { (reader) throws(FormatError) in
            while reader.remaining > 0 { numbers.append(try reader.integer(UInt64.self)) }
        }
        self.count = count
        self.digest = digest
        self.numbers = numbers
    }
}
