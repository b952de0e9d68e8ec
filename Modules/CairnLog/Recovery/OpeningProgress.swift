// SPDX-License-Identifier: Apache-2.0

/// How far the opening of a store, or of a log, is.
public struct OpeningProgress: Hashable, Sendable {
    /// A part of an opening; more may be added.
    public struct Phase: Hashable, Sendable {
        enum Storage: String, Sendable { case snapshot, log }
        let storage: Storage

        /// The newest intact snapshot is read. One that turns out to be damaged is followed by the one before.
        public static var snapshot: Self { .init(storage: .snapshot) }
        /// The log is read, and what was committed behind the snapshot is replayed.
        public static var log: Self { .init(storage: .log) }
    }

    /// The part that is under way.
    public let phase: Phase
    /// The bytes of it that were read.
    public let readByteCount: UInt64
    /// The bytes that it has; nil for a log that a writer in another process extends meanwhile.
    public let byteCount: UInt64?

    package init(_ phase: Phase, readByteCount: UInt64, byteCount: UInt64?) {
        self.phase = phase
        self.readByteCount = readByteCount
        self.byteCount = byteCount
    }
}

extension OpeningProgress.Phase: CustomStringConvertible {
    /// The name of the part.
    public var description: String { storage.rawValue }
}

/// Called while a store is opened, about once for each MiB that is read and at the end of each part, on the thread that opens it. What
/// it throws ends the opening, and nothing was changed.
///
/// ```swift
/// options.openingObserver = { progress throws(CancellationError) in
///     if Task.isCancelled { throw CancellationError() }
/// }
/// ```
public typealias OpeningObserver =
    @Sendable (OpeningProgress) throws(CancellationError) -> Void
