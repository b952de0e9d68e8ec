// SPDX-License-Identifier: Apache-2.0

internal import BenchSupport
internal import CairnIO
internal import CairnLog

/// Looks at a log when a window opens and when it closes, from a thread of its own.
final class StatusWatch: @unchecked Sendable {
    /// The difference between two looks.
    struct Difference {
        let commits: UInt64
        let syncs: UInt64
        let processorTime: UInt64
    }

    private struct Sample {
        let commits: UInt64
        let syncs: UInt64
        let processorTime: UInt64

        init(_ status: LogStatus) {
            commits = status.commitCount
            syncs = status.syncCounts.values.reduce(0, +)
            processorTime = System.processorTime()
        }
    }

    // Written by the thread alone, and read after it has been joined.
    private var samples: [Sample] = []
    private var failure: (any Error)?
    private var thread: JoinableThread?

    init(_ window: Window, _ status: @escaping @Sendable () throws -> LogStatus) {
        thread = JoinableThread { [self] in
            for time in [window.start, window.end] {
                let now = System.now()
                if time > now { System.sleep(nanoseconds: time - now) }
                do { samples.append(Sample(try status())) } catch { failure = error }
            }
        }
    }

    /// Waits for the end of the window.
    func finish() throws -> Difference {
        thread?.join()
        thread = nil
        if let failure { throw failure }
        guard let first = samples.first, let last = samples.last else {
            return Difference(commits: 0, syncs: 0, processorTime: 0)
        }
        return Difference(
            commits: last.commits - first.commits, syncs: last.syncs - first.syncs,
            processorTime: last.processorTime - first.processorTime)
    }
}
