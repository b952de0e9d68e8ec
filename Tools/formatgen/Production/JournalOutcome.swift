// SPDX-License-Identifier: Apache-2.0

import CairnContainer
import CairnFormat
import CairnFormats
import CairnIO

/// The result of reading a journal, to be compared with the declaration of the format.
struct JournalOutcome {
    /// How many records could be read.
    var recordCount = 0
    /// The error behind them; nil when there is none.
    var error: ErrorClass?
    /// The offset of the error in the file.
    var offset: Int?
    /// Whether a crash can have left that.
    var isTorn = false

    /// Reads a container. What its records mean together is not looked at.
    init(of input: [UInt8]) throws(StorageError) {
        let bytes = Array(input.prefix(ContainerLayout.headerByteCount))
        let header: ContainerHeader
        do throws(FormatError) {
            header = try ContainerHeader(from: bytes.span.bytes)
        } catch {
            self.error = error.code.errorClass
            offset = error.offset
            return
        }
        var reader = try JournalReader(BytesFile(input), header)
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
