// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

/// The description of the batch format, from which documents and vectors are generated.
package enum BatchFormat {
    /// Everything declared about them.
    package static let format = FormatDescription(
        "batch",
        "The events of a transaction, or a part of them, in the payload of a frame. A batch stands alone: "
            + "nothing in it refers to another one.",
        layouts: [],
        rules: [
            "In a transaction frame the batch follows the eight bytes of the commit time; in a "
                + "mutationBatch frame it is the payload.",
            "When the frame says so, the batch is compressed as a whole and inflates to exactly the size "
                + "the frame declares, which is checked against the limits before anything is inflated.",
            "First the symbol table: how many strings, then for each its byte count and its UTF-8. No "
                + "string occurs twice.",
            "Then how many events, then the byte count of each.",
            "Then the events, one behind the other, up to the end; no byte is left over.",
            "All numbers are unsigned varints (LEB128) in their shortest form.",
            "A count is refused when the bytes left could not hold so many things.",
        ], reading: reading)

    private static let reading = Reading(
        root: "batch",
        types: [
            TypeDescription(
                "batch", "Symbols, the byte counts of the events, then the events.",
                [
                    .field(
                        "symbolCount", .count(each: 1), "How many symbols."),
                    .variable("symbols", "[]", "The strings that events refer to by number."),
                    .loop(
                        "symbols", .times("symbolCount"), .type("symbolEntry"),
                        "The symbols, numbered from 0."),
                    .field(
                        "eventCount", .count(each: 1), "How many events."),
                    .loop(
                        "eventByteCounts", .times("eventCount"), .count(each: 1),
                        "The byte count of each event."),
                    .check(
                        Check(
                            "eventsFit", "sum(eventByteCounts) <= end - here",
                            FormatError.Code.truncated.errorClass, "The events are all there.")),
                    .check(
                        Check(
                            "noMoreThanEvents", "sum(eventByteCounts) == end - here",
                            FormatError.Code.trailingBytes.errorClass,
                            "Nothing follows the last event.")),
                    .loop(
                        "events", .times("eventCount"), .type("eventWindow"),
                        "The events, in the order in which they happened."),
                ]),
            TypeDescription(
                "symbolEntry", "A string, as its byte count and its UTF-8.", result: "symbol",
                [
                    .field("symbol", .type("string"), "The string."),
                    .check(
                        Check(
                            "symbolOnce", "!contains(symbols, symbol)",
                            FormatError.Code.duplicate.errorClass, at: "start",
                            "No string is in the table twice.")),
                ]),
            TypeDescription(
                "eventWindow", "One event, in exactly as many bytes as were said.", result: "event",
                [
                    .define(
                        "eventEnd", "start + eventByteCounts[count(events)]",
                        "Where the event ends."),
                    .window(
                        from: "start", to: "eventEnd",
                        [
                            .field("event", .type("event"), "The event."),
                            .check(
                                Check(
                                    "eventEnd", "end == here",
                                    FormatError.Code.trailingBytes.errorClass,
                                    "The event uses all its bytes.")),
                            .deliver("event"),
                        ]),
                    .seek("eventEnd"),
                ]),
            TypeDescription(
                "event", "Any event: its bytes mean something to another format.", result: "bytes",
                [.field("bytes", .bytes("end - here"), "The bytes of the event.")]),
            TypeDescription(
                "string", "Text, as its byte count and its UTF-8.", result: "text",
                [
                    .field(
                        "byteCount", .count(each: 1), "How many bytes."),
                    .field("text", .text("byteCount"), "The text."),
                ]),
            TypeDescription(
                "blob", "Opaque bytes behind their count.", result: "bytes",
                [
                    .field("byteCount", .count(each: 1), "How many bytes."),
                    .field("bytes", .bytes("byteCount"), "The bytes."),
                ]),
            TypeDescription(
                "symbol", "A string of the symbol table, as its number.",
                result: "symbols[number]",
                [
                    .field("number", .varint, "The number of the symbol, from 0."),
                    .check(
                        Check(
                            "symbolExists", "number < count(symbols)",
                            FormatError.Code.invalidReference.errorClass, at: "start",
                            "The table has a symbol of that number.")),
                ]),
        ],
        delivers: "event",
        canonical:
            "Numbers are in their shortest form. The order of the symbols is the writer's choice; "
            + "Cairn numbers them in the order of first use.",
        allocation: "65536 + size * 32")
}
