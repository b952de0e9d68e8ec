//! A write-ahead log of your own bytes: commit, close, and read everything back when the log is opened again.

import CairnLog

let path = "log-alone"

let log = try WriteAheadLog.open(path)
for text in ["one", "two", "three"] {
    // Durable on return; callers on other threads share the sync.
    try log.commit(batch: Array(text.utf8).span.bytes)
}
try log.close()

// Opening hands over each committed batch, in order.
var texts: [String] = []
let reopened = try WriteAheadLog.open(path) { batch, _ in
    texts.append(batch.withUnsafeBytes { String(decoding: $0, as: UTF8.self) })
}
print(texts.joined(separator: " "))
print("the log is \(reopened.recovery.verdict)")
try reopened.close()

// Prints: one two three
// Prints: the log is clean
