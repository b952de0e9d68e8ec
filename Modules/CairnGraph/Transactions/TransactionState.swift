// SPDX-License-Identifier: Apache-2.0

/// The open transaction.
struct TransactionState: Sendable {
    /// Its number: no other transaction of the store has it.
    let number: UInt64
    var savepointCount: UInt64 = 0
    /// The savepoints that can still be rolled back to, in the order in which they were taken.
    var savepoints: [(number: UInt64, undoCount: Int)] = []
}
