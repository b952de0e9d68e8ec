// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CairnCodec
import CairnDurable
import CairnFormat
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
        abstract: "Write or check the documents of the binary formats.",
        subcommands: [Generate.self, Check.self])

    /// Every format there is, in the order of the index.
    static let formats: [FormatDescription] = FormatCatalog.formats

    /// The generated files: path from the root of the repository, and content.
    static func documents() throws -> [String: String] {
        let defects = formats.flatMap(\.layouts).flatMap(\.defects)
        guard defects.isEmpty else { throw Defects(sentences: defects) }
        var files = [
            "Docs/Formats/README.md": FormatDocument.index(of: formats),
            "Docs/Formats/description.md": Guide.text,
            "Docs/Formats/description.schema.json": Schemas.description,
            "Tests/Golden/vectors.schema.json": Schemas.vectors,
        ]
        for format in formats {
            files["Docs/Formats/\(format.name).md"] = FormatDocument(format).text
        }
        var disagreements: [Disagreement] = []
        for format in try FormatCatalog.resolved() {
            let description = format.json.text
            files["Docs/Formats/\(format.name).json"] = description
            guard let set = VectorCatalog.set(format) else { continue }
            let vectors = VectorFile(format, set)
            disagreements += vectors.disagreements
            files["Tests/Golden/vectors/\(format.name).json"] =
                vectors.json(descriptionSHA256: SHA256.digest(Array(description.utf8))).text
        }
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

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say which generated files are not what the code declares; fails when there are any.")

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
