// SPDX-License-Identifier: Apache-2.0

/// The rounds of one kind.
struct Rounds: Hashable {
    /// The last round whose job was taken.
    private(set) var taken: UInt64 = 0
    /// The last round that is complete.
    private(set) var completed: UInt64 = 0
    /// The place of the caller that leads the next round.
    var next: UInt64?
    private var lastPlace: UInt64 = 0
    /// How many threads sleep until the round that was taken, and the one after it, are complete.
    var followersOfTaken = 0
    private(set) var followersOfNext = 0
    /// A caller that waits to lead was overtaken, and is woken when the round is complete.
    private var hasOvertaken = false
    /// How many threads the last round served: so many may come back soon.
    private(set) var lastSize = 0

    /// The ticket of a caller that appends now.
    var ticket: UInt64 { taken + 1 }

    /// Makes a caller the next leader, unless another one is; then it follows.
    mutating func place(_ caller: inout Caller) -> Bool {
        if next == nil {
            lastPlace += 1
            next = lastPlace
            caller.place = lastPlace
        } else if next != caller.place {
            followersOfNext += 1
            return false
        }
        return true
    }

    /// Begins the next round.
    mutating func take() {
        taken += 1
        followersOfTaken = followersOfNext
        followersOfNext = 0
        if next != nil { hasOvertaken = true }
        next = nil
    }

    /// Ends the round that was taken.
    mutating func complete() -> Completion {
        completed = taken
        let woken = Completion(
            ticket: taken, hasFollowers: followersOfTaken > 0, hasOvertaken: hasOvertaken)
        lastSize = 1 + followersOfTaken + (hasOvertaken ? 1 : 0)
        followersOfTaken = 0
        hasOvertaken = false
        return woken
    }

    /// Whom to wake.
    struct Completion: Hashable {
        let ticket: UInt64
        let hasFollowers: Bool
        let hasOvertaken: Bool
    }
}
