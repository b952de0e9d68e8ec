// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CairnCodec
import CairnDurable
import CairnFormat
import CairnGraph
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
    static let formats: [FormatDescription] = [
        SegmentLayout.format, BatchFormat.format, CodedValueFormat.format, MutationEvent.format,
        SnapshotFormat.format, GraphStore.format,
    ]

    /// The generated files: name and content.
    static func documents() throws -> [String: String] {
        let defects = formats.flatMap(\.layouts).flatMap(\.defects)
        guard defects.isEmpty else { throw Defects(sentences: defects) }
        var files = ["README.md": FormatDocument.index(of: formats)]
        for format in formats { files["\(format.name).md"] = FormatDocument(format).text }
        return files
    }
}

/// Declarations that contradict themselves.
struct Defects: Error, CustomStringConvertible {
    let sentences: [String]
    var description: String { sentences.joined(separator: "\n") }
}

struct OutputOptions: ParsableArguments {
    @Option(help: "The folder of the documents.")
    var directory = "Docs/Formats"
}

struct Generate: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Write all documents.")

    @OptionGroup var output: OutputOptions

    func run() throws {
        let folder = URL(fileURLWithPath: output.directory, isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let documents = try Formatgen.documents()
        for (name, text) in documents {
            try Data(text.utf8).write(to: folder.appendingPathComponent(name))
        }
        for name in try Freshness.present(in: folder) where documents[name] == nil {
            try FileManager.default.removeItem(at: folder.appendingPathComponent(name))
        }
        print("\(documents.count) documents in \(output.directory)")
    }
}

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say which documents are not what the code declares; fails when there are any.")

    @OptionGroup var output: OutputOptions

    func run() throws {
        let folder = URL(fileURLWithPath: output.directory, isDirectory: true)
        let differences = try Freshness.differences(Formatgen.documents(), in: folder)
        guard !differences.isEmpty else { return print("\(output.directory) is fresh") }
        for line in differences { print(line) }
        print("write them anew: swift run formatgen generate")
        throw ExitCode.failure
    }
}
