// SPDX-License-Identifier: Apache-2.0

import CairnExchange
import CairnFormat
import CairnGraph
@_exported import struct CairnTesting.SplitMix64

/// What an export writes, in one piece.
func text(_ write: ((RawSpan) -> Void) -> Void) -> String {
    var bytes = BinaryBuffer()
    write { bytes.append($0) }
    return String(decoding: bytes.array(), as: UTF8.self)
}

func jsonLines(_ graph: GraphStore) -> String {
    text { JSONLinesExport.write(graph, to: $0) }
}

/// Imports a text into a store, in pieces of `pieceByteCount` bytes.
@discardableResult
func read(
    _ text: String, into graph: inout GraphStore, pieceByteCount: Int = 7,
    options: JSONLinesImport.Options = JSONLinesImport.Options()
) throws(ExchangeError) -> JSONLinesImport {
    var lines = JSONLinesImport(options: options)
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
        try lines.read(Array(rest.prefix(pieceByteCount)), into: &graph)
        rest = rest.dropFirst(pieceByteCount)
    }
    try lines.finish(into: &graph)
    return lines
}

extension SplitMix64 {
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }

    /// Any value, nested at most `depth` deep.
    mutating func value(depth: Int) -> Value {
        switch below(depth > 0 ? 8 : 6) {
        case 0: return .null
        case 1: return .bool(below(2) == 0)
        case 2: return .int(pick([Int64(bitPattern: next()), 0, -1, .max, .min]))
        case 3:
            return .double(pick([Double(bitPattern: next()), 0, -0.0, 1, 1e22, .nan, .infinity]))
        case 4: return .string(string())
        case 5: return .bytes((0..<below(5)).map { _ in UInt8(truncatingIfNeeded: next()) })
        case 6: return .list((0..<below(4)).map { _ in value(depth: depth - 1) })
        default:
            var map: [String: Value] = [:]
            for _ in 0..<below(3) { map[string()] = value(depth: depth - 1) }
            return .map(map)
        }
    }

    mutating func string() -> String {
        pick([
            "", "a", "$map", "$bytes", "$double", "$", "\"\\/", "\u{0}\u{1f}\n", "é", "😀", "name",
        ])
    }
}
