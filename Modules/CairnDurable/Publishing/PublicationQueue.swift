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
// `PublisherTests` go through all interleavings of small scenarios.

internal import CairnLSN

/// Commits that readers do not see yet, in the order of their LSNs.
struct PublicationQueue {
    private struct Entry {
        let lsn: LSN
        let change: StagedChange
    }

    private var entries: [Entry] = []
    private var first = 0
    /// The last commit that readers see.
    private(set) var publishedLSN: LSN
    private(set) var isStopped = false

    init(publishedLSN: LSN) { self.publishedLSN = publishedLSN }

    /// The number of commits that wait to be published.
    var count: Int { entries.count - first }

    /// The newest change that waits.
    var last: StagedChange? { first < entries.count ? entries[entries.count - 1].change : nil }

    /// Calls `body` with the changes that wait, oldest first.
    func forEach(_ body: (StagedChange) -> Void) {
        for entry in entries[first...] { body(entry.change) }
    }

    /// Adds a commit that the log has appended. Does nothing after a failure.
    mutating func append(_ change: StagedChange, at lsn: LSN) {
        guard !isStopped else { return }
        precondition(
            lsn > (entries.last?.lsn ?? publishedLSN), "commits are published in LSN order")
        entries.append(Entry(lsn: lsn, change: change))
    }

    /// Takes out what `fence` covers, oldest first.
    mutating func take(upTo fence: LSN) -> [StagedChange] {
        var end = first
        while end < entries.count, entries[end].lsn <= fence { end += 1 }
        guard end > first else { return [] }
        publishedLSN = entries[end - 1].lsn
        var taken: [StagedChange] = []
        taken.reserveCapacity(end - first)
        for entry in entries[first..<end] { taken.append(entry.change) }
        first = end
        compact()
        return taken
    }

    /// Ends publishing for good.
    ///
    /// - Returns: What is dropped.
    mutating func stop() -> [StagedChange] {
        isStopped = true
        var dropped: [StagedChange] = []
        forEach { dropped.append($0) }
        entries = []
        first = 0
        return dropped
    }

    /// Lets go of what was taken, once that is more than what waits.
    private mutating func compact() {
        if first == entries.count {
            entries.removeAll(keepingCapacity: entries.count <= 1024)
            first = 0
        } else if first > 64, first * 2 > entries.count {
            entries.removeFirst(first)
            first = 0
        }
    }
}
