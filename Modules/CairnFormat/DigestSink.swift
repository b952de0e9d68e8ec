// SPDX-License-Identifier: Apache-2.0

/// A sink that keeps nothing of a state but its digest.
package struct DigestSink: ~Copyable, SectionSink {
    private var digester = StateDigester()
    private var buffer = BinaryBuffer()
    private var recordCount: UInt64 = 0

    package init() {}

    package mutating func beginSection(_ id: UInt32) throws(FormatError) {
        flush()
        digester.beginSection(id)
    }

    package mutating func appendRecord(
        _ write: (inout BinaryBuffer) -> Void
    ) throws(FormatError) {
        write(&buffer)
        recordCount += 1
        if buffer.count >= 1 << 16 { flush() }
    }

    /// The digest of what was written.
    package mutating func finish() -> StateDigest {
        flush()
        return digester.digest
    }

    private mutating func flush() {
        guard recordCount > 0 else { return }
        var digester = digester
        digester.add(buffer.bytes, recordCount: recordCount)
        self.digester = digester
        buffer.removeAll()
        recordCount = 0
    }
}
