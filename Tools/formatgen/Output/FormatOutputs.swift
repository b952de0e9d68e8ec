// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnFormats
import CairnInterpreter

/// All that is generated for one format.
struct FormatOutputs {
    private(set) var files: [String: String] = [:]
    var figures: FormatFigures?
    /// Checks whose absence no vector of this format notices.
    private(set) var unnoticed: [String] = []
    private(set) var disagreements: [Disagreement] = []

    /// - Parameter formats: All there are, for a set of files.
    init(
        _ format: ResolvedFormat, among formats: [ResolvedFormat] = [], inherited: [String] = []
    ) throws {
        let description = format.json.text
        files["Docs/Formats/\(format.name).json"] = description
        for layout in format.description.layouts {
            files["Docs/Formats/images/\(format.name)-\(layout.name).svg"] =
                LayoutDiagram(layout).text
        }
        if let picture = FilePicture.of(format.description) {
            files["Docs/Formats/images/\(format.name)-file.svg"] = picture.text
        }
        if format.isSet {
            try addSet(format, formats, description)
            return
        }
        let set = try VectorCatalog.set(format)
        if let set {
            let vectors = VectorFile(format, set)
            let adequacy = Adequacy(format, set, inherited: inherited)
            let maps = vectors.maps
            disagreements += vectors.disagreements
            unnoticed = adequacy.unnoticed
            for map in maps where map.undetected > 0 || map.tornCommitted > 0 {
                disagreements.append(
                    Disagreement(
                        place: "\(format.name)/\(map.example)",
                        sentence: "\(map.undetected) flipped bits are not noticed, "
                            + "\(map.tornCommitted) look like a torn write"))
            }
            figures = FormatFigures(
                format: format.name, cases: set.cases.count, sweeps: vectors.sweeps.count,
                derived: vectors.derivedCount, checks: adequacy.all.count - inherited.count,
                noticed: adequacy.all.count - inherited.count
                    - adequacy.unnoticed.filter { !inherited.contains($0) }.count, maps: maps,
                written: vectors.writtenCount, valid: set.cases.count { $0.expected == nil })
            files["Tests/Golden/vectors/\(format.name).json"] =
                vectors.json(descriptionSHA256: SHA256.digest(Array(description.utf8))).text
        }
        files["Docs/Formats/\(format.name).md"] =
            FormatDocument(format, among: formats, set: set, figures: figures).text
    }

    private mutating func addSet(
        _ format: ResolvedFormat, _ formats: [ResolvedFormat], _ description: String
    ) throws {
        let store = try StoreVectors(formats: formats)
        let cases = try store.cases()
        let vectors = SetVectorFile(format, formats, cases, try store.sweeps())
        let (all, unnoticed) = vectors.adequacy()
        disagreements += vectors.disagreements
        self.unnoticed = unnoticed
        figures = FormatFigures(
            format: format.name, cases: cases.count, sweeps: vectors.sweeps.count,
            derived: vectors.derivedCount, checks: all.count,
            noticed: all.count - unnoticed.count, maps: [])
        files["Tests/Golden/vectors/\(format.name).json"] =
            vectors.json(descriptionSHA256: SHA256.digest(Array(description.utf8))).text
        files["Docs/Formats/\(format.name).md"] =
            FormatDocument(format, among: formats, set: nil, figures: figures).text
    }
}

/// The outputs of all formats.
struct AllOutputs {
    let outputs: [FormatOutputs]
    private(set) var disagreements: [Disagreement] = []

    /// A check that the vectors of its own format cannot reach may be noticed by those of a format that
    /// uses it.
    init(_ formats: [ResolvedFormat]) throws {
        var outputs: [FormatOutputs] = []
        var missing: [String: [String]] = [:]
        for format in formats {
            let inherited = format.reading.uses.flatMap { missing[$0] ?? [] }
            let own = try FormatOutputs(format, among: formats, inherited: inherited)
            disagreements += own.disagreements
            for used in format.reading.uses {
                missing[used]?.removeAll { !own.unnoticed.contains($0) }
            }
            missing[format.name] = own.unnoticed.filter { !inherited.contains($0) }
            outputs.append(own)
        }
        let changes = try ChangeAdequacy(formats)
        disagreements += changes.disagreements
        for (index, format) in formats.enumerated() {
            let count = changes.counts[format.name] ?? 0
            outputs[index].figures?.changes = count
            outputs[index].figures?.changesNoticed =
                count - (changes.unnoticed[format.name]?.count ?? 0)
            let left = missing[format.name] ?? []
            disagreements += left.map {
                Disagreement(place: format.name, sentence: "no vector notices when \($0) is off")
            }
            if let figures = outputs[index].figures {
                outputs[index].figures?.noticed = figures.checks - left.count
            }
        }
        self.outputs = outputs
    }
}

/// What the tool counted.
struct FormatFigures {
    let format: String
    let cases: Int
    let sweeps: Int
    let derived: Int
    let checks: Int
    var noticed: Int
    let maps: [IntegrityMap]
    /// Conditions, extents, attributes, arguments and file names that were switched off or changed.
    var changes = 0
    /// Those that some vector notices.
    var changesNoticed = 0
    /// Valid inputs that are written again from their values.
    var written = 0
    /// Valid inputs.
    var valid = 0

    /// One line for the terminal.
    var line: String {
        let bits = maps.reduce(0) { $0 + $1.bitCount }
        let undetected = maps.reduce(0) { $0 + $1.undetected }
        let torn = maps.reduce(0) { $0 + $1.tornCommitted }
        return "\(format): \(cases) cases, \(sweeps) sweeps of \(derived) inputs; "
            + "\(noticed) of \(checks) checks noticed when off, \(changesNoticed) of \(changes) changes; \(written) written "
            + "again; of \(bits) flipped bits \(undetected) undetected, \(torn) torn"
    }
}
