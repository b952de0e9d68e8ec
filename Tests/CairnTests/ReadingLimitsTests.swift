// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnDurable
import CairnGraph
import CairnIO
import CairnLog
import CairnTesting
import CairnZlib
import Foundation
import SystemPackage
import Testing

@testable import Cairn

/// The limits that a program lowers when it opens a store of others: a record just below, at, and just above each.
struct ReadingLimitsTests {
    private static let path: FilePath = "db"

    /// A database with one transaction that has one text.
    private func files(
        _ text: String, compressor: (any BatchCompressor)? = nil
    ) throws -> SimulatedFileSystem {
        var options = LogOptions()
        options.compressor = compressor
        options.compressionByteCountMin = 16
        let files = SimulatedFileSystem()
        let database = try GraphDatabase.open(
            Self.path, options: options, environment: .simulated(files))
        try database.write { try $0.createNode(properties: ["a": .string(text)]) }
        try database.close()
        return files
    }

    /// The record of that transaction.
    private func record(_ files: SimulatedFileSystem) throws -> LogRecord {
        var options = LogOptions()
        options.decompressors = [ZlibBatchCompressor()]
        var largest: LogRecord?
        try StoreVerifier.records(Self.path, options: options, environment: .simulated(files)) {
            if $0.payloadByteCount > largest?.payloadByteCount ?? 0 { largest = $0 }
            return true
        }
        return try #require(largest)
    }

    /// Opens with a limit of one less, of just so much, and of one more than a record needs.
    private func check(
        _ files: SimulatedFileSystem, _ needed: Int, _ limit: WritableKeyPath<FrameLimits, Int>
    ) throws {
        for value in [needed - 1, needed, needed + 1] {
            var options = LogOptions()
            options.access = .readOnly
            options.decompressors = [ZlibBatchCompressor()]
            options.frameLimits[keyPath: limit] = value
            do throws(DurableError) {
                let database = try GraphDatabase.open(
                    Self.path, options: options, environment: .simulated(files))
                #expect(value >= needed, "\(needed) is read with a limit of \(value)")
                #expect(database.read { $0.nodeCount } == 1)
                try database.close()
            } catch {
                #expect(value < needed, "\(needed) is refused with a limit of \(value): \(error)")
                #expect("\(error)".contains("limit"), "\(error)")
            }
        }
    }

    @Test func aRecordIsReadUpToItsSize() throws {
        let files = try files(String(repeating: "x", count: 5000))
        try check(files, try record(files).payloadByteCount, \.payloadByteCountMax)
    }

    /// The bytes of the batch of a text: of a single-frame transaction, what is behind the eight of its time.
    private func batchByteCount(_ text: String) throws -> Int {
        try record(files(text)).payloadByteCount - 8
    }

    @Test func aBatchIsInflatedUpToItsSize() throws {
        let text = String(repeating: "x", count: 5000)
        let files = try files(text, compressor: ZlibBatchCompressor())
        #expect(try record(files).compression == .zlib)
        try check(files, try batchByteCount(text), \.uncompressedByteCountMax)
    }

    @Test func aBatchIsInflatedUpToItsRatio() throws {
        let text = String(repeating: "x", count: 2000)
        let files = try files(text, compressor: ZlibBatchCompressor())
        let stored = try record(files).payloadByteCount
        let ratio = (try batchByteCount(text) + stored - 1) / stored
        #expect(ratio > 5)
        try check(files, ratio, \.compressionRatioMax)
    }
}
