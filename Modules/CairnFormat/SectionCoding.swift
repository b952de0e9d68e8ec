// SPDX-License-Identifier: Apache-2.0

/// A destination of state, as numbered sections of records: a snapshot.
public protocol SectionSink: ~Copyable {
    /// The error of a failed write.
    associatedtype Failure: Error

    /// Begins the section numbered `id`. Sections come in ascending order, each at most once.
    mutating func beginSection(_ id: UInt32) throws(Failure)

    /// Appends one record to the section that was begun last. A reader gets it whole.
    mutating func appendRecord(_ write: (inout BinaryBuffer) -> Void) throws(Failure)

    /// The failure that stands for a state that cannot be encoded. Nothing more is written then.
    func failure(_ error: CodingFailure) -> Failure
}

/// A source of state: the sections of a snapshot, already known to be intact.
public protocol SectionSource: ~Copyable {
    /// The error of a failed read.
    associatedtype Failure: Error

    /// The numbers of the sections there are, ascending.
    var sectionIDs: [UInt32] { get }

    /// Calls `body` for each run of whole records of the section numbered `id`, in order; not at all
    /// when there is no such section. What `body` throws is thrown on as a failure of the source, and
    /// so is a run that it left bytes of.
    mutating func forEachRun(
        of id: UInt32, _ body: (inout ByteReader) throws(FormatError) -> Void
    ) throws(Failure)

    /// The failure that stands for `error`, for checks that span sections.
    func failure(_ error: FormatError) -> Failure

    /// The failure that stands for an intact state that does not fit the program that reads it.
    func failure(_ error: CodingFailure) -> Failure
}

extension SectionSink where Self: ~Copyable, Failure == Never {
    /// Ends the program: such a sink says that nothing fails.
    public func failure(_ error: CodingFailure) -> Never {
        preconditionFailure("the state cannot be encoded: \(error)")
    }
}

extension SectionSink where Self: ~Copyable, Failure == FormatError {
    /// `.invalidValue`, without the path.
    public func failure(_ error: CodingFailure) -> FormatError {
        FormatError(code: .invalidValue, offset: 0)
    }
}

extension SectionSource where Self: ~Copyable, Failure == FormatError {
    /// `.invalidValue`, without the path.
    public func failure(_ error: CodingFailure) -> FormatError {
        FormatError(code: .invalidValue, offset: 0)
    }
}
