//! A log whose large batches are compressed with zlib. `CairnLog` alone links no zlib.

import CairnLog
import CairnZlib

var options = LogOptions()
options.compressor = ZlibBatchCompressor(level: 1)
options.compressionByteCountMin = 1024
options.decompressors = [ZlibBatchCompressor()]

let log = try WriteAheadLog.open("compressed", options: options)
try log.commit(batch: [UInt8](repeating: 7, count: 100_000).span.bytes)
try log.close()

var byteCounts: [Int] = []
let reopened = try WriteAheadLog.open("compressed", options: options) { batch, _ in
    byteCounts.append(batch.byteCount)
}
print(byteCounts)
try reopened.close()

// Prints: [100000]
