// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Cairn
internal import CairnCodec
internal import CairnIO
internal import CairnLSN
internal import CairnLog
internal import CairnSegments
internal import SystemPackage

/// `cairn dump`
struct DumpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dump",
        abstract: "List the records of a log, one a line.",
        discussion: """
            Each line says the LSNs of the record, its kind, where it lies, and how many bytes it holds. \
            Where the log stops being readable, the list ends; cairn verify goes on behind the damage.
            """)

    @OptionGroup var store: StoreArguments

    @Option(name: .long, help: "Leave out records that end before this LSN.")
    var from: UInt64 = 1

    @OptionGroup var report: ReportArguments

    func run() throws {
        var output = StandardOutput()
        let findings = try StoreVerifier.records(
            FilePath(store.directory), from: LSN(rawValue: from),
            options: StoreArguments.options(.readOnly)
        ) {
            record in
            try report.json ? output.line(record.json) : output.line(record.text)
            return true
        }
        try output.flush()
        guard findings.isEmpty else {
            for finding in findings { printDiagnostic("cairn: \(finding)") }
            throw ExitCode.failure
        }
    }
}

extension LogRecord {
    var json: JSONValue {
        .object([
            "lsn": .unsigned(lsns.first.rawValue),
            "lastLSN": .unsigned(lsns.last.rawValue),
            "kind": .string("\(kind)"),
            "relatedLSN": .unsigned(relatedLSN.rawValue),
            "segment": .unsigned(segment.rawValue),
            "offset": .unsigned(offset),
            "payloadByteCount": .count(payloadByteCount),
            "compression": .string(compressionName),
            "time": .optional(time),
        ])
    }

    var text: String {
        let numbers = lsns.count > 1 ? "\(lsns)" : "\(lsns.first)"
        var parts = [
            numbers, "\(kind)", "segment \(segment)", "offset \(offset)",
            "\(payloadByteCount) bytes",
        ]
        if compression != .none { parts.append(compressionName) }
        if relatedLSN != .never { parts.append("related LSN \(relatedLSN)") }
        if let time { parts.append(time) }
        return parts.joined(separator: "  ")
    }

    private var compressionName: String {
        switch compression {
        case .none: "none"
        case .zlib: "zlib"
        default: "\(compression.rawValue)"
        }
    }

    /// When it was committed, in UTC, to the millisecond.
    private var time: String? {
        commitNanoseconds.map(utcText)
    }
}
