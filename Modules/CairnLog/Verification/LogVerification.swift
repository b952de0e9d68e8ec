// SPDX-License-Identifier: Apache-2.0

public import CairnSegments

/// The result of checking a log.
public struct LogVerification: Hashable, Sendable {
    /// Everything found, in the order in which reading the log meets it; empty when it is clean.
    public let findings: [Finding]
    /// The segments that could be read.
    public let segments: [SegmentStatus]
    /// Whether frames could be read to the end of the last segment that is damaged, behind its damage.
    package var isReadToTheEnd = false
    /// Committed transactions that could be read.
    public let transactionCount: UInt64
    /// The latest commit time among them, in nanoseconds since 1970; 0 when there is none.
    public let lastCommitNanoseconds: UInt64

    /// The gravest of the findings; `.clean` when there is none.
    public var verdict: Verdict { Finding.gravest(of: findings) }
}

extension Finding {
    /// The gravest verdict of some findings; a torn tail is the mildest, because opening repairs it.
    package static func gravest(of findings: [Finding]) -> Verdict {
        findings.first { $0.verdict != .tornTail }?.verdict ?? findings.first?.verdict ?? .clean
    }
}
