// SPDX-License-Identifier: Apache-2.0

package import CairnFormat
package import CairnIO
internal import SystemPackage

/// The result of reading a journal, to be compared with the declaration of the format.
package struct JournalOutcome {
    /// How many records could be read.
    package var recordCount = 0
    /// The error behind them; nil when there is none.
    package var error: ErrorClass?
    /// The offset of the error in the file.
    package var offset: Int?
    /// Whether a crash can have left that.
    package var isTorn = false

    /// Reads a container. What its records mean together is not looked at.
    package init(of file: any VirtualFile) throws(StorageError) {
        let bytes = try file.bytes(0..<UInt64(ContainerLayout.headerByteCount))
        let header: ContainerHeader
        do throws(FormatError) {
            header = try ContainerHeader(from: bytes.span.bytes)
        } catch {
            self.error = error.code.errorClass
            offset = error.offset
            return
        }
        var reader = try JournalReader(file, header)
        guard header.journal.upperBound <= reader.fileByteCount else {
            error = JournalDamage.Kind.cut.errorClass
            offset = Int(header.journal.lowerBound)
            return
        }
        while true {
            switch try reader.next() {
            case .end: return
            case .record: recordCount += 1
            case .damage(let damage):
                error = damage.kind.errorClass
                offset = Int(damage.offset)
                if case .torn = try reader.judge(damage) { isTorn = true }
                return
            }
        }
    }
}
