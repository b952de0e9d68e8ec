// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnLSN

/// The checkpoints of a log that have a digest, compared as replay passes them.
struct Marks {
    /// A checkpoint that was not passed yet.
    struct Pending {
        let lsn: LSN
        let fence: LSN
        let digest: StateDigest
        let isOfThisVersion: Bool
    }

    /// By ascending fence.
    private var pending: ArraySlice<Pending>
    private(set) var compared: [StateProof.Mark] = []

    init(pending: ArraySlice<Pending>) { self.pending = pending }

    /// Compares the state before the commit at `next` with all checkpoints that lie before it.
    ///
    /// - Parameter first: Where replay began; what lies before cannot be compared.
    /// - Throws: ``DurableError`` with code `.unencodable` for a state that no snapshot could hold.
    mutating func compare<State: ReplayableState>(
        before next: LSN, _ state: borrowing State, from first: LSN
    ) throws(DurableError) {
        guard let nearest = pending.first, nearest.fence < next else { return }
        var found: StateDigest?
        while let mark = pending.first, mark.fence < next {
            pending.removeFirst()
            guard mark.fence >= first else {
                add(mark, nil, .outOfReach)
                continue
            }
            guard mark.isOfThisVersion else {
                add(mark, nil, .otherVersion)
                continue
            }
            let digest = if let found { found } else { try Self.digest(of: state) }
            found = digest
            add(mark, digest, digest == mark.digest ? .same : .differs)
        }
    }

    private mutating func add(
        _ mark: Pending, _ found: StateDigest?, _ outcome: StateProof.Outcome
    ) {
        compared.append(
            StateProof.Mark(
                lsn: mark.lsn, fence: SnapshotFence(mark.fence), expected: mark.digest,
                found: found, outcome: outcome))
    }

    /// The digest of a state.
    static func digest<State: ReplayableState>(
        of state: borrowing State
    ) throws(DurableError) -> StateDigest {
        var sink = DigestSink()
        do throws(FormatError) { try state.write(to: &sink) } catch {
            throw DurableError(code: .unencodable, reason: error)
        }
        return sink.finish()
    }
}
