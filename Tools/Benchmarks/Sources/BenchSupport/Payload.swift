// SPDX-License-Identifier: Apache-2.0

/// Bytes to commit.
public enum Payload {
    /// Text of small letters and digits that hardly compresses; the peers' harness makes the same.
    public static func text(byteCount: Int) -> [UInt8] {
        let letters = Array("abcdefghijklmnopqrstuvwxyz012345".utf8)
        var state: UInt32 = 12345
        return (0..<byteCount).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return letters[Int(state >> 24) & 31]
        }
    }
}
