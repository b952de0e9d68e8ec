// SPDX-License-Identifier: Apache-2.0

internal import CCairnSystem

/// A number that threads sleep on until it changes.
///
/// Reading it acquires what other threads stored before they raised it. To wait without missing
/// anything: read it, look whether what is waited for has come, and sleep on the number that was read.
package final class Signal: Sendable {
    // Only the functions of the shim touch the number, all of them atomically.
    private nonisolated(unsafe) let number: UnsafeMutablePointer<UInt32>

    /// A signal that was never raised.
    package init() {
        number = .allocate(capacity: 1)
        number.initialize(to: 0)
    }

    deinit { number.deallocate() }

    /// The number now.
    package func read() -> UInt32 { cairn_signal_read(number) }

    /// Changes the number. A sleeping thread sleeps until it is woken.
    package func raise() { cairn_signal_raise(number) }

    /// Sleeps while the number is the one that was seen; may return earlier.
    package func wait(seen: UInt32) { cairn_signal_wait(number, seen) }

    /// Sleeps while the number is the one that was seen, and looks at it so many times before.
    package func wait(seen: UInt32, spinning count: Int) {
        for _ in 0..<count {
            guard read() == seen else { return }
            cairn_spin_pause()
        }
        wait(seen: seen)
    }

    /// Wakes one thread that sleeps on the number.
    package func wakeOne() { cairn_signal_wake(number, 1) }

    /// Wakes all threads that sleep on the number.
    package func wakeAll() { cairn_signal_wake(number, .max) }

    /// Passes a moment without giving up the processor.
    package static func spin(_ count: Int) {
        for _ in 0..<count { cairn_spin_pause() }
    }

    /// Lets other threads run on this processor.
    package static func yield() { cairn_yield() }
}
