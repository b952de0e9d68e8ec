// SPDX-License-Identifier: Apache-2.0

import CairnFormat

/// The chunks of a snapshot as they are stored, to be written anew by an attacker without the key: with all checksums, numbers
/// and counts right.
struct ForgedSnapshot {
    struct Chunk {
        var section: UInt32
        var flags: UInt32
        var recordCount: UInt32
        var payload: [UInt8]
    }

    let header: [UInt8]
    var sections: [UInt32]
    var chunks: [Chunk] = []

    private static let headerByteCount = 48
    private static let trailerByteCount = 24

    init(_ bytes: [UInt8]) {
        func number<Number: FixedWidthInteger>(_ offset: Int, _: Number.Type) -> Number {
            bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: Number.self) }
        }
        header = Array(bytes.prefix(Self.headerByteCount))
        let footer = Int(number(bytes.count - Self.trailerByteCount, UInt64.self))
        let sectionCount = Int(number(footer, UInt32.self))
        sections = (0..<sectionCount).map { number(footer + 8 + $0 * 32, UInt32.self) }
        var offset = Self.headerByteCount
        while offset < footer {
            let count = Int(number(offset + 8, UInt32.self))
            chunks.append(
                Chunk(
                    section: number(offset, UInt32.self), flags: number(offset + 16, UInt32.self),
                    recordCount: number(offset + 12, UInt32.self),
                    payload: Array(bytes[offset + 24..<offset + 24 + count])))
            offset += 24 + count + 4
        }
    }

    mutating func swapPayloads(_ first: Int, _ second: Int) {
        (chunks[first].payload, chunks[second].payload) =
            (chunks[second].payload, chunks[first].payload)
    }

    func write() -> [UInt8] {
        let salt = CRC32C.checksum(of: header[16..<40].span.bytes)
        var file = BinaryBuffer(capacity: 8 << 20)
        file.append(header)
        var places: [UInt32: (first: Int, bytes: Int, chunks: UInt32, records: UInt64)] = [:]
        for (number, chunk) in chunks.enumerated() {
            let start = file.count
            for value in [
                chunk.section, UInt32(number), UInt32(chunk.payload.count), chunk.recordCount,
                chunk.flags,
            ] {
                file.append(value)
            }
            file.append(CRC32C.checksum(of: file.bytes.extracting(start..<file.count), seed: salt))
            file.append(chunk.payload)
            file.append(CRC32C.checksum(of: chunk.payload.span.bytes, seed: salt))
            var place = places[chunk.section] ?? (start, 0, 0, 0)
            place.bytes += file.count - start
            place.chunks += 1
            place.records += UInt64(chunk.recordCount)
            places[chunk.section] = place
        }
        appendFooter(to: &file, places, salt)
        return file.array()
    }

    private func appendFooter(
        to file: inout BinaryBuffer,
        _ places: [UInt32: (first: Int, bytes: Int, chunks: UInt32, records: UInt64)],
        _ salt: UInt32
    ) {
        let footer = file.count
        var end = Self.headerByteCount
        file.append(UInt32(sections.count))
        file.append(UInt32(0))
        for section in sections.sorted() {
            let place = places[section] ?? (end, 0, 0, 0)
            file.append(section)
            file.append(place.chunks)
            file.append(UInt64(end))
            file.append(UInt64(place.bytes))
            file.append(place.records)
            end += place.bytes
        }
        file.append(CRC32C.checksum(of: file.bytes))
        file.append(CRC32C.checksum(of: file.bytes.extracting(footer..<file.count), seed: salt))
        let trailer = file.count
        file.append(UInt64(footer))
        file.append(UInt32(trailer - footer))
        file.append(CRC32C.checksum(of: file.bytes.extracting(trailer..<file.count), seed: salt))
        file.append(FilePreamble.magic("CAIRNEND"))
    }
}
