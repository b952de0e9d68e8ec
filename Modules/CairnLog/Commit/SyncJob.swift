// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
internal import CairnLSN

/// A sync apart from a write.
struct SyncJob {
    let file: any VirtualFile
    let coveredLSN: LSN
    let coveredWriteCount: UInt64
    /// True when callers wait for the sync.
    let isRound: Bool
}
