// SPDX-License-Identifier: Apache-2.0

/// One letter of the alphabet that workloads are made of.
enum Step: String, CaseIterable, Sendable {
    /// A commit of one small entry.
    case append
    /// A commit of several entries in several frames, larger than two sectors.
    case batch
    /// A commit that is refused, and a scope that is given up.
    case abort
    /// Everything durable, without the mirror.
    case sync
    /// Commits until a new segment has begun.
    case rotate
    /// A snapshot, its marker, retention and truncation.
    case checkpoint
    /// Truncation alone, by what two verified snapshots cover.
    case truncate
    /// A snapshot alone.
    case snapshot
    /// Everything durable, then the mirror.
    case mirror
    /// A clean end.
    case close
    /// The process dies and another one opens the store.
    case reopen
}

/// Some steps in a row, on a store of a certain kind.
struct Workload: Hashable, Sendable, LosslessStringConvertible {
    var steps: [Step]

    init(_ steps: [Step]) { self.steps = steps }

    /// Reads `append,batch`.
    init?(_ description: String) {
        let steps = description.split(separator: ",").map { Step(rawValue: String($0)) }
        guard !steps.contains(nil) else { return nil }
        self.steps = steps.compactMap(\.self)
    }

    var description: String { steps.map(\.rawValue).joined(separator: ",") }

    /// A number that no other workload of up to five steps has.
    var index: Int {
        let letters = Step.allCases
        return steps.reduce(0) { index, step in
            index * (letters.count + 1) + 1 + (letters.firstIndex(of: step) ?? 0)
        }
    }

    /// Where its entries are numbered from: elsewhere than those of any other workload.
    var firstNumber: UInt64 { 1 + UInt64(index) * 1024 }

    /// All workloads of exactly that length.
    static func all(ofLength length: Int) -> [Workload] {
        var found: [[Step]] = [[]]
        for _ in 0..<length {
            found = found.flatMap { steps in Step.allCases.map { steps + [$0] } }
        }
        return found.map(Workload.init)
    }

    /// All workloads of one step up to that length.
    static func all(upToLength length: Int) -> [Workload] {
        (1...max(1, length)).flatMap { all(ofLength: $0) }
    }
}
