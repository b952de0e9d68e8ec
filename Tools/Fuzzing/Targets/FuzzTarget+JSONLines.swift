// SPDX-License-Identifier: Apache-2.0

internal import CairnExchange
internal import CairnFormat
internal import CairnGraph

extension FuzzTarget {
    /// One switch byte (bit 0: renewed ids; bit 1: in pieces of 7 bytes), then the text.
    static let jsonLines = FuzzTarget(
        name: "jsonlines",
        purpose: "a graph as JSON Lines; what is read is exported and read again",
        allocationByteCountMax: 4 << 20
    ) { (input) throws(BrokenInvariant) in
        var input = FuzzInput(input)
        let switches = input.byte()
        let text = input.remainder()
        var options = JSONLinesImport.Options()
        options.identity = switches.has(0) ? .renewed : .kept
        // A million fillers of holes is a limit for files, not for a fuzzer.
        options.holeCountMax = 500
        let whole: GraphStore?
        do { whole = try read(text, options, pieceByteCount: .max) } catch { whole = nil }
        if switches.has(1) {
            let pieces = try? read(text, options, pieceByteCount: 7)
            try require(
                pieces?.image == whole?.image, "the size of the pieces changes what is read")
        }
        guard let whole else { return }
        var exported: [UInt8] = []
        JSONLinesExport.write(whole) { bytes throws(Never) in exported += bytes.array() }
        options.identity = .kept
        let again = try mustSucceed("an export must be readable") {
            try read(exported, options, pieceByteCount: .max)
        }
        try require(again.image == whole.image, "an export is read as another graph")
    } seeds: {
        var store = GraphStore()
        for event in SnapshotSeed.events { try? store.apply(event) }
        var exported: [UInt8] = []
        JSONLinesExport.write(store) { bytes throws(Never) in exported += bytes.array() }
        let escapes =
            #"{"kind":"node","id":3,"labels":["\u00e9"],"properties":{"a":"\ud83d\ude00\n","#
            + #""b":{"$double":"nan"},"c":{"$map":{"$x":1}},"d":[1e300,-0,0.5,null,true]}}"# + "\n"
        return [[0] + exported, [2] + escapes.utf8, [1] + exported]
    }

    private static func read(
        _ text: [UInt8], _ options: JSONLinesImport.Options, pieceByteCount: Int
    ) throws(ExchangeError) -> GraphStore {
        var store = GraphStore()
        var reader = JSONLinesImport(options: options)
        var start = 0
        while start < text.count {
            let end = start + min(pieceByteCount, text.count - start)
            try reader.read(Array(text[start..<end]), into: &store)
            start = end
        }
        try reader.finish(into: &store)
        return store
    }
}
