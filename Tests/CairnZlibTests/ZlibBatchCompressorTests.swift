// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnFormat
import CairnZlib
import Testing

@Suite struct ZlibBatchCompressorTests {
    static let compressor = ZlibBatchCompressor()

    static func compressed(_ bytes: [UInt8], level: Int = 1) throws -> [UInt8] {
        var output = BinaryBuffer()
        try ZlibBatchCompressor(level: level).compress(bytes.span.bytes, into: &output)
        return output.array()
    }

    static func inflated(_ stored: [UInt8], _ declared: Int) throws(CodecError) -> [UInt8] {
        var output = BinaryBuffer()
        try compressor.decompress(
            stored.span.bytes, uncompressedByteCount: declared, into: &output)
        return output.array()
    }

    static let samples: [[UInt8]] = [
        [], [0], [1, 2, 3], Array(repeating: 9, count: 100_000), Array("hello hello hello".utf8),
        (0..<5000).map { UInt8(truncatingIfNeeded: ($0 &* $0 &* 40503) >> 7) },
    ]

    @Test func everyLevelComesBack() throws {
        for level in 1...9 {
            for sample in Self.samples {
                let stored = try Self.compressed(sample, level: level)
                #expect(try Self.inflated(stored, sample.count) == sample, "level \(level)")
            }
        }
        #expect(Self.compressor.id == .zlib)
    }

    @Test func outputIsAppended() throws {
        var output = BinaryBuffer()
        output.append([1, 2, 3])
        try Self.compressor.compress(Array("abc".utf8).span.bytes, into: &output)
        #expect(output.array().starts(with: [1, 2, 3]))
        let stored = Array(output.array()[3...])
        var inflated = BinaryBuffer()
        inflated.append([9])
        try Self.compressor.decompress(
            stored.span.bytes, uncompressedByteCount: 3, into: &inflated)
        #expect(inflated.array() == [9] + Array("abc".utf8))
    }

    @Test func anotherSizeThanDeclaredIsRefused() throws {
        for sample in Self.samples {
            let stored = try Self.compressed(sample)
            for declared in [sample.count - 1, sample.count + 1, 0, sample.count * 2 + 5]
            where declared >= 0 && declared != sample.count {
                let error = #expect(throws: CodecError.self, "\(declared) of \(sample.count)") {
                    try Self.inflated(stored, declared)
                }
                #expect(error?.code == .decompressionFailed)
            }
        }
    }

    @Test func bytesBehindTheStreamAreRefused() throws {
        for sample in Self.samples {
            let stored = try Self.compressed(sample)
            for tail in [[UInt8(0)], [1, 2, 3], stored] {
                #expect(throws: CodecError.self) { try Self.inflated(stored + tail, sample.count) }
            }
        }
    }

    @Test func everyTruncationIsRefused() throws {
        for sample in [Self.samples[0], Self.samples[2], Self.samples[4]] {
            let stored = try Self.compressed(sample)
            for count in 0..<stored.count {
                #expect(throws: CodecError.self, "\(count) of \(stored.count)") {
                    try Self.inflated(Array(stored[..<count]), sample.count)
                }
            }
        }
    }

    @Test func everyChangedByteIsRefusedOrGivesTheDeclaredSize() throws {
        let sample = Self.samples[4]
        let stored = try Self.compressed(sample)
        for index in stored.indices {
            for value in UInt8.min...UInt8.max {
                var changed = stored
                changed[index] = value
                guard let bytes = try? Self.inflated(changed, sample.count) else { continue }
                #expect(bytes.count == sample.count, "byte \(index) = \(value)")
            }
        }
    }

    @Test func aBombIsBoundedByTheDeclaredSize() throws {
        let stored = try Self.compressed([UInt8](repeating: 0, count: 50 << 20), level: 9)
        #expect(stored.count < 100_000)
        var output = BinaryBuffer()
        #expect(throws: CodecError.self) {
            try Self.compressor.decompress(
                stored.span.bytes, uncompressedByteCount: 1000, into: &output)
        }
        // A part may stay, but no more than was declared.
        #expect(output.count <= 1001)
    }
}
