// SPDX-License-Identifier: Apache-2.0
//
// A `Codable` value of many small items, written and read: in the self-describing form, by Foundation's coders,
// and by an event that writes its fields by hand. On one thread, without a disk.

internal import BenchSupport
internal import CairnCodec
internal import CairnDurable
internal import CairnFormat
internal import Foundation

struct CodableBenchmark {
    let options: BenchOptions

    init(_ options: BenchOptions) { self.options = options }

    /// 100,000, or as many as nodes are asked for when those are fewer.
    private var itemCount: Int { min(options.nodes, 100_000) }

    func run() throws -> [ResultLine] {
        let inventory = Inventory(count: itemCount)
        let list = PropertyListEncoder()
        list.outputFormat = .binary
        return try byEvent("self-describing", inventory)
            + byEvent("by hand", HandWritten(items: inventory.items))
            + byFoundation(
                "JSON", inventory, JSONEncoder().encode,
                { try JSONDecoder().decode(Inventory.self, from: $0) })
            + byFoundation(
                "property list", inventory, list.encode,
                { try PropertyListDecoder().decode(Inventory.self, from: $0) })
    }

    private func byEvent<Event: DurableEvent & Equatable>(
        _ form: String, _ event: Event
    ) throws -> [ResultLine] {
        var buffer = BinaryBuffer()
        let encoding = Speed(seconds: options.seconds / 2) {
            var builder = BatchBuilder()
            builder.append(event)
            buffer.removeAll()
            builder.encode(into: &buffer)
            return (itemCount, buffer.count)
        }
        let decoding = try Speed(seconds: options.seconds / 2) {
            var reader = try BatchReader(buffer.bytes)
            let back = try reader.nextEvent(Event.self)
            guard back == event else { throw BenchError("\(form): another value came back") }
            return (itemCount, buffer.count)
        }
        return lines(form, encoding, decoding)
    }

    private func byFoundation(
        _ form: String, _ value: Inventory, _ encode: (Inventory) throws -> Data,
        _ decode: (Data) throws -> Inventory
    ) throws -> [ResultLine] {
        var data = Data()
        let encoding = try Speed(seconds: options.seconds / 2) {
            data = try encode(value)
            return (itemCount, data.count)
        }
        let decoding = try Speed(seconds: options.seconds / 2) {
            guard try decode(data) == value else {
                throw BenchError("\(form): another value came back")
            }
            return (itemCount, data.count)
        }
        return lines(form, encoding, decoding)
    }

    private func lines(_ form: String, _ encoding: Speed, _ decoding: Speed) -> [ResultLine] {
        [
            encoding.line(Workload.codable.rawValue, what: "\(form), encode"),
            decoding.line(Workload.codable.rawValue, what: "\(form), decode"),
        ]
    }
}

/// Something as programs keep it.
private struct Item: Codable, Equatable, Sendable {
    var id: Int
    var name: String
    var price: Double
    var tags: [String]
    var isActive: Bool
    var note: String?
}

private struct Inventory: DurableEvent, Codable, Equatable {
    var items: [Item]

    init(count: Int) {
        items = (0..<count).map { number in
            Item(
                id: number, name: "item number \(number)", price: Double(number) * 0.37,
                tags: ["kind \(number % 7)", "shelf \(number % 100)"], isActive: number % 3 == 0,
                note: number % 5 == 0 ? "seen" : nil)
        }
    }
}

/// The same, with a form of its own.
private struct HandWritten: DurableEvent, Equatable {
    var items: [Item]

    init(items: [Item]) { self.items = items }

    func encode(into encoder: inout EventEncoder) {
        encoder.bytes.append(varint: UInt64(items.count))
        for item in items {
            encoder.bytes.append(zigzag: Int64(item.id))
            encoder.bytes.append(string: item.name)
            encoder.bytes.append(item.price.bitPattern)
            encoder.bytes.append(varint: UInt64(item.tags.count))
            for tag in item.tags { encoder.append(symbol: tag) }
            encoder.bytes.append(UInt8(item.isActive ? 1 : 0) | (item.note == nil ? 0 : 2))
            if let note = item.note { encoder.bytes.append(string: note) }
        }
    }

    init(from decoder: inout EventDecoder) throws(FormatError) {
        items = []
        for _ in 0..<(try decoder.bytes.count(byteCountEach: 12)) {
            let id = Int(try decoder.bytes.zigzag())
            let name = try decoder.bytes.string()
            let price = Double(bitPattern: try decoder.bytes.integer())
            var tags: [String] = []
            for _ in 0..<(try decoder.bytes.count()) { tags.append(try decoder.symbol()) }
            let flags = try decoder.bytes.integer(UInt8.self)
            items.append(
                Item(
                    id: id, name: name, price: price, tags: tags, isActive: flags & 1 != 0,
                    note: flags & 2 != 0 ? try decoder.bytes.string() : nil))
        }
    }
}
