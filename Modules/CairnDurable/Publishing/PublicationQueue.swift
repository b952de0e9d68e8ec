// SPDX-License-Identifier: Apache-2.0
//
// Which commits readers may see: the pure part of publishing, under the lock of the publisher.
//
//     append(1) append(2) append(3) │ take(upTo: 2) → 1, 2 │ stop → 3 is dropped
//
// - A commit enters when the log has given it its LSN, in the order of LSNs.
// - It leaves when a fence covers it: all of a round at once, in order, none twice.
// - After a failure nothing enters or leaves any more: what was published stays, what was not is dropped.
//
// `PublicationQueueTests` go through all interleavings of small scenarios.

internal import CairnLSN

/// Commits that readers do not see yet, in the order of their LSNs.
struct PublicationQueue<Change> {
    struct Entry {
        let lsn: LSN
        let change: Change
    }

    private var entries: [Entry] = []
    private var first = 0
    /// The last commit that readers see.
    private(set) var publishedLSN: LSN
    private(set) var isStopped = false

    init(publishedLSN: LSN) { self.publishedLSN = publishedLSN }

    /// How many commits wait to be published.
    var count: Int { entries.count - first }

    /// The newest change that waits.
    var last: Change? { first < entries.count ? entries[entries.count - 1].change : nil }

    /// The changes that wait, oldest first.
    var waiting: some Sequence<Change> { entries[first...].lazy.map(\.change) }

    /// Adds a commit that the log has appended. Does nothing after a failure.
    mutating func append(_ change: Change, at lsn: LSN) {
        guard !isStopped else { return }
        precondition(
            lsn > (entries.last?.lsn ?? publishedLSN), "commits are published in LSN order")
        entries.append(Entry(lsn: lsn, change: change))
    }

    /// Takes out what `fence` covers, oldest first.
    mutating func take(upTo fence: LSN) -> [Change] {
        var end = first
        while end < entries.count, entries[end].lsn <= fence { end += 1 }
        guard end > first else { return [] }
        publishedLSN = entries[end - 1].lsn
        let taken = entries[first..<end].map(\.change)
        if end == entries.count {
            entries.removeAll(keepingCapacity: entries.count <= 1024)
            first = 0
        } else {
            first = end
            compact()
        }
        return taken
    }

    /// Ends publishing for good.
    ///
    /// - Returns: What is dropped.
    mutating func stop() -> [Change] {
        isStopped = true
        let dropped = entries[first...].map(\.change)
        entries = []
        first = 0
        return dropped
    }

    /// Lets go of what was taken, once that is more than what waits.
    private mutating func compact() {
        guard first > 64, first * 2 > entries.count else { return }
        entries.removeFirst(first)
        first = 0
    }
}
