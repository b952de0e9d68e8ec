// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnFormat
import Testing

@Suite struct BatchTests {
    /// An event of symbols and bytes.
    struct Event: EventEncodable, EventDecodable, Hashable {
        var symbols: [String]
        var bytes: [UInt8]

        init(_ symbols: [String], _ bytes: [UInt8] = []) {
            self.symbols = symbols
            self.bytes = bytes
        }

        func encode(into encoder: inout EventEncoder) {
            encoder.bytes.append(varint: UInt64(symbols.count))
            for symbol in symbols { encoder.append(symbol: symbol) }
            encoder.bytes.append(bytes)
        }

        init(from decoder: inout EventDecoder) throws(FormatError) {
            let count = try decoder.bytes.count()
            symbols = []
            for _ in 0..<count { symbols.append(try decoder.symbol()) }
            bytes = try decoder.bytes.take(decoder.bytes.remaining).array()
        }
    }

    static func encoded(_ builder: borrowing BatchBuilder) -> [UInt8] {
        var buffer = BinaryBuffer()
        builder.encode(into: &buffer)
        return buffer.array()
    }

    static func batch(_ events: [Event]) -> [UInt8] {
        var builder = BatchBuilder()
        for event in events { builder.append(event) }
        return encoded(builder)
    }

    static func events(_ batch: [UInt8]) throws(FormatError) -> [Event] {
        var reader = try BatchReader(batch.span.bytes)
        var events: [Event] = []
        while let event = try reader.nextEvent(Event.self) { events.append(event) }
        return events
    }

    static let samples = [
        Event(["Person", "name"], [1, 2, 3]), Event([]), Event(["name", "name", "age"], [0xff]),
        Event(["ä", "日本語", ""], []), Event(["Person"], Array(repeating: 7, count: 300)),
    ]

    @Test func eventsComeBack() throws {
        for count in 0...Self.samples.count {
            let events = Array(Self.samples[..<count])
            let batch = Self.batch(events)
            #expect(try Self.events(batch) == events)
            let read = try BatchReader(batch.span.bytes).eventCount
            #expect(read == count)
        }
    }

    @Test func symbolsAreWrittenOnceInTheOrderOfTheirUse() throws {
        let symbols = try BatchReader(Self.batch(Self.samples).span.bytes).symbols.symbols
        #expect(symbols == ["Person", "name", "age", "ä", "日本語", ""])
    }

    /// Two strings that look the same and are compared as equal, and are not the same bytes.
    @Test func symbolsKeepTheirBytes() throws {
        let composed = "\u{e9}"
        let decomposed = "e\u{301}"
        let events = try Self.events(Self.batch([Event([composed, decomposed, composed])]))
        let bytes = events[0].symbols.map { Array($0.utf8) }
        #expect(bytes == [composed, decomposed, composed].map { Array($0.utf8) })
    }

    @Test func rollingBackForgetsEventsAndSymbols() {
        for kept in 0...Self.samples.count {
            var builder = BatchBuilder()
            for event in Self.samples[..<kept] { builder.append(event) }
            let mark = builder.mark
            let before = Self.encoded(builder)
            let byteCount = builder.byteCount
            for event in Self.samples[kept...] { builder.append(event) }
            builder.append(Event(["only here"], [1]))
            builder.append(bytes: ([1, 2] as [UInt8]).span.bytes)
            builder.rollBack(to: mark)
            #expect(Self.encoded(builder) == before, "kept \(kept)")
            #expect(builder.mark == mark)
            #expect(builder.byteCount == byteCount || kept == 0)
            // What comes after is as if nothing had been rolled back.
            for event in Self.samples { builder.append(event) }
            #expect(Self.encoded(builder) == Self.batch(Self.samples[..<kept] + Self.samples))
        }
    }

