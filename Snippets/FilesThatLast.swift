//! A file that is replaced durably: write, sync, rename, sync the directory. The same code runs on a simulated disk.

import CairnIO

func replace(_ name: FileName, with text: String, in directory: any VirtualDirectory)
    throws(StorageError)
{
    let file = try directory.createFile("new")
    try file.write(Array(text.utf8).span.bytes, at: 0)
    try file.sync()  // the bytes
    try file.close()
    try directory.rename("new", to: name)
    try directory.sync()  // the name
}

let directory = try StorageEnvironment.system.fileSystem.openDirectory("files", creating: true)
try replace("settings", with: "colour = blue\n", in: directory)

// One process at a time: nil when another process holds the lock.
let lock = try directory.lock("LOCK", .exclusive)
print(lock == nil ? "in use" : "locked")
lock?.release()

do {
    _ = try directory.openFile("missing", .readOnly)
} catch {
    print(error.code == .notFound ? "not found" : "\(error)")
}

// Prints: locked
// Prints: not found
