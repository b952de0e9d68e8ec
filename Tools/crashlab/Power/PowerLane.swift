// SPDX-License-Identifier: Apache-2.0

import CairnFormat

/// One caller of a store that goes through power cuts: it writes 1, 2, 3, … and says with each number in which boot
/// of the machine it was written.
///
/// A lost, doubled or swapped entry shows here; an entry of a boot whose end was cut off, and which comes back later,
/// shows in ``runs``, which the judge outside compares with those of the boot before.
struct PowerLane: Hashable, Sendable {
    /// Entries in a row of the same boot.
    struct Run: Hashable, Sendable {
        let boot: UInt64
        var count: UInt64
    }

    private(set) var count: UInt64 = 0
    private(set) var runs: [Run] = []
    /// The first entry that did not belong there, in words.
    private(set) var flaw: String?

    mutating func append(_ number: UInt64, boot: UInt64) {
        if number != count + 1, flaw == nil { flaw = "entry-\(number)-after-\(count)" }
        if let last = runs.last, last.boot > boot, flaw == nil {
            flaw = "entry-\(number)-of-boot-\(boot)-after-boot-\(last.boot)"
        }
        count += 1
        if runs.last?.boot == boot {
            runs[runs.count - 1].count += 1
        } else {
            runs.append(Run(boot: boot, count: 1))
        }
    }

    mutating func note(_ flaw: String) { self.flaw = self.flaw ?? flaw }

    init() {}

    /// Reads a lane of a snapshot.
    init(from reader: inout ByteReader) throws(FormatError) {
        let runCount = try reader.integer(UInt64.self)
        var index: UInt64 = 0
        while index < runCount {
            let boot = try reader.integer(UInt64.self)
            runs.append(Run(boot: boot, count: try reader.integer(UInt64.self)))
            count += runs[runs.count - 1].count
            index += 1
        }
    }

    func write(to buffer: inout BinaryBuffer) {
        buffer.append(UInt64(runs.count))
        for run in runs {
            buffer.append(run.boot)
            buffer.append(run.count)
        }
    }

    /// The runs as the judge reads them: `BOOT*COUNT+BOOT*COUNT`.
    var text: String { runs.map { "\($0.boot)*\($0.count)" }.joined(separator: "+") }
}
