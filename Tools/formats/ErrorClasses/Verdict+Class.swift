// SPDX-License-Identifier: Apache-2.0

package import CairnSegments

extension Verdict {
    /// The class of this verdict, for declarations.
    package var errorClass: ErrorClass {
        switch self {
        case .clean: ErrorClass(rawValue, .semantic, "nothing is wrong")
        case .tornTail:
            ErrorClass(rawValue, .truncated, "the last write was cut short by a crash")
        case .corruption: ErrorClass(rawValue, .corrupt, "durable data was damaged")
        case .missingSegment:
            ErrorClass(
                rawValue, .semantic, "a part of the log that something refers to is not there")
        case .unsupportedVersion:
            ErrorClass(rawValue, .unsupported, "intact, but written by a newer version")
        case .foreignLog: ErrorClass(rawValue, .semantic, "intact, but of another log")
        case .notALog: ErrorClass(rawValue, .notThisFormat, "not a file of a log at all")
        }
    }
}
