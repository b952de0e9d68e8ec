// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Cairn
internal import CairnCodec
internal import CairnDurable
internal import CairnFormat
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

            With --deep a clean store is replayed from its oldest snapshot on, and the state is compared with the \
            digest that each checkpoint left in the log: a proof that the state is the one that was there. What \
            events do is known to their program, so this is for graphs; others call Durable.prove.
            """)

    @Flag(name: .long, help: "Replay the log and compare the state at each checkpoint.")
    var deep = false

    @OptionGroup var store: StoreArguments
    @OptionGroup var report: ReportArguments

    func run() throws {
        let found = try StoreVerifier.verify(
            FilePath(store.directory), options: store.options(.readOnly),
            environment: .ofTool())
        guard deep, found.verdict == .clean else {
            try report.json
                ? StandardOutput.print(found.json)
                : StandardOutput.print(
                    found.lines + [found.advice(store.directory)].compactMap(\.self))
            guard found.verdict == .clean else { throw ExitCode(1) }
            return
        }
        guard try store.isGraph() else {
            throw ValidationError(
                "\(store.directory) is the store of another program, and only that knows how to replay it: call "
                    + "Durable.prove there, or verify without --deep")
        }
        let proof = try GraphDatabase.prove(
            FilePath(store.directory), options: store.options(.readOnly),
            environment: .ofTool())
        try report.json
            ? StandardOutput.print(found.json(proof))
            : StandardOutput.print(found.lines + [proof.description])
        guard proof.holds else { throw ExitCode(1) }
    }
}

extension Verification {
    var json: JSONValue { .object(members) }

    func json(_ proof: StateProof) -> JSONValue {
        .object(members.merging(["proof": proof.json]) { $1 })
    }

    private var members: [String: JSONValue] {
        [
            "verdict": .string(verdict.rawValue),
            "program": program.map(\.json) ?? .null,
            "encrypted": .bool(isEncrypted),
            "findings": .array(findings.map(\.json)),
        ]
    }

    var lines: [String] {
        let transactions = counted(transactionCount, "transaction")
        let files = "\(counted(segments.count, "segment")), \(counted(snapshots.count, "snapshot"))"
        let clock = ClockRemark(lastCommitNanoseconds: lastCommitNanoseconds)
        return ["\(verdict.rawValue): \(transactions) in \(files)"]
            + (isEncrypted && transactionCount > 0 && !isDecrypted
                ? ["encrypted: checked but for what is inside; give its key with --key-file"] : [])
            + (isLive ? ["another process is writing: what is under way does not count"] : [])
            + findings.map(\.description) + (clock.map { ["clock: \($0.text)"] } ?? [])
    }

    /// The next step for the user; nil when there is none.
    func advice(_ directory: String) -> String? {
        switch verdict {
        case .clean: nil
        case .tornTail:
            "next: nothing is lost; the next opening for writing repairs it"
        case .unsupportedVersion:
            "next: use a newer release; nothing is known to be lost"
        case .foreignLog:
            "next: take the files of the other log away, or restore a backup: cairn restore BACKUP --into NEW"
        case .notALog:
            "next: choose the directory of a store, or restore a backup: cairn restore BACKUP --into NEW"
        default:
            "next: restore a backup (cairn restore BACKUP --into NEW), or see what can be recovered: cairn salvage "
                + directory.visible
        }
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

extension StateProof {
    var json: JSONValue {
        .object([
            "holds": .bool(holds),
            "provenCheckpoints": .count(provenCount),
            "from": .unsigned(start?.lsn.rawValue ?? 0),
            "to": .unsigned(lastLSN.rawValue),
            "transactions": .unsigned(transactionCount),
            "digest": .string("\(digest)"),
            "checkpoints": .array(
                marks.map { mark in
                    .object([
                        "lsn": .unsigned(mark.lsn.rawValue),
                        "fence": .unsigned(mark.fence.lsn.rawValue),
                        "outcome": .string(mark.outcome.rawValue),
                        "expected": .string("\(mark.expected)"),
                        "found": .optional(mark.found.map { "\($0)" }),
                    ])
                }),
        ])
    }
}
