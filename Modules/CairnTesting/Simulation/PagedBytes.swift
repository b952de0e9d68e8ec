// SPDX-License-Identifier: Apache-2.0

/// The content of a simulated file, in pages that copies share until one of them changes.
///
/// A page that was never written takes no memory and reads as zero. Bytes may be stored beyond
/// ``count``; they do not show, and ``normalize()`` forgets them.
struct PagedBytes: Sendable {
    private static let pageByteCount = 4096

    /// The number of bytes that the file has.
    private(set) var count = 0
    /// A page is empty (all zero) or has all its bytes.
    private var pages: [[UInt8]] = []
    /// Where the stored bytes end at most.
    private var storedEnd = 0
    /// The kept ``digest``; nil when it was never asked for, or when the bytes have changed since.
    private var keptDigest: UInt64?

    /// The bytes of `range`, cut at ``count``.
    func read(_ range: Range<Int>) -> [UInt8] {
        let range = range.clamped(to: 0..<count)
        var bytes = [UInt8](repeating: 0, count: range.count)
        Self.forEachPart(of: range) { page, within, start in
            guard page < pages.count, !pages[page].isEmpty else { return }
            bytes.replaceSubrange(start..<start + within.count, with: pages[page][within])
        }
        return bytes
    }

    /// The bytes of `range`, also those beyond ``count``.
    func stored(_ range: Range<Int>) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        Self.forEachPart(of: range) { page, within, start in
            guard page < pages.count, !pages[page].isEmpty else { return }
            bytes.replaceSubrange(start..<start + within.count, with: pages[page][within])
        }
        return bytes
    }

    /// A number that follows from the size and all stored bytes. Zeros do not count, so it is the same
    /// however they are stored.
    var digest: UInt64 { keptDigest ?? computedDigest }

    /// Keeps ``digest``, also for copies, until something changes.
    mutating func keepDigest() { keptDigest = digest }

    private var computedDigest: UInt64 {
        var hash = SplitMix64.mixed(UInt64(count))
        for (number, page) in pages.enumerated() where !page.isEmpty {
            let start = number * Self.pageByteCount
            let end = min(Self.pageByteCount, storedEnd - start)
            page.withUnsafeBytes { bytes in
                for offset in stride(from: 0, to: end, by: 8) {
                    let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                    guard word != 0 else { continue }
                    hash = (hash ^ word) &* 0x9e37_79b9_7f4a_7c15 &+ UInt64(start + offset)
                    hash ^= hash >> 29
                }
            }
        }
        return hash
    }

    /// All bytes.
    var all: [UInt8] { read(0..<count) }

    /// Stores bytes and leaves ``count`` as it is.
    mutating func store(_ bytes: ArraySlice<UInt8>, at offset: Int) {
        keptDigest = nil
        storedEnd = max(storedEnd, offset + bytes.count)
        Self.forEachPart(of: offset..<offset + bytes.count) { page, within, start in
            while pages.count <= page { pages.append([]) }
            if pages[page].isEmpty {
                pages[page] = [UInt8](repeating: 0, count: Self.pageByteCount)
            }
            let first = bytes.startIndex + start
            pages[page].replaceSubrange(within, with: bytes[first..<first + within.count])
        }
    }

    /// Sets the size. Bytes cut off are gone: growing again shows zeros.
    mutating func resize(to newCount: Int) {
        let isShrinking = newCount < count
        if newCount != count { keptDigest = nil }
        count = newCount
        if isShrinking { normalize() }
    }

    /// Forgets what is stored beyond ``count``.
    mutating func normalize() {
        guard storedEnd > count else { return }
        keptDigest = nil
        storedEnd = count
        let pageCount = (count + Self.pageByteCount - 1) / Self.pageByteCount
        if pages.count > pageCount { pages.removeLast(pages.count - pageCount) }
        let rest = count % Self.pageByteCount
        guard rest > 0, pages.count == pageCount, let last = pages.last, !last.isEmpty else {
            return
        }
        for index in rest..<Self.pageByteCount where last[index] != 0 {
            pages[pageCount - 1][index] = 0
        }
    }

    private static func forEachPart(
        of range: Range<Int>, _ body: (_ page: Int, _ within: Range<Int>, _ start: Int) -> Void
    ) {
        var position = range.lowerBound
        while position < range.upperBound {
            let page = position / pageByteCount
            let first = position % pageByteCount
            let count = min(pageByteCount - first, range.upperBound - position)
            body(page, first..<first + count, position - range.lowerBound)
            position += count
        }
    }
}
