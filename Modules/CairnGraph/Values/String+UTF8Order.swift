// SPDX-License-Identifier: Apache-2.0

// Swift compares strings by canonical equivalence. Bytes on disk need a finer eye: two spellings of
// one text are different bytes.
extension String {
    /// True when both consist of the same UTF-8 bytes.
    @inline(__always)
    func hasSameUTF8(as other: String) -> Bool {
        let left = utf8Span.span
        let right = other.utf8Span.span
        guard left.count == right.count else { return false }
        var index = 0
        while index < left.count {
            if left[index] != right[index] { return false }
            index += 1
        }
        return true
    }

    /// True when the UTF-8 bytes of this string come before those of `other`, compared as numbers.
    func utf8Precedes(_ other: String) -> Bool {
        let left = utf8Span.span
        let right = other.utf8Span.span
        for index in 0..<min(left.count, right.count) where left[index] != right[index] {
            return left[index] < right[index]
        }
        return left.count < right.count
    }
}
