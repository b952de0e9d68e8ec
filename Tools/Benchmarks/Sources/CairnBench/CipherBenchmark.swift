// SPDX-License-Identifier: Apache-2.0
//
// What encryption costs at least: the cipher of the library alone, over blocks as large as the batches of a log.

internal import BenchSupport
internal import CairnEncryption
internal import Crypto
internal import Foundation

struct CipherBenchmark {
    let options: BenchOptions

    init(_ options: BenchOptions) { self.options = options }

    /// The key of encrypted stores; the process that writes one and the one that measures must have the same.
    static var key: StoreKey {
        do {
            return try StoreKey(bytes: [UInt8](repeating: 7, count: StoreKey.byteCount))
        } catch {
            preconditionFailure("32 bytes are a key")
        }
    }

    func run() throws -> [ResultLine] {
        let sizes = options.payload.map { [$0] } ?? [128, 4096, 64 << 10]
        return try sizes.flatMap { size in
            let block = Data(Payload.text(byteCount: size))
            let key = SymmetricKey(size: .bits256)
            let count = max(1, (1 << 18) / size)
            let share = options.seconds / Double(sizes.count * 2)
            var box = try AES.GCM.seal(block, using: key)
            let seal = try Speed(seconds: share) {
                for _ in 0..<count { box = try AES.GCM.seal(block, using: key) }
                return (count, count * size)
            }
            var plain = Data()
            let open = try Speed(seconds: share) {
                for _ in 0..<count { plain = try AES.GCM.open(box, using: key) }
                return (count, count * size)
            }
            guard plain == block else { throw BenchError("the cipher gives other bytes back") }
            return [(seal, "encrypt"), (open, "decrypt")].map { speed, what in
                var line = speed.line("cipher", what: what)
                line["payload"] = .count(UInt64(size))
                return line
            }
        }
    }
}
