// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Cairn
internal import CairnDurable
internal import CairnIO
internal import CairnLog
internal import CairnZlib
internal import SystemPackage

/// The directory or container that a command works on.
struct StoreArguments: ParsableArguments {
    @Argument(help: "The directory of the database, or its container.", completion: .file())
    var directory: String

    @OptionGroup var keys: KeyArguments

    /// How the command opens the store.
    func options(_ access: FileAccess) throws -> GraphDatabase.Options {
        try Self.options(access, keys)
    }

    /// Whether the store is a graph: what any other state means is known to its program alone.
    func isGraph() throws -> Bool {
        try StoreContents.of(
            FilePath(directory), options: options(.readOnly), environment: .ofTool()
        ).isGraph
    }

    /// Opens the database to read it. Nothing is written, and nothing created.
    func openForReading() throws -> GraphDatabase {
        let environment = StorageEnvironment.ofTool()
        return try OpeningBar.showing(options(.readOnly), clock: environment.clock) {
            try .open(FilePath(directory), options: $0, environment: environment)
        }
    }

    /// Opens the database to write to it; it must exist.
    func openForWriting(
        checkpoints: CheckpointOptions = CheckpointOptions()
    ) throws -> GraphDatabase {
        try Self.openForWriting(directory, keys, checkpoints: checkpoints)
    }

    /// Opens a database to write to it, and says on the standard error what opening had to repair.
    static func openForWriting(
        _ directory: String, _ keys: KeyArguments, createIfMissing: Bool = false,
        checkpoints: CheckpointOptions = CheckpointOptions()
    ) throws -> GraphDatabase {
        let environment = StorageEnvironment.ofTool(creating: createIfMissing ? directory : nil)
        let database = try OpeningBar.showing(
            options(.readWrite, keys, createIfMissing: createIfMissing), clock: environment.clock
        ) {
            try GraphDatabase.open(
                FilePath(directory), options: $0, environment: environment, checkpoints: checkpoints
            )
        }
        for sentence in database.recovery.repairs { printDiagnostic("cairn: \(sentence)") }
        return database
    }

    /// How the tool opens every database: batches are compressed, and can be read either way.
    static func options(
        _ access: FileAccess, _ keys: KeyArguments, createIfMissing: Bool = false
    ) throws -> GraphDatabase.Options {
        var options = GraphDatabase.Options()
        options.access = access
        options.createIfMissing = createIfMissing
        options.compressor = ZlibBatchCompressor()
        options.encryption = try keys.cipher()
        return options
    }
}

/// How a command reports.
struct ReportArguments: ParsableArguments {
    @Flag(name: .long, help: "Print the result as JSON, on one line.")
    var json = false

    /// Prints the result either way.
    func print(json value: @autoclosure () -> JSONValue, _ table: @autoclosure () -> TextTable)
        throws
    {
        try json ? StandardOutput.print(value()) : StandardOutput.print(table().lines)
    }
}

extension GraphDatabase {
    /// Lets `body` work with the database, and closes it whatever happens.
    func closing<Result>(after body: (GraphDatabase) throws -> Result) throws -> Result {
        let result: Result
        do {
            result = try body(self)
        } catch {
            // The first error is the one to tell.
            try? close()
            throw error
        }
        try close()
        return result
    }
}
