// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Lists as archives have them: compressed.
struct CompressedInputTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// The programs of this machine that compress.
    static let programs = ["gzip", "xz", "zstd", "bzip2", "lz4"].compactMap { name in
        ["/usr/bin/", "/bin/", "/opt/homebrew/bin/"].map { $0 + name }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Compresses a list. Returns the path of the result.
    private func compressed(by program: String, _ list: String = Fixture.path) throws -> String {
        let path = scratch["list.compressed"]
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["-c", list]
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return path
    }

    @Test(arguments: programs)
    func everyCompressionIsRead(program: String) throws {
        let path = try compressed(by: program)
        let summary = try Tool.json("import", "dpkg", path, "--into", scratch["db"], "--json")
        #expect(summary["stanzas"] as? Int == 331)
        #expect(summary["nodes"] as? Int == 1627)
    }

    @Test func standardInputToo() throws {
        for program in Self.programs.prefix(2) {
            let path = try compressed(by: program)
            let process = Process()
            process.executableURL = Tool.url
            process.arguments = [
                "import", "dpkg", "-", "--into", scratch[program.replacing("/", with: "")],
                "--json",
            ]
            process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            let output = Pipe()
            process.standardOutput = output
            try process.run()
            let text = try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            let summary = try jsonObject(String(decoding: text, as: UTF8.self))
            #expect(summary["stanzas"] as? Int == 331)
        }
    }

    /// gzip takes several streams for one, and ignores zeros behind them.
    @Test(.enabled(if: programs.contains { $0.hasSuffix("/gzip") }))
    func severalStreamsOfGzipAreOne() throws {
        let gzip = try #require(Self.programs.first { $0.hasSuffix("/gzip") })
        let bytes = try Data(contentsOf: URL(fileURLWithPath: compressed(by: gzip)))
        let url = URL(fileURLWithPath: scratch["twice.gz"])
        try (bytes + bytes + Data(count: 100)).write(to: url)
        let summary = try Tool.json("import", "dpkg", url.path, "--into", scratch["db"], "--json")
        #expect(summary["stanzas"] as? Int == 662)
    }

    @Test(arguments: programs)
    func damagedAndTruncatedInputIsRefused(program: String) throws {
        let path = try compressed(by: program)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        var damaged = bytes
        for index in stride(from: bytes.count / 2, to: bytes.count / 2 + 64, by: 1) {
            damaged[index] ^= 0x55
        }
        for (index, content) in [damaged, bytes.prefix(bytes.count / 2), bytes.prefix(20)]
            .enumerated()
        {
            try Data(content).write(to: URL(fileURLWithPath: path))
            let outcome = try Tool.run(["import", "dpkg", path, "--into", scratch["db\(index)"]])
            #expect(outcome.status == 1, "\(index): \(outcome.errors)")
            #expect(outcome.errors.hasPrefix("cairn: "), "\(index): \(outcome.errors)")
            #expect(outcome.errors.count { $0 == "\n" } == 1, "\(index): \(outcome.errors)")
        }
    }

    /// A malformed stanza ends the import, and the program with it.
    @Test(arguments: programs)
    func aMalformedStanzaEndsTheProgramToo(program: String) throws {
        let text = "Package: a\n\nno colon\n\n" + Fixture.stanzas.joined()
        let path = try compressed(by: program, scratch.write(text, to: "list"))
        let sentence = try Tool.failure("import", "dpkg", path, "--into", scratch["db"])
        #expect(sentence.contains("line 3: a field name must be followed by a colon"))
    }

    @Test func aMissingProgramIsNamedAndNothingIsMade() throws {
        let magics: [(String, [UInt8])] = [
            ("xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]), ("zstd", [0x28, 0xb5, 0x2f, 0xfd]),
            ("bzip2", [0x42, 0x5a, 0x68, 0x39]), ("lz4", [0x04, 0x22, 0x4d, 0x18]),
        ]
        for (format, magic) in magics {
            let path = scratch["list." + format]
            try Data(magic + [0, 1, 2]).write(to: URL(fileURLWithPath: path))
            for command in ["dpkg", "jsonl"] {
                let process = Process()
                process.executableURL = Tool.url
                process.arguments = ["import", command, path, "--into", scratch["db"]]
                process.environment = ["PATH": scratch.path]
                let errors = Pipe()
                process.standardError = errors
                try process.run()
                let text = try errors.fileHandleForReading.readToEnd() ?? Data()
                process.waitUntilExit()
                #expect(process.terminationStatus == 1)
                #expect(
                    String(decoding: text, as: UTF8.self).contains(
                        "is compressed with \(format), and there is no program \(format) here"))
            }
        }
        #expect(!FileManager.default.fileExists(atPath: scratch["db"]))
    }

    @Test func whatIsNoTextIsNamed() throws {
        for (bytes, format): ([UInt8], String) in [
            ([0x50, 0x4b, 0x03, 0x04, 0], "a zip archive"), ([0xff, 0xfe, 0x50, 0], "UTF-16"),
            ([0xfe, 0xff, 0, 0x50], "UTF-16"),
        ] {
            let path = scratch["list"]
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            for command in ["dpkg", "jsonl"] {
                let sentence = try Tool.failure("import", command, path, "--into", scratch["db"])
                #expect(sentence.contains(format))
            }
        }
    }
}
