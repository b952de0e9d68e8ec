// SPDX-License-Identifier: Apache-2.0

internal import CairnLSN

/// The state of the log that a caller waits for.
enum WaitTarget: Hashable {
    /// The record is in the system's cache.
    case written(LSN)
    /// The record is on the medium.
    case durable(LSN)
    /// Everything is on the medium, including frames without an LSN.
    case drained

    var kind: RoundKind {
        if case .written = self { .write } else { .sync }
    }
}
