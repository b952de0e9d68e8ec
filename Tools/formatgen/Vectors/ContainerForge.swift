// SPDX-License-Identifier: Apache-2.0

import CairnContainer
import CairnFormat
import CairnFormats

/// Makes the bytes of containers, right or wrong. Checksums are made right by `ResolvedFormat.repaired`, but for those
/// that records carry of the ones before them.
struct ContainerForge {
    /// A record, of whatever content.
    struct Record {
        var kind: UInt8
        var entryKind: UInt8 = 0
        var name: [UInt8] = []
        /// Bytes behind the name, up to a multiple of four; zeros where none are given.
        var padding: [UInt8]?
        /// The size that the record says its name has.
        var nameByteCount: Int?
        var sequence: UInt64?
        var durable: UInt64 = 0
        var previous: UInt32?
        var entry: UInt64 = 1
        var parent: UInt64 = 0
        var position: UInt64 = 0
        var place: UInt64 = 0
        var byteCount: UInt64 = 0

        static func create(
            _ entry: UInt64, _ name: String, isDirectory: Bool = false, durable: UInt64 = 0
        ) -> Record {
            Record(
                kind: 1, entryKind: isDirectory ? 2 : 1, name: Array(name.utf8), durable: durable,
                entry: entry)
        }

        static func link(_ place: UInt64, _ byteCount: UInt64, durable: UInt64 = 0) -> Record {
            Record(kind: 7, durable: durable, entry: 0, place: place, byteCount: byteCount)
        }
    }

    static let identity = [UInt8](1...16)
    private let generation: UInt64
    private let place: UInt64
    private let byteCount: UInt64

    private(set) var bytes: [UInt8] = []
    private var chain: UInt32 = 0
    private var sequence: UInt64 = 0
    /// Where the next record goes.
    private(set) var end = 0

    private var salt: UInt32 {
        let text = Self.identity + Self.little(generation)
        return CRC32C.checksum(of: text.span.bytes)
    }

    static func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }

    /// A container without records.
    init(generation: UInt64 = 1, place: UInt64 = 60, byteCount: UInt64 = 512) {
        self.generation = generation
        self.place = place
        self.byteCount = byteCount
        var buffer = BinaryBuffer(capacity: 64)
        FilePreamble.append(
            magic: ContainerLayout.magic, version: ContainerLayout.version, to: &buffer)
        bytes = buffer.array() + Self.identity + Self.little(generation) + Self.little(place)
        bytes += Self.little(byteCount)
        chain = CRC32C.checksum(of: bytes.span.bytes)
        bytes += Self.little(chain)
        end = Int(place)
        bytes += [UInt8](repeating: 0, count: Int(place + byteCount) - bytes.count)
    }

    /// Puts a record behind the others.
    mutating func add(_ record: Record) {
        sequence += 1
        let number = record.sequence ?? sequence
        var head = Self.little(record.previous ?? chain) + [record.kind, record.entryKind]
        head += Self.little(UInt16(record.nameByteCount ?? record.name.count))
        for field in [
            number, record.durable, record.entry, record.parent, record.position, record.place,
            record.byteCount,
        ] { head += Self.little(field) }
        chain = CRC32C.checksum(of: head.span.bytes, seed: salt)
        head += Self.little(chain)
        if !record.name.isEmpty {
            let gap = (4 - record.name.count % 4) % 4
            let name = record.name + (record.padding ?? [UInt8](repeating: 0, count: gap))
            head += name + Self.little(CRC32C.checksum(of: name.span.bytes, seed: chain))
        }
        put(head, at: end)
        end += head.count
        if record.kind == 7 { end = Int(clamping: record.place) }
    }

    /// Writes over what is there, and behind it.
    mutating func put(_ part: [UInt8], at place: Int) {
        if bytes.count < place + part.count {
            bytes += [UInt8](repeating: 0, count: place + part.count - bytes.count)
        }
        bytes.replaceSubrange(place..<place + part.count, with: part)
    }

    /// Makes the file so long.
    mutating func grow(to byteCount: Int) {
        guard bytes.count < byteCount else { return }
        bytes += [UInt8](repeating: 0, count: byteCount - bytes.count)
    }
}
