// SPDX-License-Identifier: Apache-2.0

import CairnContainer
import CairnDurable
import CairnEncryption
import CairnFormat
import CairnIO
import CairnLog
import CairnTesting
import SystemPackage

/// A list of texts, which a test looks for in files.
struct Notes: DurableState, Codable, Hashable {
    var texts: [String] = []

    enum Event: DurableEvent, Codable, Hashable {
        case added(String)
    }

    func validate(_ event: Event) {}

    mutating func apply(_ event: Event) {
        if case .added(let text) = event { texts.append(text) }
    }
}

/// Keys that tests know.
enum Keys {
    static let first = key(1)
    static let second = key(2)

    static func key(_ number: UInt8) -> StoreKey {
        do { return try StoreKey(bytes: [UInt8](repeating: number, count: 32)) } catch {
            preconditionFailure("32 bytes are a key")
        }
    }

    /// The keys of a store whose salts and nonces are the same in each run.
    static func keys(
        _ current: StoreKey = first, previous: [StoreKey] = [], allowsPlainFiles: Bool = false,
        seed: UInt64 = 1
    ) -> EncryptionKeys {
        EncryptionKeys(
            current: .key(current), previous: previous.map { .key($0) },
            allowsPlainFiles: allowsPlainFiles, randomness: SeededRandomness(seed: seed))
    }
}

extension LogOptions {
    /// Small segments, and keys.
    static func encrypted(
        _ keys: EncryptionKeys?, segmentByteCount: Int = 64 << 20
    ) -> LogOptions {
        var options = LogOptions()
        options.segmentByteCount = segmentByteCount
        options.encryption = keys
        return options
    }
}

extension Notes {
    static func open(
        _ files: SimulatedFileSystem, _ keys: EncryptionKeys?, segmentByteCount: Int = 64 << 20,
        seed: UInt64 = 1
    ) throws(DurableError) -> Durable<Notes> {
        try Durable<Notes>.open(
            "notes", options: .encrypted(keys, segmentByteCount: segmentByteCount),
            environment: .simulated(files, seed: seed))
    }

    /// A closed store of some commits.
    static func store(
        _ keys: EncryptionKeys?, texts: [String] = ["one", "two", "three"],
        checkpoints: Bool = false
    ) throws -> SimulatedFileSystem {
        let files = SimulatedFileSystem()
        let notes = try open(files, keys)
        for text in texts {
            try notes.commit(.added(text))
            if checkpoints { try notes.checkpoint() }
        }
        try notes.close()
        return files.crashImage(.everythingWritten)
    }
}

extension SimulatedFileSystem {
    /// The files of a folder of the store.
    func paths(in folder: String) -> [FilePath] { filePaths(startingWith: "notes/\(folder)/") }

    /// Whether a text is in any file, or in the name of one.
    func contains(_ text: String) -> Bool {
        let wanted = Array(text.utf8)
        return filePaths.contains { path in
            path.string.contains(text) || contents(path)?.firstRange(of: wanted) != nil
        }
    }
}
