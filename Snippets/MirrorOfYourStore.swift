//! A second form of a store that follows its log: one text file, replaced as a whole.

import CairnFormat
import CairnIO
import CairnRecorder
import Synchronization

struct Note: EventEncodable, EventDecodable {
    var text: String
    init(_ text: String) { self.text = text }
    func encode(into encoder: inout EventEncoder) { encoder.bytes.append(string: text) }
    init(from decoder: inout EventDecoder) throws(FormatError) {
        text = try decoder.bytes.string()
    }
}

/// Keeps the notes in `notes.txt`. The new form gets that name after it was synced, so a failure at any call leaves the
/// old form or the new one.
final class TextMirror: WalMirror {
    private let directory: any VirtualDirectory
    private let notes = Mutex<[String]>([])

    init(_ directory: any VirtualDirectory) { self.directory = directory }

    func follow(_ note: String) { notes.withLock { $0.append(note) } }

    func persist() throws { try persistForced() }

    func persistForced() throws {
        let content = Array(notes.withLock { $0 }.joined(separator: "\n").utf8)
        let names = try directory.list().compactMap(\.name)
        for name in names where name.string == "notes.new" { try directory.remove(name) }
        let file = try directory.createFile("notes.new")
        try file.write(content.span.bytes, at: 0)
        try file.sync()
        try file.close()
        if names.contains("notes.txt") { try directory.remove("notes.txt") }
        try directory.rename("notes.new", to: "notes.txt")
        try directory.sync()
    }
}

let fileSystem = StorageEnvironment.system.fileSystem
let mirror = TextMirror(try fileSystem.openDirectory("mirror", creating: true))
let recorder = try WalRecorder.open("mirrored", replaying: Note.self, mirror: mirror) { note in
    mirror.follow(note.text)
}
for text in ["buy tea", "sell jam"] {
    try recorder.arm()
    recorder.record(Note(text))
    try recorder.commit()
    mirror.follow(text)
}
try recorder.sync()  // first the log, then the mirror
try recorder.close()

let file = try fileSystem.openDirectory("mirror", creating: false)
    .openFile("notes.txt", .readOnly)
print("notes.txt has \(try file.byteCount()) bytes")

// Prints: notes.txt has 16 bytes
