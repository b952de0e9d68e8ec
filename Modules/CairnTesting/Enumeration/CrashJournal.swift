// SPDX-License-Identifier: Apache-2.0

/// What a workload tried, in order, and how much of it was acknowledged: the model that a recovered state
/// is compared with.
///
/// One thread uses it.
public final class CrashJournal<Fact> {
    /// Everything that was tried.
    public private(set) var attempted: [Fact] = []
    /// How many of these were acknowledged, so that every crash image must have them.
    public private(set) var acknowledgedCount = 0

    init() {}

    init(attempted: [Fact], acknowledgedCount: Int) {
        self.attempted = attempted
        self.acknowledgedCount = acknowledgedCount
    }

    /// Says that `fact` is about to be made durable.
    public func attempt(_ fact: Fact) { attempted.append(fact) }

    /// Says that everything tried so far is durable.
    public func acknowledge() { acknowledgedCount = attempted.count }

    /// What a crash may have left: every beginning of what was tried that has all that was acknowledged.
    public var possibleOutcomes: [ArraySlice<Fact>] {
        (acknowledgedCount...attempted.count).map { attempted.prefix($0) }
    }

    var copy: CrashJournal {
        CrashJournal(attempted: attempted, acknowledgedCount: acknowledgedCount)
    }
}

/// What a check of a recovered state found wrong.
public struct CrashFinding: Error, CustomStringConvertible {
    /// What is wrong.
    public let description: String

    /// A finding.
    public init(_ description: String) { self.description = description }
}
