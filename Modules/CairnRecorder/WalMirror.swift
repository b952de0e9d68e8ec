// SPDX-License-Identifier: Apache-2.0

public import CairnLSN

/// A second form of the store, such as a single-file container, which follows the log.
///
/// It is called only after the log has done its part, so it is never ahead, and its failure never harms the
/// log. A mirror that throws must leave two things behind:
///
/// - **The form that it persisted last, intact.** Write the new form beside it, sync it, rename it over the old
///   one, and sync the directory; a reader then finds the one or the other, whatever went wrong. A mirror that
///   changes its form in place and fails leaves neither.
/// - **Itself, able to be called again.** The next call brings everything up to date, what the failed one left
///   out included: decide by comparing with the log, not by remembering what was handed over.
///
/// The caller gets ``RecorderError`` with code `.mirrorFailed` and the mirror's own error in
/// ``RecorderError/mirrorFailure``; nothing is poisoned. `MirrorExampleTests` has a mirror that keeps both rules.
public protocol WalMirror: Sendable {
    /// Brings the mirror up to date when it finds that worth it. Called after a flush.
    func persist() throws

    /// Brings the mirror up to date now. Called after everything in the log is durable.
    func persistForced() throws

    /// The last LSN that the mirror durably covers, alone, without the log; nil when truncation is not to wait for it.
    /// The log is truncated no further, so that the mirror always reaches back to what the log has dropped.
    var coveredLSN: LSN? { get }
}

extension WalMirror {
    /// Nil: truncation does not wait for the mirror.
    public var coveredLSN: LSN? { nil }
}

/// The error that a mirror threw.
public struct MirrorFailure: Sendable {
    /// The error itself.
    public let error: any Error

    /// A failure with this error.
    public init(_ error: any Error) { self.error = error }
}

extension MirrorFailure: Hashable {
    /// Failures are equal when their errors read alike.
    public static func == (lhs: Self, rhs: Self) -> Bool { lhs.description == rhs.description }

    /// Hashes what the error reads like.
    public func hash(into hasher: inout Hasher) { hasher.combine(description) }
}

extension MirrorFailure: CustomStringConvertible {
    /// The error as text.
    public var description: String { "\(error)" }
}
