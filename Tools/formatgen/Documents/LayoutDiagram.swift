// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnFormats

/// A picture of a fixed layout: rows of eight bytes. Its colours follow the reader's scheme, and all its
/// text is text.
struct LayoutDiagram {
    private let layout: BinaryLayout
    private static let byteWidth = 80
    private static let rowHeight = 44
    private static let left = 56
    private static let top = 48

    init(_ layout: BinaryLayout) { self.layout = layout }

    var text: String {
        let rows = (layout.byteCount + 7) / 8
        let width = Self.left + 8 * Self.byteWidth + 16
        let height = Self.top + rows * Self.rowHeight + 16
        let summary = layout.fields.map { "\($0.name): \($0.byteCount) bytes at \($0.offset)" }
            .joined(separator: "; ")
        var lines = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\" "
                + "width=\"\(width)\" height=\"\(height)\" role=\"img\" aria-labelledby=\"title desc\">",
            "<title id=\"title\">\(layout.name), \(layout.byteCount) bytes</title>",
            "<desc id=\"desc\">\(summary)</desc>", Self.style,
            "<rect class=\"page\" x=\"0\" y=\"0\" width=\"\(width)\" height=\"\(height)\"/>",
            "<text class=\"name\" x=\"\(Self.left)\" y=\"20\">\(layout.name), \(layout.byteCount) bytes</text>",
        ]
        for byte in 0..<8 {
            let x = Self.left + byte * Self.byteWidth + Self.byteWidth / 2
            lines.append(Self.label("small", x, Self.top - 8, "\(byte)"))
        }
        for row in 0..<rows {
            let y = Self.top + row * Self.rowHeight + Self.rowHeight / 2 + 4
            lines.append(Self.label("small", Self.left / 2, y, "\(row * 8)"))
        }
        for field in layout.fields { lines += Self.boxes(field) }
        return (lines + ["</svg>"]).joined(separator: "\n") + "\n"
    }

    static let style = """
        <style>
        .page { fill: #ffffff } .box { fill: #eef3f8; stroke: #4a6076; stroke-width: 1.5 }
        .sum { fill: #f6ead8 } .name { fill: #16202a; font: 600 14px sans-serif }
        .small { fill: #4a6076; font: 12px sans-serif; text-anchor: middle }
        .field { fill: #16202a; font: 13px sans-serif; text-anchor: middle }
        .long { font-size: 11px }
        @media (prefers-color-scheme: dark) {
        .page { fill: #11171d } .box { fill: #1f2b37; stroke: #8fa6bc } .sum { fill: #40331c }
        .name, .field { fill: #e8eef4 } .small { fill: #9fb2c4 }
        }
        </style>
        """

    static func label(_ style: String, _ x: Int, _ y: Int, _ text: String) -> String {
        "<text class=\"\(style)\" x=\"\(x)\" y=\"\(y)\">\(text)</text>"
    }

    /// One box for each row that a field is in; its name stands in the widest.
    private static func boxes(_ field: FieldDescription) -> [String] {
        var parts: [(x: Int, y: Int, width: Int)] = []
        var offset = field.offset
        let end = field.offset + field.byteCount
        while offset < end {
            let rowEnd = min(end, (offset / 8 + 1) * 8)
            parts.append(
                (
                    left + offset % 8 * byteWidth, top + offset / 8 * rowHeight,
                    (rowEnd - offset) * byteWidth
                ))
            offset = rowEnd
        }
        let isSum = field.name.lowercased().hasSuffix("checksum") || field.name == "digest"
        var lines = parts.map {
            "<rect class=\"box\(isSum ? " sum" : "")\" x=\"\($0.x)\" y=\"\($0.y)\" width=\"\($0.width)\" "
                + "height=\"\(rowHeight)\"/>"
        }
        guard let widest = parts.max(by: { $0.width < $1.width }) else { return lines }
        let name = fitted(field.name, widest.width)
        let x = widest.x + widest.width / 2
        for (index, line) in name.enumerated() {
            let y = widest.y + rowHeight / 2 + 4 + (index * 2 - name.count + 1) * 8
            // A name that is still too long is drawn smaller.
            let style = line.count * 8 > widest.width ? "field long" : "field"
            lines.append(label(style, x, y, line))
        }
        return lines
    }

    /// A name in one line, or cut in two where a capital letter begins.
    private static func fitted(_ name: String, _ width: Int) -> [String] {
        guard name.count * 8 > width, name.count > 5 else { return [name] }
        let capitals = name.indices.filter { name[$0].isUppercase }
        let middle = name.count / 2
        guard
            let cut = capitals.min(by: {
                abs(name.distance(from: name.startIndex, to: $0) - middle)
                    < abs(name.distance(from: name.startIndex, to: $1) - middle)
            })
        else { return [name] }
        return [String(name[..<cut]), String(name[cut...])]
    }
}
