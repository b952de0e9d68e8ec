// SPDX-License-Identifier: Apache-2.0

extension Tally {
    /// Repeats `operation`, which gets its number from 0, until the window is over or it throws.
    ///
    /// - Parameter pause: Nanoseconds for which the thread spins after each operation; they do not count.
    public static func repeating(
        in window: Window, pause: UInt64 = 0, _ operation: (Int) throws -> Void
    ) -> Tally {
        var tally = Tally()
        var number = 0
        do {
            var before = System.now()
            while true {
                try operation(number)
                guard let now = tally.step(from: before, in: window) else { break }
                before = now
                while pause > 0, before < now + pause { before = System.now() }
                number += 1
            }
        } catch {
            tally.failure = error
        }
        return tally
    }

    /// Repeats and awaits `operation`; otherwise like the other method.
    public static func repeating(
        in window: Window, awaiting operation: (Int) async throws -> Void
    ) async -> Tally {
        var tally = Tally()
        var number = 0
        do {
            var before = System.now()
            while true {
                try await operation(number)
                guard let now = tally.step(from: before, in: window) else { break }
                before = now
                number += 1
            }
        } catch {
            tally.failure = error
        }
        return tally
    }

    /// Throws why a caller stopped early, if one did.
    public func check() throws {
        if let failure { throw failure }
    }
}

/// An operation that a thread repeats; it gets its number from 0.
public typealias RepeatedOperation = @Sendable (Int) throws -> Void

/// Repeats `measured` on one thread and, when there is one, `other` on a second thread, until the window
/// is over.
///
/// - Parameter pause: Nanoseconds between the operations of `measured`.
/// - Returns: The operations of `measured` alone.
public func repeating(
    in window: Window, pause: UInt64 = 0, beside other: RepeatedOperation?,
    _ measured: @escaping RepeatedOperation
) throws -> Tally {
    let besides = Shared(Tally())
    let thread = other.map { other in
        JoinableThread { besides.change { $0 = .repeating(in: window, other) } }
    }
    let tally = onThreads(1) { _ in .repeating(in: window, pause: pause, measured) }
    thread?.join()
    try besides.value.check()
    try tally.check()
    return tally
}
