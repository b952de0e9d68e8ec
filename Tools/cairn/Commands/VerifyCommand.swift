// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Cairn
internal import CairnCodec
internal import CairnIO
internal import CairnLSN
internal import CairnSegments
internal import SystemPackage

/// `cairn verify`
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check every byte of a store, without changing any.",
        discussion: """
            Works on the store of any program. Reads every segment and every snapshot, decodes every event of a \
            graph, and goes on behind damage. Each \
            finding says what is wrong, where, and what it means for the data. The exit status is 0 when \
            everything is clean, and 1 otherwise. A torn tail is what a crash leaves behind: nothing that \
            was durable is lost, and the next opening for writing repairs it.
            """)

    @OptionGroup var store: StoreArguments
    @OptionGroup var report: ReportArguments

    func run() throws {
        let found = try StoreVerifier.verify(
            FilePath(store.directory), options: StoreArguments.options(.readOnly))
        try report.json ? StandardOutput.print(found.json) : StandardOutput.print(found.lines)
        guard found.verdict == .clean else { throw ExitCode(1) }
    }
}

extension Verification {
    var json: JSONValue {
        .object([
            "verdict": .string(verdict.rawValue),
            "program": program.map(\.json) ?? .null,
            "findings": .array(findings.map(\.json)),
        ])
    }

    var lines: [String] {
        let transactions = counted(transactionCount, "transaction")
        let files = "\(counted(segments.count, "segment")), \(counted(snapshots.count, "snapshot"))"
        let clock = ClockRemark(lastCommitNanoseconds: lastCommitNanoseconds)
        return ["\(verdict.rawValue): \(transactions) in \(files)"] + findings.map(\.description)
            + (clock.map { ["clock: \($0.text)"] } ?? [])
    }
}

extension Finding {
    var json: JSONValue {
        .object([
            "verdict": .string(verdict.rawValue),
            "file": .string(file),
            "segment": segment.map { .unsigned($0.rawValue) } ?? .null,
            "offset": offset.map(JSONValue.unsigned) ?? .null,
            "lsn": lsn.map { .unsigned($0.rawValue) } ?? .null,
            "meaning": .string(meaning),
        ])
    }
}
