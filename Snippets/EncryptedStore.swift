//! A graph that cannot be read without its key.

import Cairn
import CairnEncryption

// Keep it where the store is not: without it the store cannot be opened again.
let key = StoreKey.random()

var options = LogOptions()
options.encryption = EncryptionKeys(current: .key(key))
let people = try GraphDatabase.open("encrypted", options: options)
try people.write { graph in
    _ = try graph.createNode(labels: ["Person"], properties: ["name": "ada"])
}
try people.close()

do {
    _ = try GraphDatabase.open("encrypted")
} catch let error where error.code == .encrypted {
    // The error names the key that is needed.
    print(error.encryption?.keyID == key.id)
}

// Prints: true
