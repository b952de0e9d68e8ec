//! A log of records in one segment file: header, frames with checksums, a seal; then the same file read back.

import CairnSegments

let environment = StorageEnvironment.system
let root = try environment.fileSystem.openDirectory("segments-alone", creating: true)
let segments = SegmentDirectory(root, randomness: environment.randomness)

// Write: the encoder makes bytes, the directory puts them in place durably.
var generator = SystemRandomNumberGenerator()
let first = SegmentHeader(firstOf: LogID(using: &generator))
var buffer = BinaryBuffer()
var encoder = SegmentEncoder(new: first, into: &buffer)
for text in ["one", "two", "three"] {
    try encoder.append(
        .mutation, relatedLSN: .never, payload: Array(text.utf8).span.bytes, to: &buffer)
}
let second = try encoder.seal(into: &buffer)
try segments.create(first.name, content: buffer.bytes).close()

// Read: each frame is checked before it is handed out.
var reader = try SegmentReader(segments.open(first.name, .readOnly), name: first.name)
reading: while true {
    switch try reader.next() {
    case .frame where reader.frame.kind == .mutation:
        let text = reader.payload.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        print(reader.frame.lsn, text)
    case .frame: break
    case .end: break reading
    case .damage(let damage): fatalError("\(damage)")
    }
}
print(reader.isSealed ? "sealed;" : "open;", "the next segment is \(second.segment.rawValue)")

// Prints: 1 one
// Prints: 2 two
// Prints: 3 three
// Prints: sealed; the next segment is 2
