// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnTesting
import Testing

@testable import CairnLog

/// A batch just below the size of a record, at it, and just above, in both ways to commit one.
struct CommitLimitsTests {
    /// Bytes of a record; eight of them are the commit time of a single-frame transaction.
    private static let limit = 4096

    @Test(arguments: [false, true])
    func aBatchLargerThanARecordIsRefusedAndTheLogGoesOn(asTransaction: Bool) throws {
        let options = smallOptions { $0.frameLimits.payloadByteCountMax = Self.limit }
        let files = SimulatedFileSystem()
        let log = try openLog(files, options).log
        var accepted = 0
        for byteCount in [Self.limit - 9, Self.limit - 8, Self.limit - 7] {
            let batch = [UInt8](repeating: 1, count: byteCount)
            do throws(LogError) {
                if asTransaction {
                    var transaction = LogTransaction()
                    try transaction.append(batch.span.bytes, options: options)
                    _ = try log.commit(transaction)
                } else {
                    try log.commit(batch: batch.span.bytes)
                }
                accepted += 1
                #expect(byteCount <= Self.limit - 8)
            } catch {
                #expect(byteCount > Self.limit - 8 && error.code == .codec, "\(error)")
            }
        }
        try log.commit(batch: [1, 2, 3].span.bytes)
        try log.close()
        var count = 0
        let again = try WriteAheadLog.open(
            storePath, options: options, environment: .simulated(files)
        ) { _, _ in count += 1 }
        #expect(count == accepted + 1 && accepted == 2)
        try again.close()
    }
}
