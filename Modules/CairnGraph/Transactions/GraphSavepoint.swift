// SPDX-License-Identifier: Apache-2.0

/// A point within a transaction that can be rolled back to.
public struct GraphSavepoint: Hashable, Sendable {
    let transaction: UInt64
    let number: UInt64
}
