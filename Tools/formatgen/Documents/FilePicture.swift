// SPDX-License-Identifier: Apache-2.0
//
// A picture of a whole file: a row of boxes, and below it what one of them consists of. Its colours follow
// the reader's scheme, and all its text is text.

import CairnFormat
import CairnFormats

/// Rows of boxes, each of which shows what is in one box of the row above.
struct FilePicture {
    /// A part of a row.
    struct Box {
        let name: String
        /// How many bytes it has; nothing for what has no fixed size.
        let size: String

        init(_ name: String, _ size: String = "") {
            self.name = name
            self.size = size
        }
    }

    /// A row, and which of its boxes the next row shows.
    struct Row {
        let title: String
        let boxes: [Box]
        let opened: Int
    }

    let title: String
    let rows: [Row]

    private static let width = 712
    private static let rowHeight = 92
    private static let left = 16
    private static let top = 40

    /// The picture of a format; nil for one that has none.
    static func of(_ format: FormatDescription) -> FilePicture? {
        func size(_ name: String) -> String {
            format.layouts.first { $0.name == name }.map { "\($0.byteCount) bytes" } ?? ""
        }
        switch format.name {
        case "segment":
            return FilePicture(
                title: "A segment file",
                rows: [
                    Row(
                        title: "file",
                        boxes: [
                            Box("header", size("segmentHeader")), Box("frame"), Box("frame"),
                            Box("\u{2026}"), Box("seal", "a frame"),
                        ], opened: 1),
                    Row(
                        title: "frame",
                        boxes: [
                            Box("header", size("frameHeader")), Box("payload"),
                            Box("zeros", "0 to 7"),
                            Box("checksum", "4 bytes"),
                        ], opened: 1),
                    Row(
                        title: "payload of a transaction",
                        boxes: [Box("time", "8 bytes"), Box("batch")],
                        opened: 1),
                    Row(
                        title: "batch",
                        boxes: [
                            Box("symbols"), Box("sizes of the events"), Box("event"), Box("event"),
                            Box("\u{2026}"),
                        ], opened: 0),
                ])
        case "snapshot":
            return FilePicture(
                title: "A snapshot file",
                rows: [
                    Row(
                        title: "file",
                        boxes: [
                            Box("header", size("Header")), Box("chunk"), Box("chunk"),
                            Box("\u{2026}"),
                            Box("footer"), Box("trailer", size("Trailer")),
                        ], opened: 1),
                    Row(
                        title: "chunk: records of one section",
                        boxes: [
                            Box("header", size("ChunkHeader")), Box("record"), Box("record"),
                            Box("\u{2026}"), Box("checksum", size("ChunkEnd")),
                        ], opened: 0),
                ])
        default: return nil
        }
    }

    var text: String {
        let height = Self.top + rows.count * Self.rowHeight - 20
        let summary = rows.map { row in
            "\(row.title): " + row.boxes.map(\.name).joined(separator: ", ")
        }.joined(separator: "; ")
        var lines = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Self.width) \(height)\" "
                + "width=\"\(Self.width)\" height=\"\(height)\" role=\"img\" aria-labelledby=\"title desc\">",
            "<title id=\"title\">\(title)</title>", "<desc id=\"desc\">\(summary)</desc>",
            LayoutDiagram.style,
            "<rect class=\"page\" x=\"0\" y=\"0\" width=\"\(Self.width)\" height=\"\(height)\"/>",
        ]
        for (index, row) in rows.enumerated() { lines += drawn(row, index) }
        return (lines + ["</svg>"]).joined(separator: "\n") + "\n"
    }

    /// Where the title of a row begins: beside the line that comes from the row above.
    private func titleLeft(_ index: Int) -> Int {
        guard index > 0 else { return Self.left }
        let above = rows[index - 1]
        let start = above.opened * ((Self.width - 2 * Self.left) / above.boxes.count)
        // The line falls by 48 from one row to the next, and a title reaches 20 above its row.
        return Self.left + start * 20 / 48 + (start > 0 ? 8 : 0)
    }

    private func drawn(_ row: Row, _ index: Int) -> [String] {
        let y = Self.top + index * Self.rowHeight
        let inner = Self.width - 2 * Self.left
        let each = inner / row.boxes.count
        var lines = [
            "<text class=\"name\" x=\"\(titleLeft(index))\" y=\"\(y - 8)\">\(row.title)</text>"
        ]
        for (place, box) in row.boxes.enumerated() {
            let x = Self.left + place * each
            let middle = x + each / 2
            let isSum = box.name == "checksum"
            lines.append(
                "<rect class=\"box\(isSum ? " sum" : "")\" x=\"\(x)\" y=\"\(y)\" width=\"\(each)\" "
                    + "height=\"44\"/>")
            lines.append(
                LayoutDiagram.label("field", middle, box.size.isEmpty ? y + 27 : y + 20, box.name))
            if !box.size.isEmpty {
                lines.append(LayoutDiagram.label("small", middle, y + 36, box.size))
            }
        }
        guard index + 1 < rows.count else { return lines }
        let from = Self.left + row.opened * each
        for (start, end) in [
            (from, Self.left),
            (
                from + each,
                Self.left + inner / rows[index + 1].boxes.count * rows[index + 1].boxes.count
            ),
        ] {
            lines.append(
                "<line class=\"box\" x1=\"\(start)\" y1=\"\(y + 44)\" x2=\"\(end)\" "
                    + "y2=\"\(y + Self.rowHeight)\" stroke-dasharray=\"3 4\"/>")
        }
        return lines
    }
}
