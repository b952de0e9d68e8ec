// SPDX-License-Identifier: Apache-2.0
//
// Calls that could cost data, and that the compiler therefore refuses: `Tools/check-refused` wants an error in each line
// that says so, and in no other.

import CairnLSN

func makeTruncationFences(_ given: TruncationFence) throws {
    // Only a snapshot directory says what may be dropped.
    _ = TruncationFence()  // refused
    _ = TruncationFence(LSN(rawValue: 7))  // refused
    _ = TruncationFence(unchecked: LSN(rawValue: 7))  // refused
    var fence = given
    try fence.advance(to: LSN(rawValue: 7))  // refused
    fence.lsn = LSN(rawValue: 7)  // refused
    // What a snapshot contains may not be taken for what may be dropped.
    fence = SnapshotFence(given.lsn)  // refused
    // A fence that any code may make may also be moved.
    var durable = DurableFence(given.lsn)
    try durable.advance(to: LSN(rawValue: 7))
    _ = (fence, durable)
}
