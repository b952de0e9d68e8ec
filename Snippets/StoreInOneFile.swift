//! A state that lies in one file.

import CairnContainer
import CairnDurable
import CairnTesting

struct Shopping: DurableState, Codable {
    var items: [String] = []

    enum Event: DurableEvent, Codable {
        case added(String)
    }

    mutating func apply(_ event: Event) {
        switch event {
        case .added(let item): items.append(item)
        }
    }
}

let files = SimulatedFileSystem()
let environment = StorageEnvironment.simulated(files)

// snippet.show
let shopping = try Durable<Shopping>.open(container: "shopping.cairn", environment: environment)
try shopping.commit(.added("bread"))
try shopping.close()

// The same store as a directory, and back.
try StoreContainer.unpack("shopping.cairn", into: "shopping", environment: environment)
try StoreContainer.pack("shopping", into: "copy.cairn", environment: environment)

let copy = try Durable<Shopping>.open(container: "copy.cairn", environment: environment)
// snippet.hide
print(copy.read { $0.items })
// Prints: ["bread"]
