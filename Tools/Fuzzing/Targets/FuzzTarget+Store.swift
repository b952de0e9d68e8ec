// SPDX-License-Identifier: Apache-2.0

internal import Cairn
internal import CairnDurable
internal import CairnGraph
internal import CairnIO
internal import CairnLog
internal import CairnSegments
internal import CairnSnapshot
internal import CairnTesting
internal import CairnZlib
internal import SystemPackage

extension FuzzTarget {
    /// A directory: entries of a kind, two bytes of length, and bytes. See ``StoreImage``.
    static let store = FuzzTarget(
        name: "store",
        purpose: """
            a whole directory: reading it changes no byte, a refused opening changes none, what verify \
            calls clean opens, and what was opened once opens again as the same graph
            """
    ) { (input) throws(BrokenInvariant) in
        let files = StoreImage.files(from: input)
        try StoreCheck(files: files).run()
    } seeds: {
        StoreImage.seeds
    }
}

/// The conditions on a directory, whatever is in it.
private struct StoreCheck {
    let files: SimulatedFileSystem

    func run() throws(BrokenInvariant) {
        let found = try reading(verify)
        let seen = try reading { try open(.readOnly).view().image }
        let before = contents
        let database: GraphDatabase
        do {
            database = try open(.readWrite)
        } catch {
            try checkRefusal(error, before)
            // A log may be intact and its events contradict one another; only replay tells.
            let isUnreadable = (error as? DurableError)?.code == .doesNotFit
            try require(
                isUnreadable || found?.findings.isEmpty != true,
                "verify says clean, and opening says \(error)")
            return
        }
        let image = database.view().image
        try require(seen == nil || seen == image, "opening for reading gives another graph")
        try closed(database)
        try checkSecondOpening(image, after: found)
    }

    /// After an opening that may have repaired something.
    ///
    /// - Parameter before: What verify found then. It also decodes what a snapshot covers and opening
    ///   passes over, so some of it may still be there. Of a store that did not say its program, it may have taken
    ///   events for those of another one, which it only checks to be whole.
    private func checkSecondOpening(
        _ image: SectionImage, after before: Verification?
    ) throws(BrokenInvariant) {
        let findings = try mustSucceed("a store that was opened can be verified", verify).findings
        let known = before?.findings ?? []
        let saidItsProgram = before?.program != nil
        let new = findings.filter {
            $0.verdict == .tornTail || saidItsProgram && !known.contains($0)
        }
        try require(new.isEmpty, "after opening, verify finds \(new)")
        let database = try mustSucceed("what was opened once opens again") {
            try open(.readWrite)
        }
        try require(database.recovery.log.repair == nil, "the second opening repairs something")
        try require(database.view().image == image, "the second opening gives another graph")
        _ = try? database.write { transaction in
            try transaction.createNode(labels: ["New"], properties: ["k": "unlikely"])
        }
        let written = database.view().image
        try closed(database)
        let third = try mustSucceed("a store that was written to opens again") {
            try open(.readOnly)
        }
        try require(third.view().image == written, "what was written is read otherwise")
        try closed(third)
    }

    /// Runs `body`, which may fail, but may not change anything.
    private func reading<Result>(_ body: () throws -> Result) throws(BrokenInvariant) -> Result? {
        let before = files.contentHash
        let result: Result?
        do {
            result = try body()
        } catch {
            try checkType(error)
            result = nil
        }
        try require(files.contentHash == before, "reading changed the directory")
        return result
    }

    private func checkRefusal(
        _ error: any Error, _ before: [FilePath: [UInt8]]
    ) throws(BrokenInvariant) {
        try checkType(error)
        try require(contents == before, "an opening that was refused (\(error)) changed a file")
    }

    private func checkType(_ error: any Error) throws(BrokenInvariant) {
        let isTyped = error is LogError || error is SnapshotError || error is DurableError
        try require(isTyped, "an error of the type \(type(of: error)): \(error)")
    }

    /// All files but the lock, which says who has the directory open.
    private var contents: [FilePath: [UInt8]] {
        var contents: [FilePath: [UInt8]] = [:]
        for path in files.filePaths where path != "/store/LOCK" {
            contents[path] = files.contents(path)
        }
        return contents
    }

    private var options: LogOptions {
        var options = LogOptions()
        options.decompressors = [ZlibBatchCompressor()]
        return options
    }

    private func verify() throws -> Verification {
        try StoreVerifier.verify("/store", options: options, environment: .simulated(files))
    }

    private func open(_ access: FileAccess) throws -> GraphDatabase {
        var options = options
        options.access = access
        return try GraphDatabase.open(
            "/store" as FilePath, options: options, environment: .simulated(files))
    }

    private func closed(_ database: GraphDatabase) throws(BrokenInvariant) {
        try mustSucceed("a store that was opened can be closed") { try database.close() }
    }
}
