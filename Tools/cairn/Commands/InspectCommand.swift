// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import CairnCodec
internal import CairnFormat
internal import CairnInterpreter
internal import Foundation

/// `cairn inspect`
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what the bytes of a file mean, up to the first error.",
        discussion: """
            Reads a segment of a log or a snapshot, also a damaged one, and also while a program writes to it. \
            Nothing is written. All of the file is read and judged; what is behind --bytes is not shown, and the \
            end says so. Each value has a line: where it is, its bytes, its type, its name, what it says; \
            below it what it means, and in brackets the checks whose checksums cover it.
            """)

    @ArgumentParser.Argument(help: "The file.")
    var file: String

    @Option(
        name: .long,
        help: """
            The format: segment, snapshot, GraphSnapshot, batch, GraphEvents or coded-value. \
            By default what the first bytes say.
            """)
    var format: String?

    @Option(name: .long, help: "How many bytes of the file are shown; all of it is read.")
    var bytes = 1 << 20

    /// A format that is no file has no more: it is a record, or the payload of one.
    private static let recordByteCountMax = FrameLimits().uncompressedByteCountMax

    func validate() throws {
        guard bytes >= 0 else { throw ValidationError("--bytes must not be negative.") }
    }

    func run() throws {
        let input = try InspectedFile(file)
        let byteCount = try input.byteCount()
        let head = try input.prefix(max(bytes, Self.headByteCount))
        guard let found = try FormatCatalog.resolved(format, for: head) else {
            throw ValidationError(
                format.map { "there is no format called \($0.visible)" }
                    ?? "\(file.visible) does not begin like a file of Cairn; name a --format")
        }
        var output = StandardOutput()
        let isValid: Bool
        if byteCount <= UInt64(head.count) {
            isValid = try show(Annotation(found, head, shownByteCount: bytes), &output)
        } else {
            isValid = try showStart(of: input, byteCount, head, found, &output)
        }
        try output.flush()
        if !isValid { throw ExitCode.failure }
    }

    /// As many bytes as tell the format and hold a header.
    private static let headByteCount = 4096

    /// Shows a file as a whole. Returns whether it is valid.
    private func show(_ annotation: Annotation, _ output: inout StandardOutput) throws -> Bool {
        try write(annotation, annotation.byteCount, &output)
        if bytes < annotation.byteCount {
            try output.line(
                "the values from byte \(bytes) to byte \(annotation.byteCount) were read and are not shown: "
                    + "see --bytes")
        }
        for line in annotation.end(Self.highlight).split(separator: "\n") {
            try output.exactLine(String(line))
        }
        return annotation.failure == nil
    }

    /// Shows the start of a file that is read to its end. Returns whether it is valid.
    private func showStart(
        of input: InspectedFile, _ byteCount: UInt64, _ head: [UInt8], _ format: ResolvedFormat,
        _ output: inout StandardOutput
    ) throws -> Bool {
        let shown = min(bytes, head.count)
        let large: LargeFile
        switch format.name {
        case "segment": large = try LargeFile(segment: input, head: head, shownByteCount: shown)
        case "snapshot", "GraphSnapshot":
            large = try LargeFile(snapshot: input, shownByteCount: shown)
        default:
            guard byteCount <= UInt64(Self.recordByteCountMax) else {
                throw ValidationError("\(file.visible) is larger than any \(format.name)")
            }
            let all = try input.prefix(Int(byteCount))
            return try show(Annotation(format, all, shownByteCount: shown), &output)
        }
        let start = Array(head.prefix(large.shownByteCount))
        let annotation = Annotation(format, start, type: large.shownType, judges: false)
        // A header that does not hold is all that can be said.
        guard !large.lines.isEmpty else { return try show(annotation, &output) }
        try write(annotation, Int(clamping: byteCount), &output)
        for line in large.lines { try output.line(line) }
        return large.isValid
    }

    private func write(
        _ annotation: Annotation, _ byteCount: Int, _ output: inout StandardOutput
    ) throws {
        // Texts of the file are visible already; colours must stay.
        try annotation.writeLines(fileByteCount: byteCount, Self.highlight) { text throws in
            for line in text.split(separator: "\n") { try output.exactLine(String(line)) }
        }
    }

    private static func highlight(_ part: Annotation.Part, _ text: String) -> String {
        isTerminal ? colored(part, text) : text
    }

    private static let isTerminal = isatty(STDOUT_FILENO) == 1

    private static func colored(_ part: Annotation.Part, _ text: String) -> String {
        let code =
            switch part {
            case .title: "1"
            case .offset: "36"
            case .bytes: "33"
            case .name: "1"
            case .value: "32"
            case .meaning: "2"
            case .good: "32"
            case .bad: "31;1"
            }
        return "\u{1b}[\(code)m\(text)\u{1b}[0m"
    }
}
