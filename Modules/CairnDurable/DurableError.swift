// SPDX-License-Identifier: Apache-2.0

public import CairnFormat
public import CairnLSN

/// Why events could not be written or read.
public struct DurableError: Error, Hashable, Sendable {
    /// The kind of error; more may be added.
    public struct Code: Hashable, Sendable {
        enum Storage: String, Sendable { case unencodable, unreadableEvent }
        let storage: Storage

        /// An event cannot be written so that it could be read back. Nothing was committed.
        public static var unencodable: Self { .init(storage: .unencodable) }
        /// An intact event in the log does not fit the program that reads it.
        public static var unreadableEvent: Self { .init(storage: .unreadableEvent) }
    }

    /// What happened.
    public let code: Code
    /// The commit of the transaction that the event belongs to.
    public let lsn: LSN?
    /// What is wrong with the event.
    public let reason: FormatError?

    /// An error.
    public init(code: Code, lsn: LSN? = nil, reason: FormatError? = nil) {
        self.code = code
        self.lsn = lsn
        self.reason = reason
    }
}

extension DurableError.Code: CustomStringConvertible {
    /// The name of the code.
    public var description: String { storage.rawValue }
}

extension DurableError: CustomStringConvertible {
    /// One sentence: what happened and what to do.
    public var description: String {
        switch code.storage {
        case .unencodable:
            "an event cannot be written in a form that could be read back; nothing was committed"
        case .unreadableEvent:
            "the transaction at LSN \(lsn?.description ?? "?") does not fit this program "
                + "(\(reason?.description ?? "unknown reason")); open it with the version that wrote it"
        }
    }
}
