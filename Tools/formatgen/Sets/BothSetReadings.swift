// SPDX-License-Identifier: Apache-2.0
//
// Reads sets of files with the interpreter and with the shipped code, at once.

import CairnFormats
import CairnInterpreter

/// The description of a set, and those of its files.
struct SetFormat: Sendable {
    let format: ResolvedFormat
    let formats: [ResolvedFormat]

    func read(
        _ files: [SetFile], _ mode: ReadingMode, _ readings: FileReadings,
        disabled: Set<String> = []
    ) -> SetOutcome {
        SetReader(format, formats, files, mode, disabled: disabled, readings: readings).outcome()
    }

    /// What comes of some of the sets that a part of a sweep stands for.
    func read(_ part: SetSweep.Part, _ indices: Range<Int>) -> [BothSetReadings] {
        // All of them have most of their files in common.
        let common = FileReadings()
        for mode in part.base.modes {
            _ = read(part.base.files, mode, common)
        }
        var store: ProductionStore?
        return indices.map { index in
            let files = part.files(index, repaired)
            if let file = part.file, let bytes = files[file].bytes, let store {
                store.replace(files[file].path, bytes)
            } else {
                store = try? ProductionStore(files)
            }
            return BothSetReadings(self, files, part.base.modes, FileReadings(common), store)
        }
    }

    /// The bytes of a file with all checksums right, as far as its own format can be read.
    private func repaired(_ file: SetFile) -> [UInt8] {
        let name = format.formatName(of: file.path)
        let own = formats.first { $0.name == name }
        return own?.repaired(file.bytes ?? []) ?? file.bytes ?? []
    }
}

/// What the interpreter makes of a set of files, and where the shipped code says otherwise.
struct BothSetReadings: Sendable {
    private(set) var outcomes: [ReadingMode: SetOutcome] = [:]
    private(set) var sentences: [String] = []

    init(
        _ set: SetFormat, _ files: [SetFile], _ modes: [ReadingMode],
        _ readings: FileReadings, _ store: ProductionStore?
    ) {
        for mode in modes { outcomes[mode] = set.read(files, mode, readings) }
        guard let shipped = try? store?.outcomes(modes) else {
            sentences = ["the code cannot read it"]
            return
        }
        for mode in modes {
            guard let own = outcomes[mode], let other = shipped.outcomes[mode],
                !own.isToldBy(other, mode)
            else { continue }
            sentences.append(
                "\(mode.rawValue): the description says \(own.line), the code says \(other.line)")
        }
        if let own = outcomes[.recover], let value = shipped.value, value != own.value.json {
            sentences.append(
                "the codec's value is \(value.text), the description's \(own.value.json.text)")
        }
    }
}

extension SetOutcome {
    /// Whether the shipped code says the same, as far as it says anything.
    fileprivate func isToldBy(_ other: SetOutcome, _ mode: ReadingMode) -> Bool {
        outcome.error?.name == other.outcome.error?.name
            && (other.outcome.at == nil || outcome.at == other.outcome.at)
            && (other.file == nil || file == other.file)
            && outcome.delivered == other.outcome.delivered
            && (mode != .recover || outcome.truncateTo == other.outcome.truncateTo)
    }

    var line: String { "\(outcome.line) in \(file ?? "?")" }

    func json(_ cap: Int? = nil, cut: Int? = nil) -> JSON {
        guard case .object(var members) = outcome.json(cap, cut: cut) else { return .null }
        if let file { members.append(.init(name: "file", value: .string(file))) }
        return .object(members)
    }
}
