// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnIO
import CairnTesting
import SystemPackage

/// Where experiments take place: an honest one, or one with an old bug in it.
struct Laboratory: Sendable {
    var bug: Bug?

    static let storePath: FilePath = "/store"
    static let mirrorPath: FilePath = "/mirror"
    /// Files of others in the directories of a store, which must not be touched.
    static let foreignFiles: [FilePath] = [
        "/store/notes.txt", "/store/log/README", "/store/log/0000000001-1.wal",
        "/store/snapshots/old.snap", "/store/snapshots/keep.me", "/store/quarantine/evidence",
    ]

    /// The environment of a program that works on `files`.
    func environment(
        _ files: SimulatedFileSystem, seed: UInt64, monitor: OrderingMonitor? = nil,
        clock: TestClock = TestClock()
    ) -> StorageEnvironment {
        var fileSystem: any VirtualFileSystem = files
        if let monitor { fileSystem = InterceptedFileSystem(fileSystem, monitor) }
        if let lie = bug?.lie { fileSystem = InterceptedFileSystem(fileSystem, Liar(lie)) }
        return StorageEnvironment(
            fileSystem: fileSystem, clock: clock, randomness: SeededRandomness(seed: seed),
            backgroundWork: .inline)
    }

    /// Opens the store.
    func open(
        _ files: SimulatedFileSystem, _ configuration: Configuration, seed: UInt64 = 1,
        access: FileAccess = .readWrite, monitor: OrderingMonitor? = nil,
        mirror: (any WalMirror)? = nil, clock: TestClock = TestClock()
    ) throws -> Durable<Ledger> {
        var options = configuration.options
        options.access = access
        options.encryption = configuration.keys(seed: seed)
        return try Durable<Ledger>.open(
            Self.storePath, options: options,
            environment: environment(files, seed: seed, monitor: monitor, clock: clock),
            mirror: mirror)
    }

    /// What workloads of a configuration start with.
    func start(_ configuration: Configuration) throws -> (SimulatedFileSystem, Journal) {
        let files = SimulatedFileSystem()
        let session = Session(files, configuration, Laboratory(), Journal())
        if configuration.isTorn {
            for step in [Step.append, .append] { try session.perform(step) }
            return try tear(session)
        }
        guard configuration.isPopulated else { return (files, Journal()) }
        let steps: [Step] = [
            .append, .batch, .rotate, .checkpoint, .append, .rotate, .rotate, .batch, .checkpoint,
            .append, .rotate, .append, .mirror,
        ]
        for step in steps { try session.perform(step) }
        let (torn, journal) = try tear(session)
        let last = Session(torn, configuration, Laboratory(), journal, seed: 2)
        try last.perform(.mirror)
        guard torn.otherFiles.contains(where: { $0.string.contains("/quarantine/") }) else {
            throw Complaint("nothing came into quarantine")
        }
        try last.perform(.close)
        let image = torn.crashImage(.everythingWritten)
        image.makeDirectory("/store/quarantine")
        for path in Self.foreignFiles { image.setContents(path, Array("\(path)".utf8)) }
        return (image, last.journal)
    }

    /// Commits once more and stops the machine in the middle of that write.
    private func tear(_ session: Session) throws -> (SimulatedFileSystem, Journal) {
        nonisolated(unsafe) var torn: (CrashPoint, Journal)?
        nonisolated(unsafe) let observed = session
        session.files.observeCrashPoints { point in
            if torn == nil, !point.cuts(every: 1).isEmpty { torn = (point, observed.journal) }
        }
        try session.perform(.batch)
        try session.perform(.sync)
        session.files.observeCrashPoints(nil)
        guard let (point, journal) = torn, let cut = point.cuts(every: 150).last else {
            throw Complaint("no write to cut short")
        }
        return (point.image(cut), journal)
    }
}
