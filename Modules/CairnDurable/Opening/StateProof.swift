// SPDX-License-Identifier: Apache-2.0

public import CairnFormat
public import CairnLSN

/// Whether the state that replay gives is the one that was there when checkpoints were made.
public struct StateProof: Hashable, Sendable {
    /// The result of the comparison of the replayed state with the state at a checkpoint.
    public enum Outcome: String, Hashable, Sendable {
        /// The digests are the same.
        case same
        /// They differ: the program does not replay as it once changed the state, or a file is not what was written.
        case differs
        /// Another version of the program made the checkpoint, so its bytes are others.
        case otherVersion
        /// The checkpoint lies before what can be replayed.
        case outOfReach
    }

    /// A checkpoint in the log.
    public struct Mark: Hashable, Sendable {
        /// The LSN of its record.
        public let lsn: LSN
        /// The fence of the snapshot whose digest the log has.
        public let fence: SnapshotFence
        /// The digest that the record in the log gives for the state there.
        public let expected: StateDigest
        /// The digest of the replayed state; nil when the two cannot be compared.
        public let found: StateDigest?
        /// The result of the comparison.
        public let outcome: Outcome
    }

    /// The snapshot from which replay began: the oldest one from which the log goes on, or nothing.
    public let start: SnapshotFence?
    /// The last commit that was replayed.
    public let lastLSN: LSN
    /// Committed transactions that were replayed.
    public let transactionCount: UInt64
    /// The checkpoints that have a digest, in the order of their fences.
    public let marks: [Mark]
    /// The digest of the state at ``lastLSN``.
    public let digest: StateDigest

    /// Whether no checkpoint contradicts; also when there was none to compare.
    public var holds: Bool { !marks.contains { $0.outcome == .differs } }

    /// The checkpoints at which the state was seen to be the same.
    public var provenCount: Int { marks.count { $0.outcome == .same } }
}

extension StateProof: CustomStringConvertible {
    /// One sentence.
    public var description: String {
        if let bad = marks.first(where: { $0.outcome == .differs }) {
            return
                "the state that replay gives at LSN \(bad.fence.lsn) is not the one that the checkpoint at LSN "
                + "\(bad.lsn) saw: expected \(bad.expected), found \(bad.found?.description ?? "nothing")"
        }
        let replayed = "replayed \(transactionCount) transactions after LSN \(start?.lsn ?? .never)"
        guard let last = marks.last(where: { $0.outcome == .same }) else {
            return
                "\(replayed); no checkpoint within reach has a digest, so nothing is proven of the state"
        }
        return
            "\(replayed); the state is the one that was there at \(provenCount) of \(marks.count) checkpoints, "
            + "the last at LSN \(last.fence.lsn)"
    }
}
