// SPDX-License-Identifier: Apache-2.0

/// An error of an LSN, a range or a fence.
public struct LSNError: Error, Hashable, Sendable {
    /// The kind of error; more may be added.
    public struct Code: Hashable, Sendable {
        enum Storage: UInt8 { case exhausted, neverInRange, fenceMovedBack }
        let storage: Storage

        /// The number would pass the last one there is.
        public static var exhausted: Self { .init(storage: .exhausted) }
        /// A range with elements would contain ``LSN/never``.
        public static var neverInRange: Self { .init(storage: .neverInRange) }
        /// A fence was asked to move back.
        public static var fenceMovedBack: Self { .init(storage: .fenceMovedBack) }
    }

    /// The kind of the error.
    public let code: Code
    /// The LSN at which it happened.
    public let lsn: LSN
    /// The LSN of the fence, for `.fenceMovedBack`.
    public let fence: LSN?

    /// An error at `lsn`.
    @usableFromInline
    package init(code: Code, lsn: LSN, fence: LSN? = nil) {
        self.code = code
        self.lsn = lsn
        self.fence = fence
    }
}

extension LSNError: CustomStringConvertible {
    /// One sentence: what happened and what to do.
    public var description: String {
        switch code.storage {
        case .exhausted:
            "no LSN follows \(lsn): the number was damaged, or the log is full; verify the log"
        case .neverInRange:
            "an LSN range cannot start at 0, which means \"never\"; the first LSN is 1"
        case .fenceMovedBack:
            "a fence at \(fence.map(\.description) ?? "?") cannot move back to \(lsn)"
        }
    }
}
