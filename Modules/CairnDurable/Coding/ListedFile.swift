// SPDX-License-Identifier: Apache-2.0
//
// A file in the form of a snapshot that holds one value: what `timelines/`, `backup/` and `archive/` have. The value lies in
// the section 1, cut into as many records as it takes. Readers pass over other sections, and over fields that they do not
// know.

internal import CairnFormat
package import CairnSnapshot

/// A value that has a file of its own.
protocol ListedFile: Encodable {
    /// Takes what it knows of a value; nil for one that is none of these.
    init?(_ value: CodedValue)
}

extension ListedFile {
    /// Reads the value of a file.
    ///
    /// - Throws: ``SnapshotError`` with code `.damaged` and reason `.invalidValue` for a value that is none of these.
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        guard let found = Self(try ListedFiles.value(from: &reader)) else {
            throw reader.failure(FormatError(code: .invalidValue, offset: 0))
        }
        self = found
    }

    func write(to writer: inout SnapshotWriter) throws(SnapshotError) {
        try CodableSnapshot.write(self, ListedFiles.section, to: &writer)
    }
}

/// The readers of all these files, for tools.
package enum ListedFiles {
    package static let section = CodableSnapshot.stateSection

    static func value(from reader: inout SnapshotReader) throws(SnapshotError) -> CodedValue {
        try CodableSnapshot.value(section, from: &reader) { (decoder) throws(FormatError) in
            try CodedValue(from: &decoder)
        }
    }

    /// Reads the value of a file of `timelines/`.
    package static func readTimeline(from reader: inout SnapshotReader) throws(SnapshotError) {
        _ = try Timeline(from: &reader)
    }

    /// Reads the value of a file of `backup/`.
    package static func readManifest(from reader: inout SnapshotReader) throws(SnapshotError) {
        _ = try BackupManifest.read(from: &reader)
    }

    /// Reads the value of a file of `archive/`.
    package static func readArchiveRecord(from reader: inout SnapshotReader) throws(SnapshotError) {
        _ = try ArchiveRecord(from: &reader)
    }
}

extension CodedValue {
    /// A number that is not below zero; nil for any other value.
    var unsigned: UInt64? {
        switch self {
        case .int(let number): UInt64(exactly: number)
        case .uint(let number): number
        default: nil
        }
    }

    var text: String? { if case .string(let text) = self { text } else { nil } }

    var elements: [CodedValue]? { if case .array(let values) = self { values } else { nil } }
}
