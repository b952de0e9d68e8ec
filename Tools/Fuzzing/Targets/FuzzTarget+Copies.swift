// SPDX-License-Identifier: Apache-2.0

internal import CairnDurable
internal import CairnIO
internal import CairnLog
internal import CairnTesting
internal import SystemPackage

extension FuzzTarget {
    /// A file of a backup or of an archive, by its place in the order of the names; a switch (bit 0: make the checksums of
    /// a snapshot right); its bytes.
    static let copies = FuzzTarget(
        name: "copies",
        purpose: """
            a backup and an archive with one file changed: what verify calls whole is restored as it was, and \
            reading changes nothing
            """
    ) { (input) throws(BrokenInvariant) in
        var input = FuzzInput(input)
        let place = Int(input.byte()) % Copies.files.count
        let repairs = input.byte().has(0)
        var bytes = input.remainder()
        if repairs { Repair.snapshot(&bytes) }
        try Copies.check(Copies.files[place].path, bytes, isForged: repairs)
    } seeds: {
        Copies.files.enumerated().flatMap { number, file in
            [[UInt8(number), 0] + file.bytes, [UInt8(number), 1] + file.bytes]
        }.filter { $0.count <= FuzzTarget.inputByteCountMax }
    }
}

/// A backup and an archive of one small store.
private enum Copies {
    private struct Tally: DurableState, Codable {
        var sum = 0

        enum Event: DurableEvent, Codable {
            case added(Int)
        }

        mutating func apply(_ event: Event) {
            if case .added(let number) = event { sum += number }
        }
    }

    private static let places: [FilePath] = ["/backups", "/archive"]

    /// A disk with both, their files, and the state in each.
    private static let made:
        (disk: SimulatedFileSystem, files: [(path: FilePath, bytes: [UInt8])], sums: [Int]) = {
            let files = SimulatedFileSystem()
            do {
                var options = LogOptions()
                options.segmentByteCount = 400
                var checkpoints = CheckpointOptions.manual
                checkpoints.archive = archive(files)
                let tally = try Durable<Tally>.open(
                    "/store" as FilePath, options: options, environment: .simulated(files),
                    checkpoints: checkpoints)
                for number in 1...24 {
                    try tally.commit(.added(number))
                    if number % 8 == 0 { try tally.checkpoint() }
                }
                _ = try tally.backup(to: places[0])
                try tally.close()
                let all = places.flatMap { files.filePaths(startingWith: "\($0)/") }.compactMap {
                    path in files.contents(path).map { (path, $0) }
                }
                let sums = try places.enumerated().map {
                    try sum(files, $1, into: FilePath("/whole\($0)"))
                }
                return (files, all, sums)
            } catch {
                preconditionFailure("an empty disk takes a store: \(error)")
            }
        }()

    static var files: [(path: FilePath, bytes: [UInt8])] { made.files }

    private static func archive(_ files: SimulatedFileSystem) -> DirectoryArchive {
        DirectoryArchive(places[1], environment: .simulated(files))
    }

    private static func sum(
        _ files: SimulatedFileSystem, _ place: FilePath, into path: FilePath
    ) throws -> Int {
        let environment = StorageEnvironment.simulated(files, seed: 3)
        _ = try Durable<Tally>.restore(
            from: place, to: .latest, into: path, environment: environment)
        return try Durable<Tally>.open(path, environment: environment).read(\.sum)
    }

    /// - Parameter isForged: Whether checksums were made right: then another state may be read.
    static func check(
        _ path: FilePath, _ bytes: [UInt8], isForged: Bool
    ) throws(BrokenInvariant) {
        let files = made.disk.crashImage(.everythingWritten)
        files.setContents(path, bytes)
        for (place, expected) in zip(places, made.sums) {
            let before = files.contentHash(of: place)
            let isWhole = isWhole(place, files)
            let found: Int?
            do { found = try sum(files, place, into: FilePath("\(place).new")) } catch {
                try require(error is DurableError, "an error of the type \(type(of: error))")
                try require(!isWhole || isForged, "\(place) is whole, and restoring says \(error)")
                found = nil
            }
            if let found, !isForged, isWhole {
                try require(found == expected, "\(place): \(found) instead of \(expected)")
            }
            try require(files.contentHash(of: place) == before, "reading changed \(place)")
        }
    }

    /// Whether nothing is found in it.
    private static func isWhole(
        _ place: FilePath, _ files: SimulatedFileSystem
    ) -> Bool {
        do throws(DurableError) {
            guard place == places[0] else {
                return try StoreArchive.verify(archive(files), environment: .simulated(files))
                    .isEmpty
            }
            return try StoreBackup.verify(place, environment: .simulated(files)).isEmpty
        } catch {
            return false
        }
    }
}