    @Test func marksNest() {
        var builder = BatchBuilder()
        var marks: [BatchBuilder.Mark] = []
        var states: [[UInt8]] = []
        for event in Self.samples {
            marks.append(builder.mark)
            states.append(Self.encoded(builder))
            builder.append(event)
        }
        for (mark, state) in zip(marks, states).reversed() {
            builder.rollBack(to: mark)
            #expect(Self.encoded(builder) == state)
        }
    }

    @Test func anEmptiedBuilderIsLikeANewOne() {
        var builder = BatchBuilder()
        for event in Self.samples { builder.append(event) }
        builder.removeAll()
        #expect(builder.eventCount == 0)
        #expect(builder.byteCount == 0)
        builder.append(Self.samples[2])
        #expect(Self.encoded(builder) == Self.batch([Self.samples[2]]))
    }

    @Test func theByteCountIsNotBelowTheTruth() {
        var builder = BatchBuilder()
        for event in Self.samples {
            builder.append(event)
            #expect(builder.byteCount >= Self.encoded(builder).count)
        }
    }

    @Test func everyTruncationAndEveryChangedByteThrowsOrGivesEvents() throws {
        let batch = Self.batch(Array(Self.samples[..<4]))
        for count in 0..<batch.count {
            #expect(throws: FormatError.self, "\(count) bytes") {
                try Self.events(Array(batch[..<count]))
            }
        }
        #expect(throws: FormatError.self) { try Self.events(batch + [0]) }
        var accepted = 0
        for index in batch.indices {
            for value in UInt8.min...UInt8.max where value != batch[index] {
                var changed = batch
                changed[index] = value
                if let events = try? Self.events(changed), !events.isEmpty { accepted += 1 }
            }
        }
        // Changes within strings and payloads are for the checksum to see.
        #expect(accepted > 0)
    }

    @Test func hostileHeadsAreRefused() {
        let huge: [UInt8] = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]
        let heads: [(String, [UInt8], FormatError.Code?)] = [
            ("nothing", [], .truncated),
            ("symbols without end", huge, .countTooLarge),
            ("a symbol longer than the batch", [1, 200, 1, 0x61], .countTooLarge),
            ("events without end", [0] + huge, .countTooLarge),
            ("more events than bytes", [0, 5, 0, 0], .countTooLarge),
            ("an event longer than the batch", [0, 1, 9, 1], .countTooLarge),
            ("events longer than the batch together", [0, 3, 2, 2, 2, 1, 1], .truncated),
            ("bytes behind the events", [0, 1, 1, 7, 7], .trailingBytes),
            ("the same symbol twice", [2, 1, 0x61, 1, 0x61, 0], .duplicate),
            ("a symbol that is no text", [1, 1, 0xff, 0], .invalidUTF8),
            ("a number with more bytes than it needs", [0x80, 0x00, 0], .nonCanonical),
        ]
        for (name, bytes, code) in heads {
            let error = #expect(throws: FormatError.self, "\(name)") { try Self.events(bytes) }
            #expect(error?.code == code, "\(name)")
        }
    }

    @Test func anEventMustUseAllItsBytes() throws {
        struct OneByte: EventDecodable {
            init(from decoder: inout EventDecoder) throws(FormatError) {
                _ = try decoder.bytes.integer(UInt8.self)
            }
        }
        func read(_ byteCount: UInt8) throws(FormatError) -> Bool {
            let batch = [0, 1, byteCount] + [UInt8](repeating: 9, count: Int(byteCount))
            var reader = try BatchReader(batch.span.bytes)
            return try reader.nextEvent(OneByte.self) != nil
        }
        #expect(try read(1))
        #expect(throws: FormatError(code: .truncated, offset: 3)) { try read(0) }
        #expect(throws: FormatError(code: .trailingBytes, offset: 4)) { try read(2) }
    }

    @Test func aSymbolBeyondTheTableIsRefused() {
        #expect(throws: FormatError(code: .invalidReference, offset: 6)) {
            try Self.events([1, 1, 0x61, 1, 2, 1, 1])
        }
    }
}
