// SPDX-License-Identifier: Apache-2.0

extension CrashChoice: LosslessStringConvertible {
    /// The choice in one word, to be written into a line that repeats a failure.
    public var description: String {
        switch self {
        case .onlySynced: "synced"
        case .everythingWritten: "everything"
        case .prefix(let count): "prefix:\(count)"
        case .cut(let effect, let count): "cut:\(effect):\(count)"
        case .subset(let bits): "subset:\(String(bits, radix: 16))"
        case .seeded(let seed, let profile):
            "seed:\(seed):\(profile.partByteCount)\(profile.zeroesParts ? ":zeroes" : "")"
        case .fates(let fates):
            "fates:\(fates.partByteCount):\(String(fates.fates.map(\.rawValue)))"
        }
    }

    /// Reads what ``description`` wrote; nil for anything else.
    public init?(_ text: String) {
        let words = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let numbers = words.dropFirst().map { Int($0) }
        switch (words[0], words.count) {
        case ("synced", 1): self = .onlySynced
        case ("everything", 1): self = .everythingWritten
        case ("prefix", 2):
            guard let count = numbers[0], count >= 0 else { return nil }
            self = .prefix(count)
        case ("cut", 3):
            guard let effect = numbers[0], let count = numbers[1], effect >= 0, count >= 0 else {
                return nil
            }
            self = .cut(effect: effect, byteCount: count)
        case ("subset", 2):
            guard let bits = UInt64(words[1], radix: 16) else { return nil }
            self = .subset(bits)
        case ("seed", 3), ("seed", 4):
            guard let seed = UInt64(words[1]), let byteCount = numbers[1], byteCount >= 1,
                words.count == 3 || words[3] == "zeroes"
            else { return nil }
            self = .seeded(
                seed, CrashProfile(partByteCount: byteCount, zeroesParts: words.count == 4))
        case ("fates", 3):
            guard let byteCount = numbers[0], byteCount >= 1 else { return nil }
            let fates = words[2].map(PartFate.init)
            guard fates.allSatisfy({ $0 != nil }) else { return nil }
            self = .fates(PartFates(partByteCount: byteCount, fates.compactMap(\.self)))
        default: return nil
        }
    }
}
