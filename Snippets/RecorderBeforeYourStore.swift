//! A store of your own behind a log: each change is recorded as an event, and the events rebuild the store.

import CairnFormat
import CairnRecorder

/// One change, and how its bytes look.
struct Sale: EventEncodable, EventDecodable {
    var product: String
    var count: Int

    init(product: String, count: Int) {
        self.product = product
        self.count = count
    }

    func encode(into encoder: inout EventEncoder) {
        encoder.append(symbol: product)
        encoder.bytes.append(zigzag: Int64(count))
    }

    init(from decoder: inout EventDecoder) throws(FormatError) {
        product = try decoder.symbol()
        count = Int(try decoder.bytes.zigzag())
    }
}

/// The store: totals in memory, sales in a log.
struct Shop {
    private(set) var totals: [String: Int] = [:]
    private let recorder: WalRecorder

    init(_ path: String) throws {
        var totals: [String: Int] = [:]
        recorder = try WalRecorder.open(path, replaying: Sale.self) { sale in
            totals[sale.product, default: 0] += sale.count
        }
        self.totals = totals
    }

    /// Changes the totals and records the same changes: both stand, or neither.
    mutating func sell(_ sales: [Sale]) throws -> Bool {
        var changed = totals
        try recorder.arm()
        for sale in sales {
            changed[sale.product, default: 0] += sale.count
            recorder.record(sale)
        }
        guard changed.values.allSatisfy({ $0 >= 0 }) else {
            recorder.abort()  // nothing of it was ever on disk
            return false
        }
        try recorder.commit()
        totals = changed
        return true
    }

    func close() throws { try recorder.close() }
}

var shop = try Shop("recorder")
print(try shop.sell([Sale(product: "tea", count: 3), Sale(product: "jam", count: 1)]))
print(try shop.sell([Sale(product: "tea", count: -1), Sale(product: "jam", count: -5)]))
try shop.close()

let again = try Shop("recorder")
print(again.totals.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })
try again.close()

// Prints: true
// Prints: false
// Prints: ["jam 1", "tea 3"]
