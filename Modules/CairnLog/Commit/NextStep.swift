// SPDX-License-Identifier: Apache-2.0

/// The next step of a waiting caller.
enum NextStep: Hashable {
    case reached
    /// Throw the failure that stopped the log.
    case failed
    /// Perform the job in the slot.
    case lead
    /// Sleep until the round is complete.
    case follow
    /// Sleep until leading is possible.
    case next
    /// Let so many nanoseconds pass, then look again.
    case delay(UInt64)
    /// Let others run, then look again.
    case gather
}
