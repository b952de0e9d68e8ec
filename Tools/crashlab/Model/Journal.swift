// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnLSN

/// The model: what was tried, what was told, and which states a crash may therefore leave.
struct Journal: Sendable {
    /// The state after each transaction; the first one is that before any.
    private(set) var digests: [UInt64]
    /// The last LSN of each transaction, where the store told it.
    private(set) var lastLSNs: [LSN?] = []
    /// How many transactions every image must have.
    private(set) var durableCount = 0
    /// How many entries the store holds after each transaction.
    private(set) var counts: [UInt64] = [0]
    private var model = Ledger()
    private(set) var nextNumber: UInt64 = 1
    private(set) var durableFence = LSN.never

    init() { digests = [model.digest] }

    var attemptedCount: Int { digests.count - 1 }

    /// Entries are numbered from here on, so that other workloads write other bytes.
    mutating func startNumbering(at number: UInt64) { nextNumber = max(nextNumber, number) }

    /// Entries that are not used yet.
    mutating func entries(_ byteCounts: [Int]) -> [Ledger.Event] {
        byteCounts.map { byteCount in
            defer { nextNumber += 1 }
            return Ledger.Event(number: nextNumber, byteCount: byteCount)
        }
    }

    /// A transaction of these entries is about to be committed.
    mutating func attempt(_ entries: [Ledger.Event]) {
        for entry in entries { model.apply(entry) }
        digests.append(model.digest)
        counts.append(model.count)
        lastLSNs.append(nil)
    }

    /// What was tried last was surely not committed.
    mutating func takeBack(_ before: Journal) {
        let number = nextNumber
        self = before
        nextNumber = number
    }

    /// What was tried last was committed.
    mutating func committed(_ receipt: CommitReceipt) {
        lastLSNs[lastLSNs.count - 1] = receipt.commitLSN
        if receipt.level == .durable { durableCount = attemptedCount }
    }

    /// Everything tried so far is durable.
    mutating func becameDurable() { durableCount = attemptedCount }

    /// The store says that everything up to there is durable.
    mutating func saw(_ fence: LSN) {
        durableFence = max(durableFence, fence)
        let covered = lastLSNs.prefix { $0.map { $0 <= durableFence } ?? false }.count
        durableCount = max(durableCount, covered)
    }

    /// A store was opened and has so many of the transactions: the others are gone, and these are durable.
    mutating func recovered(_ count: Int, _ state: Ledger) {
        digests.removeLast(attemptedCount - count)
        counts.removeLast(counts.count - 1 - count)
        lastLSNs.removeLast(lastLSNs.count - count)
        model = state
        durableCount = count
        durableFence = .never
    }

    /// How many transactions a state holds; nil when it is none that may be there.
    func transactionCount(of state: Ledger) -> Int? {
        (durableCount...attemptedCount).first {
            digests[$0] == state.digest && counts[$0] == state.count
        }
    }

    /// What is wrong with a state.
    func complaint(about state: Ledger) -> String {
        if let early = (0..<durableCount).first(where: { digests[$0] == state.digest }) {
            return "only \(early) transactions came back, \(durableCount) were durable"
        }
        return
            "a state that was never there: \(state.numbers), \(durableCount) of \(attemptedCount) durable"
    }

    /// What an image has to be judged by: two moments with the same key allow the same states.
    var key: UInt64 {
        var hash = digests[attemptedCount] &+ UInt64(durableCount) &* 0x9e37_79b9_7f4a_7c15
        hash ^= hash >> 31
        return hash &* 0xbf58_476d_1ce4_e5b9
    }
}
