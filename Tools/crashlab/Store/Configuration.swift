// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnEncryption
import CairnLog
import CairnSync
import CairnTesting

/// How a store of the laboratory is set up.
struct Configuration: Hashable, Sendable, LosslessStringConvertible {
    enum Policy: String, CaseIterable, Sendable { case every, manual, bytes }

    /// When commits become durable.
    var policy = Policy.every
    /// Whether it has a history: segments, two snapshots, files of others.
    var isPopulated = false
    /// Whether segments grow with zeros ahead, the next one is made ready beforehand, and truncated ones are
    /// used again.
    var isPrepared = false
    /// Whether segments, records and entries are so much larger that writes cover several sectors of 4 KiB.
    var isWide = false
    /// Whether a crash left half of a commit, so that the first opening has a torn end to repair.
    var isTorn = false

    /// Whether it is encrypted. The key is another one at every second opening, so that keys are rotated all the time.
    var isEncrypted = false

    /// How many times as large as usual everything is.
    var scale: Int { isWide ? 16 : 1 }

    init(
        _ policy: Policy = .every, populated: Bool = false, prepared: Bool = false,
        wide: Bool = false, torn: Bool = false, encrypted: Bool = false
    ) {
        self.policy = policy
        isPopulated = populated
        isPrepared = prepared
        isWide = wide
        isTorn = torn
        isEncrypted = encrypted
    }

    /// Reads `every-populated-prepared-wide-torn-encrypted`.
    init?(_ description: String) {
        let words = description.split(separator: "-").map(String.init)
        guard let first = words.first, let policy = Policy(rawValue: first),
            Set(words.dropFirst())
                .isSubset(of: ["populated", "prepared", "wide", "torn", "encrypted"])
        else { return nil }
        self.init(
            policy, populated: words.contains("populated"), prepared: words.contains("prepared"),
            wide: words.contains("wide"), torn: words.contains("torn"),
            encrypted: words.contains("encrypted"))
    }

    var description: String {
        policy.rawValue + (isPopulated ? "-populated" : "") + (isPrepared ? "-prepared" : "")
            + (isWide ? "-wide" : "") + (isTorn ? "-torn" : "")
            + (isEncrypted ? "-encrypted" : "")
    }

    /// The keys of the opening with the number `seed`; nil for a store that is not encrypted.
    func keys(seed: UInt64) -> EncryptionKeys? {
        guard isEncrypted else { return nil }
        let (even, odd) = (Self.keys[0], Self.keys[1])
        return EncryptionKeys(
            current: .key(seed.isMultiple(of: 2) ? even : odd),
            previous: [.key(seed.isMultiple(of: 2) ? odd : even)],
            randomness: SeededRandomness(seed: ~seed))
    }

    private static let keys = [UInt8(1), 2].map { number in
        do {
            return try StoreKey(bytes: [UInt8](repeating: number, count: StoreKey.byteCount))
        } catch {
            preconditionFailure("so many bytes are a key")
        }
    }

    var options: LogOptions {
        var options = LogOptions()
        options.segmentByteCount = 1024 * scale
        // Prepared segments are made by the thread that commits, so that their operations come at the same time again.
        options.preparesSegments = isPrepared
        options.growthByteCount = isPrepared ? 512 * scale : 0
        options.frameLimits = FrameLimits(payloadByteCountMax: 1024 * scale)
        options.syncPolicy =
            switch policy {
            case .every: .everyCommit
            case .manual: .manual
            case .bytes: .bytes(600 * scale)
            }
        return options
    }
}
