// SPDX-License-Identifier: Apache-2.0

/// The attempts of a workload, in order, and how many of them were acknowledged: the model that a recovered state
/// is compared with.
///
/// One thread uses it.
public final class CrashJournal<Fact> {
    /// Everything that was tried.
    public private(set) var attempted: [Fact] = []
    /// The number of attempts that were acknowledged, so that every crash image must have them.
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

    /// The states that a crash may leave: every prefix of the attempts that has all acknowledged ones.
    public var possibleOutcomes: [ArraySlice<Fact>] {
        (acknowledgedCount...attempted.count).map { attempted.prefix($0) }
    }

    var copy: CrashJournal {
        CrashJournal(attempted: attempted, acknowledgedCount: acknowledgedCount)
    }
}

/// An error that a check of a recovered state found.
public struct CrashFinding: Error, CustomStringConvertible {
    /// The error, in a sentence.
    public let description: String

    /// A failure of a check, described in one sentence.
    public init(_ description: String) { self.description = description }
}
