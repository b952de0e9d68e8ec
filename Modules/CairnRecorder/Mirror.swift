// SPDX-License-Identifier: Apache-2.0

/// A second form of the store, such as a single-file container, which follows the log.
///
/// It is told only after the log has done its part, so it is never ahead, and its failure never harms the
/// log.
public protocol Mirror: Sendable {
    /// Bring the mirror up to date when it thinks that it is worth it. Called after a flush.
    func persist() throws

    /// Bring the mirror up to date now. Called after everything in the log is durable.
    func persistForced() throws
}
