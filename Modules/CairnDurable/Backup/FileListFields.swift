// SPDX-License-Identifier: Apache-2.0

/// The names of the fields of a backup's manifest and of an archive's record, as files have them.
package enum FileListFields {
    package static let lsn = "lsn"
    package static let nanoseconds = "nanoseconds"
    package static let lastCommitNanoseconds = "lastCommitNanoseconds"
    package static let lastSegment = "lastSegment"
    package static let files = "files"
    package static let path = "path"
    package static let byteCount = "byteCount"
    package static let checksum = "checksum"
}
