// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

extension Collection where Element: Sendable, Self: Sendable, Index == Int {
    /// What `body` gives for each element, in order; computed on all cores, some elements at a time.
    func concurrentMap<Result: Sendable>(
        _ body: @Sendable (Element) -> Result
    ) -> [Result] {
        let partCount = 64
        let parts = Mutex([[Result]](repeating: [], count: partCount))
        DispatchQueue.concurrentPerform(iterations: partCount) { part in
            let start = startIndex + count * part / partCount
            let end = startIndex + count * (part + 1) / partCount
            let results = self[start..<end].map(body)
            parts.withLock { $0[part] = results }
        }
        return parts.withLock { $0.flatMap(\.self) }
    }
}
