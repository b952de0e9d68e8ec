// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The built program, run as a child process.
enum Tool {
    /// How a run ended.
    struct Outcome {
        /// The exit status, or the signal that ended it.
        let status: Int32
        let wasKilled: Bool
        let output: String
        let errors: String

        var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    /// Where the program is: next to the bundle of the tests.
    static let url: URL = {
        // A child that ends early must not take the tests with it.
        signal(SIGPIPE, SIG_IGN)
        for argument in CommandLine.arguments where argument.contains(".xctest") {
            var url = URL(fileURLWithPath: argument)
            while url.path != "/" {
                if url.pathExtension == "xctest" {
                    return url.deletingLastPathComponent().appendingPathComponent("cairn")
                }
                url.deleteLastPathComponent()
            }
        }
        return URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("cairn")
    }()

    /// Runs the program to its end.
    ///
    /// - Parameter input: What stands on its standard input.
    static func run(_ arguments: [String], input: String? = nil) throws -> Outcome {
        let run = try ToolRun(arguments)
        if let input { run.write(input) }
        run.closeInput()
        return run.waitForEnd()
    }

    /// Runs the program, which must succeed, and returns its output.
    static func output(_ arguments: String..., input: String? = nil) throws -> String {
        let outcome = try run(arguments, input: input)
        try #require(outcome.status == 0, "\(arguments): \(outcome.errors)")
        #expect(outcome.errors == "")
        return outcome.output
    }

    /// Runs the program, which must succeed, and returns the JSON object it prints last.
    static func json(_ arguments: String..., input: String? = nil) throws -> [String: Any] {
        let outcome = try run(arguments, input: input)
        try #require(outcome.status == 0, "\(arguments): \(outcome.errors)")
        return try jsonObject(outcome.lines.last ?? "")
    }

    /// Runs the program, which must fail with exit status 1 and one sentence, which is returned.
    static func failure(_ arguments: String..., input: String? = nil) throws -> String {
        try failure(arguments, input: input)
    }

    /// Runs the program, which must fail; see the other function.
    static func failure(_ arguments: [String], input: String? = nil) throws -> String {
        let outcome = try run(arguments, input: input)
        #expect(outcome.status == 1, "\(arguments): \(outcome.errors)")
        #expect(!outcome.wasKilled)
        #expect(outcome.output == "")
        #expect(outcome.errors.hasPrefix("cairn: "))
        #expect(outcome.errors.count { $0 == "\n" } == 1)
        return outcome.errors
    }
}

/// A run of the program that is under way.
final class ToolRun {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let errors: URL
    private var gathered = Data()

    init(_ arguments: [String]) throws {
        errors = FileManager.default.temporaryDirectory
            .appendingPathComponent("cairn-errors-\(UUID().uuidString)")
        try Data().write(to: errors)
        process.executableURL = Tool.url
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        // This end would keep the pipe open when the child is gone.
        try? output.fileHandleForWriting.close()
    }

    deinit { try? FileManager.default.removeItem(at: errors) }

    var processID: Int32 { process.processIdentifier }

    func write(_ text: String) {
        try? input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
    }

    func closeInput() { try? input.fileHandleForWriting.close() }

    /// The output is not read any more.
    func closeOutput() { try? output.fileHandleForReading.close() }

    func kill() { Foundation.kill(process.processIdentifier, SIGKILL) }

    /// Waits until that many lines came, or the output ended.
    func waitForLines(_ count: Int) {
        while gathered.count(where: { $0 == 0x0a }) < count {
            let part = output.fileHandleForReading.availableData
            if part.isEmpty { return }
            gathered += part
        }
    }

    /// Reads the rest of the output and waits for the end.
    func waitForEnd() -> Tool.Outcome {
        gathered += (try? output.fileHandleForReading.readToEnd()) ?? Data()
        process.waitUntilExit()
        let errorText = (try? String(contentsOf: errors, encoding: .utf8)) ?? ""
        return Tool.Outcome(
            status: process.terminationStatus,
            wasKilled: process.terminationReason == .uncaughtSignal,
            output: String(decoding: gathered, as: UTF8.self), errors: errorText)
    }
}

/// The JSON object in a text.
func jsonObject(_ text: String) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
    return try #require(object as? [String: Any])
}
