// SPDX-License-Identifier: Apache-2.0

/// An old bug of some system, put into the store on purpose.
struct Bug: Sendable {
    let name: String
    let lie: Lie?
}
