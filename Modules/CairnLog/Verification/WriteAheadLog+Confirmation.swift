// SPDX-License-Identifier: Apache-2.0
//
// Files that another process writes, truncates and uses again look damaged for moments. Damage stays where it is.

package import CairnIO
package import CairnSegments

extension WriteAheadLog {
    /// Reads a store until a finding is confirmed at the same place, if a writer is at work in it; once otherwise.
    ///
    /// A torn tail is the write that is under way, and no finding there.
    ///
    /// - Parameter read: Called again after a pause. An error for a file that is gone counts as no reading.
    package static func confirmed(
        beside store: StoreDirectory, _ read: () throws -> [Finding]
    ) throws -> [Finding] {
        guard store.isLive else { return try read() }
        var before: [Finding]?
        var confirmationCount = 0
        for attempt in 0..<readingsMax {
            if attempt > 0 { pause(attempt) }
            let found: [Finding]
            do { found = try read().filter { $0.verdict != .tornTail } } catch {
                guard isGone(error), attempt + 1 < readingsMax else { throw error }
                before = nil
                continue
            }
            guard !found.isEmpty else { return [] }
            guard let known = before else {
                before = found
                continue
            }
            let same = known.filter { finding in found.contains { finding.isAt($0) } }
            guard !same.isEmpty else {
                before = found
                confirmationCount = 0
                continue
            }
            confirmationCount += 1
            before = same
            if confirmationCount == 2 { return same }
        }
        return before ?? []
    }

    private static var readingsMax: Int { 12 }

    private static func pause(_ attempt: Int) {
        let rest = Locked(false)
        rest.sleep(nanoseconds: UInt64(min(attempt, 5)) * 10_000_000) { $0 }
    }

    private static func isGone(_ error: any Error) -> Bool {
        let cause = (error as? LogError)?.cause ?? (error as? SegmentError)?.cause
        return cause?.code == .notFound
    }
}

extension Finding {
    /// Whether another finding is the same one.
    package func isAt(_ other: Finding) -> Bool {
        verdict == other.verdict && file == other.file && offset == other.offset
            && segment == other.segment
    }
}
