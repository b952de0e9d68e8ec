// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CairnCodec
import CairnDurable
import CairnFormat
import CairnFormats
import CairnGraph
import CairnInterpreter
import CairnSegments
import CairnSnapshot
import Foundation

/// Writes the documents of the binary formats from the declarations in the code.
@main
struct Formatgen: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "formatgen",
        abstract: "Write or check documents, descriptions and vectors of the binary formats.",
        subcommands: [
            Generate.self, CheckCommand.self, Annotate.self, Vectors.self, ServeCommand.self,
        ])

    /// Every format there is, in the order of the index.
    static let formats: [FormatDescription] = FormatCatalog.formats

    /// The generated files: path from the root of the repository, and content.
    static func documents() throws -> [String: String] {
        let formats = try FormatCatalog.resolved()
        let defects = FormatCatalog.formats.flatMap(\.layouts).flatMap(\.defects)
        let found = defects + formats.flatMap(\.defects)
        guard found.isEmpty else { throw Defects(sentences: found) }
        var files = [
            "Docs/Formats/description.md": Guide.text,
            "Docs/Formats/notation.md": Notation.text,
            "Docs/Formats/description.schema.json": Schemas.description,
            "Tests/Golden/vectors.schema.json": Schemas.vectors,
        ]
        let all = try AllOutputs(formats)
        let formulas = try FormulaVectors.file()
        files["Tests/Golden/formulas.json"] = formulas.text
        let replays = ReplayVectors.file()
        files["Tests/Golden/replay.json"] = replays.text
        let disagreements =
            all.disagreements + formulas.disagreements + replays.disagreements
        for outputs in all.outputs { files.merge(outputs.files) { first, _ in first } }
        files["Docs/Formats/README.md"] =
            ReadMe(formats: formats, figures: all.outputs.compactMap(\.figures)).text
        files["Docs/Formats/concepts.md"] = try Concepts(formats)?.text()
        let unsaid = Completeness(formats, in: files).defects
        guard unsaid.isEmpty else { throw Defects(sentences: unsaid) }
        guard disagreements.isEmpty else {
            let lines = disagreements.prefix(40).map(\.description)
            throw Defects(sentences: lines + ["\(disagreements.count) disagreements"])
        }
        return files
    }
}

/// Declarations that contradict themselves.
struct Defects: Error, CustomStringConvertible {
    let sentences: [String]
    var description: String { sentences.joined(separator: "\n") }
}

struct OutputOptions: ParsableArguments {
    @Option(help: "The root of the repository.")
    var root: String = Repository.root
}

struct Generate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write all documents, descriptions and vectors.")

    @OptionGroup var output: OutputOptions

    func run() throws {
        let root = URL(fileURLWithPath: output.root, isDirectory: true)
        let files = try Formatgen.documents()
        for (path, text) in files {
            let file = root.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        for path in try Freshness.present(in: root) where files[path] == nil {
            try FileManager.default.removeItem(at: root.appendingPathComponent(path))
        }
        print("\(files.count) files")
    }
}

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract:
            "Say which generated files are not what the code declares; fails when there are any.")

    @OptionGroup var output: OutputOptions

    func run() throws {
        let root = URL(fileURLWithPath: output.root, isDirectory: true)
        let files = try Formatgen.documents()
        let differences = try Freshness.differences(files, in: root)
        guard !differences.isEmpty else { return print("\(files.count) generated files are fresh") }
        for line in differences { print(line) }
        print("write them anew: swift run formatgen generate")
        throw ExitCode.failure
    }
}

struct Annotate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what the bytes of a file mean, up to the first error.")

    @Option(help: "The format; by default what the first bytes say.")
    var format: String?

    @ArgumentParser.Argument(help: "The file.")
    var file: String

    func run() throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
        guard let found = try FormatCatalog.resolved(format, for: bytes) else {
            throw ValidationError("\(file) does not begin like a file of Cairn; name the --format")
        }
        print(Annotation(found, bytes).text(), terminator: "")
    }
}

struct Vectors: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run all vectors through description and codecs, and print how many there are.")

    func run() throws {
        let all = try AllOutputs(try FormatCatalog.resolved())
        for disagreement in all.disagreements { print(disagreement) }
        for figures in all.outputs.compactMap(\.figures) { print(figures.line) }
        guard all.disagreements.isEmpty else { throw ExitCode.failure }
    }
}
