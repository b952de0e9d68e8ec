// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnFormat
import CairnIO
import CairnLog
import CairnTesting
import Testing

@testable import CairnEncryption

struct PasswordTests {
    private static let cost = try? PasswordCost(costLog2: 14)

    private static func keys(_ password: String, seed: UInt64 = 1) throws -> EncryptionKeys {
        EncryptionKeys(
            current: try .password(password, cost: try #require(cost)),
            randomness: SeededRandomness(seed: seed))
    }

    @Test func aPasswordAloneOpensAStore() throws {
        let files = try Notes.store(try Self.keys("correct horse"))
        let notes = try Notes.open(files, try Self.keys("correct horse", seed: 2))
        #expect(notes.read(\.texts) == ["one", "two", "three"])
        try notes.commit(.added("four"))
        try notes.close()
        let error = #expect(throws: DurableError.self) {
            try Notes.open(files, try Self.keys("wrong horse"))
        }
        #expect(error?.code == .wrongKey)
        let key = #expect(throws: DurableError.self) { try Notes.open(files, Keys.keys()) }
        #expect(key?.code == .wrongKey)
    }

    @Test func aPasswordIsMadeToAKeyOnceForAStore() throws {
        let keys = try Self.keys("correct horse")
        let files = SimulatedFileSystem()
        let notes = try Notes.open(files, keys, segmentByteCount: 300)
        for number in 0..<20 { try notes.commit(.added("\(number)")) }
        try notes.checkpoint()
        try notes.close()
        #expect(files.paths(in: "log").count > 3)
        #expect(keys.derivationCount == 1)
        let again = try Self.keys("correct horse", seed: 2)
        let opened = try Notes.open(files, again)
        try opened.commit(.added("more"))
        try opened.checkpoint()
        #expect(again.derivationCount == 1)
    }

    @Test func aCostThatAFileNamesIsRefusedBeforeItIsPaid() throws {
        let salt = [UInt8](repeating: 1, count: 16)
        let file = FileIdentity(purpose: .segment, identity: [], header: [])
        for (cost, block, lanes) in [
            (13, 8, 1), (21, 8, 1), (255, 255, 255), (20, 16, 1), (14, 0, 1), (14, 17, 1),
            (14, 7, 1),
            (14, 8, 0), (14, 8, 5), (0, 8, 1), (19, 8, 4),
        ] as [(UInt8, UInt8, UInt8)] {
            let keys = try Self.keys("correct horse")
            let record = KeyRecord(
                keyID: KeyID(rawValue: 1),
                password: .init(
                    costLog2: cost, blockSize: block, parallelism: lanes, salt: salt),
                salt: [UInt8](repeating: 2, count: 32), check: [UInt8](repeating: 3, count: 32))
            let error = #expect(throws: CipherError.self, "\(cost) \(block) \(lanes)") {
                try keys.open(file, record)
            }
            #expect(error?.code == .passwordCost)
            #expect(keys.derivationCount == 0, "it ran")
        }
    }

    @Test func aStoreWithManySaltsIsRefusedAfterSomeDerivations() throws {
        let keys = try Self.keys("correct horse")
        let file = FileIdentity(purpose: .segment, identity: [], header: [])
        var codes: [CipherError.Code] = []
        for number in 0..<20 as Range<UInt8> {
            let record = KeyRecord(
                keyID: KeyID(rawValue: 1),
                password: .init(
                    costLog2: 14, blockSize: 8, parallelism: 1,
                    salt: [UInt8](repeating: number, count: 16)),
                salt: [UInt8](repeating: 2, count: 32), check: [UInt8](repeating: 3, count: 32))
            do throws(CipherError) { _ = try keys.open(file, record) } catch {
                codes.append(error.code)
            }
        }
        #expect(codes.count == 20 && codes.filter { $0 == .wrongKey }.count == 16)
        #expect(keys.derivationCount == 16)
    }

    @Test func costsAndPasswordsOutOfBoundsAreRefused() throws {
        #expect(throws: KeyError(code: .costOutOfBounds)) { try PasswordCost(costLog2: 13) }
        #expect(throws: KeyError(code: .costOutOfBounds)) { try PasswordCost(costLog2: 21) }
        #expect(throws: KeyError(code: .costOutOfBounds)) {
            try PasswordCost(costLog2: 20, blockSize: 8, parallelism: 2)
        }
        #expect(try PasswordCost(costLog2: 20).memoryByteCount == PasswordCost.memoryByteCountMax)
        #expect(throws: KeyError(code: .emptyPassword)) { try KeySource.password("") }
    }
}
