// SPDX-License-Identifier: Apache-2.0

import CairnContainer
import CairnDurable
import CairnIO
import CairnLog
import CairnTesting
import SystemPackage
import Testing

/// A container that mirrors an encrypted store: it is copied without the keys, and opens with them at every instant.
struct MirrorTests {
    private static func environment(
        _ files: SimulatedFileSystem, seed: UInt64
    ) -> StorageEnvironment {
        .simulated(files, seed: seed)
    }

    private static func open(_ files: SimulatedFileSystem, seed: UInt64) throws -> Durable<Notes> {
        let environment = environment(files, seed: seed)
        return try Durable<Notes>.open(
            "notes", options: .encrypted(Keys.keys(seed: seed), segmentByteCount: 700),
            environment: environment, checkpoints: .manual,
            mirror: ContainerMirror(of: "notes", at: "notes.cairn", environment: environment))
    }

    private static func mirrored(_ files: SimulatedFileSystem) throws -> Int {
        var options = LogOptions.encrypted(Keys.keys(seed: 9))
        options.access = .readOnly
        return try Durable<Notes>.open(
            container: "notes.cairn", options: options, environment: environment(files, seed: 8)
        ).read(\.texts).count
    }

    @Test func aCrashAtEveryOperationLeavesAMirrorThatOpens() throws {
        func run(_ files: SimulatedFileSystem) -> (acknowledged: Int, mirrored: Int) {
            var (acknowledged, mirrored) = (0, 0)
            do {
                let notes = try Self.open(files, seed: 1)
                for step in 1...9 {
                    try notes.commit(.added("\(step)"))
                    acknowledged += 1
                    if step == 6 { try notes.checkpoint() }
                    guard step % 3 == 0 else { continue }
                    try notes.sync()
                    mirrored = acknowledged
                }
            } catch {}
            return (acknowledged, mirrored)
        }
        let complete = SimulatedFileSystem()
        #expect(run(complete) == (9, 9))
        for operation in 0..<complete.operationCount {
            let files = SimulatedFileSystem(faults: .crash(atOperation: operation))
            let (acknowledged, least) = run(files)
            for choice in [CrashChoice.onlySynced, .everythingWritten, .seeded(3)] {
                let image = files.crashImage(choice)
                let place: Comment = "operation \(operation), \(choice)"
                if least > 0 {
                    let found = try Self.mirrored(image)
                    #expect(found >= least && found <= acknowledged + 1, place)
                }
                let notes = try Self.open(image, seed: 2)
                try notes.sync()
                #expect(try Self.mirrored(image) == notes.read(\.texts).count, place)
            }
        }
    }
}
