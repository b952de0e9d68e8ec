// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnGraph

/// Sections in memory, with the boundaries of records.
struct SectionImage: Hashable {
    var sections: [UInt32: [[UInt8]]] = [:]

    /// All the bytes of a section.
    subscript(id: UInt32) -> [UInt8] { Array((sections[id] ?? []).joined()) }
}

/// Writes sections into memory.
struct MemorySink: SectionSink, ~Copyable {
    var image = SectionImage()
    private var current: UInt32 = 0

    mutating func beginSection(_ id: UInt32) throws(FormatError) {
        guard id > current else { throw FormatError(code: .invalidValue, offset: 0) }
        current = id
        image.sections[id] = []
    }

    mutating func appendRecord(_ write: (inout BinaryBuffer) -> Void) throws(FormatError) {
        var buffer = BinaryBuffer()
        write(&buffer)
        image.sections[current]?.append(buffer.array())
    }
}

/// Reads sections from memory, in runs of at most `recordCountMax` records.
struct MemorySource: SectionSource, ~Copyable {
    let image: SectionImage
    var recordCountMax = 3

    var sectionIDs: [UInt32] { image.sections.keys.sorted() }

    mutating func forEachRun(
        of id: UInt32, _ body: (inout ByteReader) throws(FormatError) -> Void
    ) throws(FormatError) {
        let records = image.sections[id] ?? []
        for start in stride(from: 0, to: records.count, by: recordCountMax) {
            let run = Array(records[start..<min(start + recordCountMax, records.count)].joined())
            var reader = ByteReader(run.span.bytes)
            try body(&reader)
            try reader.expectEnd()
        }
    }

    func failure(_ error: FormatError) -> FormatError { error }
}

extension GraphStore {
    /// The snapshot of the store.
    var image: SectionImage {
        var sink = MemorySink()
        do { try write(to: &sink) } catch { fatalError("a sink in memory does not fail: \(error)") }
        return sink.image
    }

    /// The store in a snapshot.
    init(_ image: SectionImage, recordCountMax: Int = 3) throws(FormatError) {
        var source = MemorySource(image: image, recordCountMax: recordCountMax)
        try self.init(from: &source)
    }
}
