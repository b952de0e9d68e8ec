//! A small format with a checksum: written to a buffer, and read back by a reader that never trusts a length.

import CairnFormat

var buffer = BinaryBuffer()
buffer.append(string: "ada")
buffer.append(zigzag: -36)
buffer.append(CRC32C.checksum(of: buffer.bytes))

func read(_ bytes: RawSpan) throws(FormatError) -> (name: String, age: Int64) {
    var reader = ByteReader(bytes)
    let name = try reader.string()
    let age = try reader.zigzag()
    let covered = bytes.extracting(0..<reader.offset)
    guard try reader.integer(UInt32.self) == CRC32C.checksum(of: covered) else {
        throw FormatError(code: .badChecksum, offset: reader.offset)
    }
    try reader.expectEnd()
    return (name, age)
}

print(try read(buffer.bytes))
do {
    // A string of 100 bytes in a file of three.
    _ = try read([100, 1, 0].span.bytes)
} catch {
    print(error.code)
}

// Prints: (name: "ada", age: -36)
// Prints: countTooLarge
