// SPDX-License-Identifier: Apache-2.0

/// The content of a lock file: `pid N` and a newline while a process holds it for writing, nothing otherwise.
/// It only serves messages.
package enum LockText {
    /// The text before the number.
    package static let prefix = "pid "
    /// More bytes than such a content ever has.
    package static let byteCountMax = 32

    /// The content while the process `pid` holds the lock.
    package static func text(_ pid: Int32) -> String { "\(prefix)\(pid)\n" }

    /// The number of the process in a content; nil for anything else.
    package static func holder(in bytes: [UInt8]) -> Int32? {
        let text = String(decoding: bytes, as: UTF8.self)
        guard bytes.count < byteCountMax, text.hasPrefix(prefix), text.hasSuffix("\n") else {
            return nil
        }
        let digits = text.dropFirst(prefix.count).dropLast()
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int32(digits),
            number > 0
        else { return nil }
        return number
    }
}
