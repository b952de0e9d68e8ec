// SPDX-License-Identifier: Apache-2.0

/// The kind of a round.
enum RoundKind: Hashable {
    /// Hands bytes to the system.
    case write
    /// Makes them durable, too.
    case sync
}

/// A caller that waits for a round or leads it.
struct Caller: Hashable {
    let kind: RoundKind
    /// The number of the first round that covers what was appended.
    let ticket: UInt64
    /// Where it stands when it is next.
    var place: UInt64?
}
