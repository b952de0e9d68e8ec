// SPDX-License-Identifier: Apache-2.0

internal import CairnLSN

/// The callers that wait without leading: tasks that committed, readers of the change feed, and threads that wait for a
/// record that is not appended yet.
struct WaitingTasks {
    /// Tasks whose target the background thread serves.
    private(set) var tasks: [Waiter] = []
    /// Readers that wait for commits of others. They cause no write and no sync.
    var changes = ChangeWaiters()
    /// The number of threads that wait for a record that is not appended yet.
    var blockedCount = 0

    var isEmpty: Bool { tasks.isEmpty }
    var count: Int { tasks.count }

    mutating func add(_ waiter: Waiter) { tasks.append(waiter) }

    /// Removes the tasks whose target is reached, and adds them to the actions of the round.
    ///
    /// - Returns: The number of committed tasks among them.
    mutating func takeReached(
        _ progress: borrowing CommitProgress, _ actions: inout RoundActions
    ) -> Int {
        var resumedCount = 0
        if !tasks.isEmpty {
            var kept = 0
            for index in tasks.indices {
                if progress.covers(tasks[index].target) {
                    actions.followUps.append(.resume(tasks[index], .success(())))
                } else {
                    if kept != index { tasks.swapAt(kept, index) }
                    kept += 1
                }
            }
            resumedCount = tasks.count - kept
            tasks.removeLast(resumedCount)
        }
        guard !changes.isEmpty else { return resumedCount }
        let (written, durable) = (progress.writtenLSN, progress.durable)
        let reached = changes.take { target in
            switch target {
            case .written(let lsn): written >= lsn
            case .durable(let lsn): durable.covers(lsn)
            case .drained: false
            }
        }
        for waiter in reached { actions.followUps.append(.resume(waiter, .success(()))) }
        return resumedCount
    }

    /// Removes all waiting tasks and readers, when the log is closed or has failed.
    mutating func takeAll() -> [Waiter] {
        let all = tasks + changes.takeAll()
        tasks = []
        return all
    }
}
