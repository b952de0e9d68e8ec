// SPDX-License-Identifier: Apache-2.0

/// The names of the fields of a timeline, as files have them.
package enum TimelineFields {
    package static let steps = "steps"
    package static let log = "log"
    package static let lsn = "lsn"
    package static let nanoseconds = "nanoseconds"
}
