// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The output of another program for a file: it gets the bytes on its standard input and is read from its output.
final class ProgramInput: ByteSource {
    private let program: String
    private let name: String
    private let process = Process()
    private let output: FileHandle
    private let errors: FileHandle
    private let pump: Pump
    private var hasEnded = false

    /// Starts the program.
    ///
    /// - Throws: ``CompressionError`` when it is not there.
    init(_ program: ContentKind.Program, reading file: PlainInput, name: String) throws {
        guard let url = Self.url(of: program.name) else {
            throw CompressionError.programMissing(
                input: name, format: program.format, program: program.name)
        }
        self.program = program.name
        self.name = name
        let (input, output, errors) = (Pipe(), Pipe(), Pipe())
        process.executableURL = url
        process.arguments = ContentKind.Program.arguments
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        self.output = output.fileHandleForReading
        self.errors = errors.fileHandleForReading
        pump = Pump(from: file, to: input.fileHandleForWriting)
        try process.run()
        // These ends would keep the pipes open when the child is gone.
        try? input.fileHandleForReading.close()
        try? output.fileHandleForWriting.close()
        try? errors.fileHandleForWriting.close()
        let pump = pump
        Thread { pump.run() }.start()
    }

    deinit {
        if process.isRunning {
            try? output.close()
            process.terminate()
            process.waitUntilExit()
        }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        if hasEnded || buffer.isEmpty { return 0 }
        let data = try output.read(upToCount: buffer.count) ?? Data()
        guard data.isEmpty else {
            data.copyBytes(to: buffer)
            return data.count
        }
        hasEnded = true
        let message = (try? errors.readToEnd()).flatMap { $0 } ?? Data()
        process.waitUntilExit()
        if let failure = pump.failure { throw failure }
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            let text = String(decoding: message, as: UTF8.self)
            let line = text.split(whereSeparator: \.isNewline).first.map(String.init)
            throw CompressionError.programFailed(
                input: name, program: program, message: line ?? "nothing")
        }
        return 0
    }

    /// The first program of this name on the path.
    private static func url(of program: String) -> URL? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return path.split(separator: ":").lazy
            .map { URL(fileURLWithPath: String($0)).appendingPathComponent(program) }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }

    /// Writes a file into a pipe, on a thread of its own: the program may want to write before it has read all.
    private final class Pump: @unchecked Sendable {
        // Unchecked: `file` and `pipe` belong to the thread; the error is read after the pipe was closed, which
        // the end of the program follows from.
        private let file: PlainInput
        private let pipe: FileHandle
        private let lock = NSLock()
        private var error: (any Error)?

        init(from file: PlainInput, to pipe: FileHandle) {
            self.file = file
            self.pipe = pipe
        }

        var failure: (any Error)? { lock.withLock { error } }

        func run() {
            defer { try? pipe.close() }
            var chunk = [UInt8](repeating: 0, count: 64 << 10)
            while true {
                do {
                    let count = try chunk.withUnsafeMutableBytes { try file.read(into: $0) }
                    if count == 0 { return }
                    // A program that ended early says why itself.
                    guard (try? pipe.write(contentsOf: Data(chunk[..<count]))) != nil else {
                        return
                    }
                } catch {
                    return lock.withLock { self.error = error }
                }
            }
        }
    }
}
