// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnFormat
import CairnFormats
import CairnInterpreter
import CairnLSN

/// The document that explains before anything is specified.
struct Concepts {
    private let segment: ResolvedFormat
    private let events: ResolvedFormat

    /// nil when the formats that it shows are not there.
    init?(_ formats: [ResolvedFormat]) {
        guard let segment = formats.first(where: { $0.name == "segment" }),
            let events = formats.first(where: { $0.name == "GraphEvents" })
        else { return nil }
        self.segment = segment
        self.events = events
    }

    func text() throws -> String {
        """
        \(Markdown.notice)

        # What the files are

        A program keeps its state in memory. Each change of the state is an *event*. Cairn writes the events to a **log**
        before the program goes on, so that after a crash the events can be applied again, from the first to the last, and
        the state is back.

        - A **log** is a sequence of records that is only ever appended to. It is kept in files, the **segments**: when one
          is large enough, a new one is begun, and the old one is sealed: it never changes again.
        - Every record has a number, its **LSN** (log sequence number). LSNs count from 1, without gaps; 0 means "never".
        - Events that belong together are a **transaction**: after a crash all of them are there, or none. A small one is one
          record that stands for its begin, its events and its commit, and takes three LSNs.
        - What is *durable* survives a crash of the machine. A writer notes in its records up to which LSN everything was
          durable by then: the **durable watermark**. A damaged record at or below a watermark is a loss; a damaged end of the log above
          every watermark is what a crash leaves, a **torn end**, and is cut off.
        - A **snapshot** is the whole state in a file, so that the log need not be replayed from its beginning. It says up to
          which LSN it holds everything: its **fence**. Replay goes on behind the fence, and segments below the fence of
          the older of two snapshots may be removed.

        ```text
        store/
          LOCK                                          who writes
          log/0000000001-00000000000000000001.wal       segment 1, from LSN 1, sealed
          log/0000000002-00000000000000000007.wal       segment 2, from LSN 7, appended to
          snapshots/00000000000000000006.snap           the state up to LSN 6: its fence is 6
          quarantine/                                   what was cut off
        ```

        ![A segment file](images/segment-file.svg)

        ![A snapshot file](images/snapshot-file.svg)

        ## Glossary

        \(Self.glossary)

        ## From a frame to its events

        \(try example())
        """
    }

    private static let glossary = Markdown.table(
        ["word", "meaning", "where"],
        [
            [
                "batch",
                "the events of a transaction, or a part of them, with the strings that they use",
                "[batch](batch.md)",
            ],
            [
                "chain checksum",
                "a checksum over the checksums of all frames of a segment so far; the next segment repeats it",
                "[segment](segment.md)",
            ],
            [
                "durable watermark", "in a frame: the LSN that was durable when it was written",
                "[segment](segment.md)",
            ],
            [
                "event", "one change of the state",
                "[GraphEvents](GraphEvents.md), [coded-value](coded-value.md)",
            ],
            [
                "fence",
                "an LSN up to which something holds: of a snapshot, everything up to there is in it",
                "[snapshot](snapshot.md)",
            ],
            [
                "frame", "a record in a segment: header, payload, zeros, checksum",
                "[segment](segment.md)",
            ],
            ["LSN", "the number of a record, from 1, without gaps", "[segment](segment.md)"],
            [
                "salt",
                "where a checksum starts, so that a part of another file never fits: made of the identity of the log and a number of the file",
                "[crc32c](crc32c.md)",
            ],
            ["seal", "the frame that ends a segment for good", "[segment](segment.md)"],
            [
                "torn end",
                "what a write that a crash cut short leaves at the end of the last segment",
                "[segment](segment.md#the-end-and-recovery)",
            ],
        ])

    /// A segment with one transaction, taken apart down to the values of its event.
    private func example() throws -> String {
        let event: [UInt8] =
            [1, 0, 1, 0, 2, 1, 3] + Bytes.zigzag(36) + [2, 5] + Bytes.text("Ada")
        let batch = Bytes.batch(["Person", "age", "name"], [event])
        let bytes = try SegmentBuilder.make { (builder) throws(LSNError) in
            try builder.add(.transaction, batch, time: 1_700_000_000_000_000_000)
        }
        let start = SegmentVectors.header + SegmentVectors.frame + 8
        var text = ExampleText()
        let frame = Annotation(segment, bytes).lines.filter {
            $0.range.lowerBound >= SegmentVectors.header
        }
        let inner = Annotation(events, batch)
        let head = frame.filter { $0.range.lowerBound < start - 8 }
        let end = frame.filter { $0.range.lowerBound >= start + batch.count }
        return """
            The frame of a transaction that makes one node, `(:Person {age: 36, name: 'Ada'})`. It begins at byte \
            \(SegmentVectors.header), behind the header of the segment, and takes the LSNs 1, 2 and 3. First its header, as \
            [segment](segment.md#frameheader) lists it; its checksum is salted.

            ```text
            \(text.lines("frame", bytes, head, from: 0))```

            Then the payload, \(8 + batch.count) bytes. A transaction frame begins with the time of its commit, in nanoseconds \
            since 1970:

            ```text
            \(time(bytes, at: start - 8))
            ```

            Behind it lies the [batch](batch.md): the strings, the sizes of the events, and the events, here those of a \
            [graph](GraphEvents.md#event).

            ```text
            \(text.lines("batch", batch, inner.lines, from: start))```

            Zeros up to a multiple of 8 bytes less 4, and the checksum of the payload and them, started from the checksum of \
            the frame's header:

            ```text
            \(text.lines("frame", bytes, end, from: 0))```

            """
    }

    private func time(_ bytes: [UInt8], at place: Int) -> String {
        let part = Array(bytes[place..<place + 8])
        let value = part.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return "   \(place)  \(part.hex)  u64     nanoseconds = \(value)"
    }
}
