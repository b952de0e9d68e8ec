// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnFormat
import CairnIO
import CairnLSN
import CairnLog
import CairnSegments
import CairnSnapshot
import CairnTesting
import CairnZlib
import Crypto
import Foundation
import SystemPackage
import Testing

@testable import CairnEncryption

/// What Cairn writes and reads, against what a program in another language makes of the documents:
/// `Tools/encryption/vectors.py`.
struct VectorTests {
    private struct Golden: Decodable {
        struct Password: Decodable {
            let text, salt, key, keyID: String
            let costLog2, blockSize, parallelism: UInt8
        }
        struct File: Decodable {
            struct Payload: Decodable { let nonce, covered, plain, ciphertext, tag: String }
            let header, fileSalt, fileKey, keyCheck, bytes: String
            let payloads: [Payload]
        }
        let key, keyID: String
        let password: Password
        let segment, snapshot, compressedSnapshot: File
    }

    /// Eight bytes of 1, then of 2, and so on.
    private final class Counting: RandomnessSource {
        private let number = Locked<UInt64>(0)
        func next() -> UInt64 {
            number.withLock {
                $0 += 1
                return $0 &* 0x0101_0101_0101_0101
            }
        }
    }

    private let golden: Golden
    private let key: StoreKey
    private static let log = LogID(high: 0x0001_0203_0405_0607, low: 0x0809_0a0b_0c0d_0e0f)

    init() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Fixtures/encryption/vectors.json")
        golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: path))
        key = try StoreKey(hexadecimal: golden.key)
    }

    private var keys: EncryptionKeys { EncryptionKeys(current: .key(key), randomness: Counting()) }

    private static func bytes(_ text: String) -> [UInt8] {
        let digits = text.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
    }

    @Test func keysAndPasswords() throws {
        #expect(key.id.description == golden.keyID)
        let password = golden.password
        let source = try KeySource.password(password.text)
        guard case .password(let secret, _) = source.kind else { return }
        let derived = try KeySource.derive(
            secret,
            .init(
                costLog2: password.costLog2, blockSize: password.blockSize,
                parallelism: password.parallelism, salt: Self.bytes(password.salt)))
        #expect(derived.hexadecimal == password.key)
        #expect(derived.id.description == password.keyID)
    }

    @Test func aSegment() throws {
        let expected = Self.bytes(golden.segment.bytes)
        var buffer = BinaryBuffer()
        var encoder = SegmentEncoder(
            new: SegmentHeader(firstOf: Self.log), encryption: keys, into: &buffer)
        try encoder.append(
            .transaction, relatedLSN: .never, prefix: 1_700_000_000_000_000_000,
            payload: Array("the bytes of a batch".utf8).span.bytes, to: &buffer)
        let mark = (0..<28).map { UInt8($0) }
        try encoder.append(
            .checkpoint, relatedLSN: LSN(rawValue: 3), payload: mark.span.bytes, to: &buffer)
        try encoder.append(
            .durableMark, relatedLSN: LSN(rawValue: 4), payload: RawSpan(), to: &buffer)
        #expect(buffer.array() == expected)
        let files = SimulatedFileSystem()
        let root = try files.openDirectory("notes", creating: true)
        let name = encoder.header.name
        files.setContents("notes/segment", expected)
        var reader = try SegmentReader(
            root.openFile("segment", .readOnly), name: name, encryption: keys)
        var payloads: [[UInt8]] = []
        while case .frame = try reader.next() { payloads.append(reader.payload.array()) }
        #expect(payloads[1].suffix(20) == Array("the bytes of a batch".utf8))
        #expect(payloads[2] == mark)
    }

    @Test func aSnapshot() throws {
        let files = SimulatedFileSystem()
        let root = try files.openDirectory("notes", creating: true)
        let directory = try SnapshotDirectory.open(
            in: root, access: .readWrite, environment: .simulated(files), encryption: keys)
        var writer = try directory.writer(
            logID: Self.log, fence: SnapshotFence(LSN(rawValue: 7)))
        try writer.beginSection(1)
        try writer.appendRecord { $0.append(Array("first record".utf8)) }
        try writer.appendRecord { $0.append(Array("second".utf8)) }
        try writer.beginSection(2)
        _ = try writer.finish()
        let path = try #require(files.paths(in: "snapshots").first)
        #expect(files.contents(path) == Self.bytes(golden.snapshot.bytes))
        var reader = try directory.reader(
            SnapshotInfo(fence: SnapshotFence(LSN(rawValue: 7))), expectedLogID: Self.log)
        #expect(reader.sectionIDs == [1, 2])
        try reader.forEachRun(of: 1) { run throws(FormatError) in
            #expect(try run.take(18).array() == Array("first recordsecond".utf8))
        }
    }

    /// Its stream is a stored one, which no version of zlib would make of so few bytes: it is read, and not written.
    @Test func aCompressedSnapshot() throws {
        let files = SimulatedFileSystem()
        let root = try files.openDirectory("notes", creating: true)
        _ = try root.createDirectory("snapshots")
        let info = SnapshotInfo(fence: SnapshotFence(LSN(rawValue: 7)))
        files.setContents(
            FilePath("notes/snapshots/\(info)"), Self.bytes(golden.compressedSnapshot.bytes))
        var reader = try SnapshotDirectory.open(
            in: root, access: .readOnly, environment: .simulated(files), encryption: keys,
            decompressors: [ZlibBatchCompressor()]
        ).reader(info, expectedLogID: Self.log)
        try reader.forEachRun(of: 1) { run throws(FormatError) in
            #expect(try run.take(18).array() == Array("first recordsecond".utf8))
        }
    }

    /// Key, nonce and what the tag covers give the ciphertext: the inputs themselves, not only the files.
    @Test func payloads() throws {
        for (purpose, file) in [
            (FileIdentity.Purpose.segment, golden.segment), (.snapshot, golden.snapshot),
        ] {
            let header = Self.bytes(file.header)
            let identity = Array(header[16..<(purpose == .segment ? 48 : 40)])
            let derived = EncryptionKeys.derive(
                key, Self.bytes(file.fileSalt),
                FileIdentity(purpose: purpose, identity: identity, header: header))
            derived.key.withUnsafeBytes { #expect(Array($0) == Self.bytes(file.fileKey)) }
            derived.check.withUnsafeBytes { #expect(Array($0) == Self.bytes(file.keyCheck)) }
            let cipher = AESFileCipher(
                key: derived.key, keyID: key.id, header: header, isCurrent: true,
                randomness: Counting())
            for payload in file.payloads {
                let context = Self.bytes(payload.covered).dropFirst(header.count)
                let stored = Self.bytes(payload.nonce + payload.ciphertext + payload.tag)
                var plain = BinaryBuffer()
                try cipher.decrypt(
                    stored.span.bytes, context: Array(context).span.bytes, into: &plain)
                #expect(plain.array() == Self.bytes(payload.plain))
            }
        }
    }
}
