// SPDX-License-Identifier: Apache-2.0

internal import CCairnSystem

/// Facts that the operating system knows about this process.
package enum ProcessFacts {
    /// The highest amount of memory that was resident so far, in bytes.
    package static var peakMemoryByteCount: UInt64 { cairn_peak_memory() }

    /// The width of the terminal behind a descriptor; nil when there is none.
    package static func terminalColumnCount(descriptor: Int32) -> Int? {
        let columns = cairn_terminal_columns(descriptor)
        return columns > 0 ? Int(columns) : nil
    }
}
