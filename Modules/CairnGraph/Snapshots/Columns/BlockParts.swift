// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

/// The way a block lies in the records of its section. The numbers are on disk and never change.
package enum BlockForm: UInt8, CaseIterable {
    case whole = 0
    case part = 1
    case lastPart = 2
}

/// Puts the blocks of a section together that lie in several records.
final class BlockParts {
    /// The parts of a block whose last part did not come yet.
    private var bytes = BinaryBuffer(capacity: 16)
    private var hasParts = false

    /// Reads the records of a run, and gives each block once it is complete.
    ///
    /// - Throws: `FormatError` with code `.unknownTag` (no such form), `.invalidValue` (a whole block between the parts of
    ///   another), or what `body` and `ByteReader` throw.
    func read(
        _ reader: inout ByteReader,
        _ body: (inout ByteReader) throws(FormatError) -> Void
    ) throws(FormatError) {
        while !reader.isAtEnd {
            let offset = reader.offset
            guard let form = BlockForm(rawValue: try reader.integer()) else {
                throw FormatError(code: .unknownTag, offset: offset)
            }
            guard form != .whole else {
                guard !hasParts else { throw FormatError(code: .invalidValue, offset: offset) }
                try body(&reader)
                continue
            }
            let byteCount = try reader.count()
            let place = reader.offset
            bytes.append(try reader.take(byteCount))
            hasParts = form == .part
            guard form == .lastPart else { continue }
            var whole = BinaryBuffer(capacity: 16)
            swap(&whole, &bytes)
            var block = ByteReader(whole.bytes, baseOffset: place)
            try body(&block)
            try block.expectEnd()
        }
    }

    /// The error when no further record comes.
    var defect: FormatError? { hasParts ? FormatError(code: .truncated, offset: 0) : nil }
}
