// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
internal import CairnLog

/// A line on the terminal that says how far the opening of a store is; nothing for an opening that is over at once.
final class OpeningBar: Sendable {
    private static let delaySeconds = 0.3

    private let snapshot = Locked(ProgressBar(counting: "MB of the snapshot", isEnabled: true))
    private let log = Locked(ProgressBar(counting: "MB of the log", isEnabled: true))
    private let clock: any TimeSource
    private let start: UInt64

    init(clock: any TimeSource) {
        self.clock = clock
        start = clock.monotonicNanoseconds()
    }

    /// What the store is opened with.
    var observer: OpeningObserver {
        { reached throws(CancellationError) in self.show(reached) }
    }

    private func show(_ reached: OpeningProgress) {
        let seconds = Double(clock.monotonicNanoseconds() - start) / 1e9
        guard seconds >= Self.delaySeconds else { return }
        let bar = reached.phase == .snapshot ? snapshot : log
        bar.withLock {
            $0.show(
                ProgressBar.Progress(
                    count: Int(reached.readByteCount / 1_000_000),
                    byteCount: Int(clamping: reached.readByteCount),
                    byteCountTotal: reached.byteCount.map { Int(clamping: $0) }, seconds: seconds))
        }
    }

    /// Removes the line.
    func clear() {
        for bar in [snapshot, log] { bar.withLock { $0.clear() } }
    }

    /// Opens a store with such a line.
    static func showing<Store>(
        _ options: LogOptions, clock: any TimeSource, _ open: (LogOptions) throws -> Store
    ) rethrows -> Store {
        let bar = OpeningBar(clock: clock)
        defer { bar.clear() }
        var options = options
        options.openingObserver = bar.observer
        return try open(options)
    }
}
