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

            With --events the committed events are listed, as JSON, one a line: of a graph what they do, of another \
            program what its events hold, and the bytes of events in a form that only their program knows.
            """)

    @OptionGroup var store: StoreArguments

    @Option(name: .long, help: "Leave out records that end before this LSN.")
    var from: UInt64 = 1

    @Flag(name: .long, help: "List the events, one a line, as JSON.")
    var events = false

    @OptionGroup var report: ReportArguments

    func run() throws {
        var output = StandardOutput()
        let findings = try events ? listEvents(&output) : listRecords(&output)
        try output.flush()
        guard findings.isEmpty else {
            for finding in findings { printDiagnostic("cairn: \(finding)") }
            throw ExitCode.failure
        }
    }

    private func listRecords(_ output: inout StandardOutput) throws -> [Finding] {
        try StoreVerifier.records(
            FilePath(store.directory), from: LSN(rawValue: from),
            options: store.options(.readOnly), environment: .ofTool()
        ) {
            record in
            try report.json ? output.line(record.json) : output.line(record.text)
            return true
        }
    }

    private func listEvents(_ output: inout StandardOutput) throws -> [Finding] {
        try StoreVerifier.events(
            FilePath(store.directory), options: store.options(.readOnly),
            environment: .ofTool()
        ) { event in
            guard event.transaction.commitLSN.rawValue >= from else { return }
            try output.line(event.json)
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
