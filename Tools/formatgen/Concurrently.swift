// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

extension Range<Int> {
    /// What `body` gives for each number, in order; computed on all cores.
    func concurrentMap<Result: Sendable>(_ body: @Sendable (Int) -> Result) -> [Result] {
        concurrentParts { $0.map(body) }
    }

    /// The same for a part of the numbers at a time, which have something in common.
    func concurrentParts<Result: Sendable>(
        _ body: @Sendable (Range<Int>) -> [Result]
    ) -> [Result] {
        let partCount = Swift.min(count, 16)
        let parts = Mutex([[Result]](repeating: [], count: partCount))
        DispatchQueue.concurrentPerform(iterations: partCount) { part in
            let start = lowerBound + count * part / partCount
            let results = body(start..<lowerBound + count * (part + 1) / partCount)
            parts.withLock { $0[part] = results }
        }
        return parts.withLock { $0.flatMap(\.self) }
    }
}
