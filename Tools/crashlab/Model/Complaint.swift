// SPDX-License-Identifier: Apache-2.0

/// Something that must not be.
struct Complaint: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
