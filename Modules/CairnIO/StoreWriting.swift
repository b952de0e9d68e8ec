// SPDX-License-Identifier: Apache-2.0

/// A writer of the files of a store, from its creation until ``end()`` or until the last reference goes.
///
/// The lock keeps other openings away. It says nothing to those who share the opening, and code that reads the
/// files past the writer must know that they change meanwhile.
package final class StoreWriting: Sendable {
    /// The number of current writers, and the number of writers there ever were.
    struct Count: Sendable {
        var now = 0
        var ever = 0
    }

    private let store: Locked<StoreDirectory?>

    package init(_ store: StoreDirectory) {
        self.store = Locked(store)
        store.writers.withLock { count in
            count.now += 1
            count.ever += 1
        }
    }

    deinit { end() }

    /// It writes no more; a second call does nothing.
    package func end() {
        let store = store.withLock { $0.take() }
        store?.writers.withLock { $0.now -= 1 }
    }
}

extension StoreDirectory {
    /// The same number as long as no code that shares this opening writes its files; nil while some does.
    package var restingEpoch: Int? { writers.withLock { $0.now == 0 ? $0.ever : nil } }
}
