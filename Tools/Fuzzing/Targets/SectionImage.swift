// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnGraph

/// The sections of a snapshot in memory.
struct SectionImage: Hashable {
    var sections: [UInt32: [UInt8]] = [:]
}

/// Writes sections into memory.
private struct ImageSink: SectionSink, ~Copyable {
    var image = SectionImage()
    private var current: UInt32 = 0

    mutating func beginSection(_ id: UInt32) throws(Never) {
        current = id
        image.sections[id] = []
    }

    mutating func appendRecord(_ write: (inout BinaryBuffer) -> Void) throws(Never) {
        var buffer = BinaryBuffer()
        write(&buffer)
        image.sections[current, default: []] += buffer.array()
    }
}

/// Reads sections from memory, each in one run.
private struct ImageSource: SectionSource, ~Copyable {
    let image: SectionImage
    var sectionIDs: [UInt32] { image.sections.keys.sorted() }

    mutating func forEachRun(
        of id: UInt32, _ body: (inout ByteReader) throws(FormatError) -> Void
    ) throws(FormatError) {
        guard let bytes = image.sections[id], !bytes.isEmpty else { return }
        var reader = ByteReader(bytes.span.bytes)
        try body(&reader)
        try reader.expectEnd()
    }

    func failure(_ error: FormatError) -> FormatError { error }
}

extension GraphStore {
    /// The snapshot of the store.
    var image: SectionImage {
        var sink = ImageSink()
        write(to: &sink)
        return sink.image
    }

    /// The store in a snapshot.
    init(_ image: SectionImage) throws(FormatError) {
        var source = ImageSource(image: image)
        try self.init(from: &source)
    }
}
