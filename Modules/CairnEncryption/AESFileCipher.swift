// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnIO
internal import Crypto
internal import FoundationEssentials

/// AES-256-GCM with the key of one file. The tag covers the header of the file, and what identifies the place.
struct AESFileCipher: FileCipher {
    let key: SymmetricKey
    let keyID: KeyID
    let header: [UInt8]
    let isCurrent: Bool
    private let nonces: NonceSequence

    init(
        key: SymmetricKey, keyID: KeyID, header: [UInt8], isCurrent: Bool,
        randomness: any RandomnessSource
    ) {
        self.key = key
        self.keyID = keyID
        self.header = header
        self.isCurrent = isCurrent
        nonces = NonceSequence(randomness)
    }

    func encrypt(_ plain: RawSpan, context: RawSpan, into buffer: inout BinaryBuffer) {
        let nonce = nonces.next()
        let box: AES.GCM.SealedBox
        do {
            box = try covering(context) { covered throws(CryptoKitMetaError) in
                try plain.withUnsafeBytes { bytes throws(CryptoKitMetaError) in
                    try AES.GCM.seal(bytes, using: key, nonce: nonce, authenticating: covered)
                }
            }
        } catch {
            // Of 32 bytes of key and less than 64 GiB of plain bytes it cannot fail, and nothing plain may be written.
            preconditionFailure("a payload could not be encrypted")
        }
        // Nonce, ciphertext and tag, as an encrypted payload has them.
        guard let combined = box.combined else { preconditionFailure("a nonce has 12 bytes") }
        buffer.append(combined)
    }

    func decrypt(
        _ stored: RawSpan, context: RawSpan, into buffer: inout BinaryBuffer
    ) throws(CipherError) {
        let plain: Data
        do {
            plain = try covering(context) { covered throws(CryptoKitMetaError) in
                try stored.withUnsafeBytes { bytes throws(CryptoKitMetaError) in
                    try AES.GCM.open(
                        AES.GCM.SealedBox(combined: bytes), using: key, authenticating: covered)
                }
            }
        } catch {
            throw CipherError(code: .notAuthentic)
        }
        buffer.append(plain)
    }

    /// Calls `body` with the header and the context, one behind the other.
    private func covering<Result>(
        _ context: RawSpan,
        _ body: (UnsafeRawBufferPointer) throws(CryptoKitMetaError) -> Result
    ) throws(CryptoKitMetaError) -> Result {
        try withUnsafeTemporaryAllocation(
            byteCount: header.count + context.byteCount, alignment: 1
        ) { covered throws(CryptoKitMetaError) in
            header.withUnsafeBytes { covered.copyMemory(from: $0) }
            context.withUnsafeBytes { bytes in
                UnsafeMutableRawBufferPointer(rebasing: covered[header.count...])
                    .copyMemory(from: bytes)
            }
            return try body(UnsafeRawBufferPointer(covered))
        }
    }
}

/// The nonces of one cipher: a number of 96 bits that chance begins with, and one more each time.
///
/// Within one cipher none comes twice. Another cipher with the same key, of a file that was opened again, begins with
/// another number. Chance alone, each time, would be a call of the system for each payload, which takes longer than
/// encrypting a small one.
private final class NonceSequence: Sendable {
    private let number: Locked<(low: UInt64, high: UInt32)>

    init(_ randomness: any RandomnessSource) {
        number = Locked((randomness.next(), UInt32(truncatingIfNeeded: randomness.next())))
    }

    func next() -> AES.GCM.Nonce {
        let (low, high) = number.withLock { number in
            defer {
                number.low &+= 1
                if number.low == 0 { number.high &+= 1 }
            }
            return number
        }
        return withUnsafeTemporaryAllocation(byteCount: 16, alignment: 8) { bytes in
            bytes.storeBytes(of: low.littleEndian, as: UInt64.self)
            bytes.storeBytes(of: high.littleEndian, toByteOffset: 8, as: UInt32.self)
            do {
                let used = UnsafeRawBufferPointer(
                    rebasing: bytes.prefix(EncryptedPayload.nonceByteCount))
                return try AES.GCM.Nonce(data: used)
            } catch {
                preconditionFailure("12 bytes are a nonce")
            }
        }
    }
}

extension BinaryBuffer {
    fileprivate mutating func append(_ bytes: some ContiguousBytes) {
        bytes.withUnsafeBytes { source in
            append(addingCapacity: source.count) { span in
                span.withUnsafeMutableBytes { target, initializedCount in
                    target.copyMemory(from: source)
                    initializedCount = source.count
                }
            }
        }
    }
}
