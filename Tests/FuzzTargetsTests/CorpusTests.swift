// SPDX-License-Identifier: Apache-2.0
//
// The inputs that the fuzzers found, run as ordinary tests: the corpus, which covers what a fuzzer has
// reached, and the regressions, each of which once broke something.

import Foundation
import Testing

struct CorpusTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Tools/Fuzzing")

    /// The inputs of a target, by name.
    private static func inputs(_ kind: String, _ target: FuzzTarget) throws -> [(String, [UInt8])] {
        let folder = folder.appendingPathComponent("\(kind)/\(target.name)")
        guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
            ($0, [UInt8](try Data(contentsOf: folder.appendingPathComponent($0))))
        }
    }

    @Test(arguments: FuzzTarget.all.map(\.name))
    func everyCommittedInputHolds(name: String) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        let corpus = try Self.inputs("Corpus", target)
        #expect(!corpus.isEmpty)
        for kind in ["Corpus", "Regressions"] {
            for (input, bytes) in try Self.inputs(kind, target) {
                try expectToHold(target, bytes, "\(kind)/\(name)/\(input)")
            }
        }
        print("fuzz corpus: \(name), \(corpus.count) inputs")
    }

    /// Targets that open whole stores.
    private static let slow: Set<String> = ["store", "copies"]

    @Test(arguments: FuzzTarget.all.map(\.name))
    func everySeedHoldsAlsoCutAndWithOneByteChanged(name: String) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        let seeds = target.seeds()
        #expect(seeds == target.seeds(), "the seeds differ from call to call")
        for (number, seed) in seeds.enumerated() {
            try expectToHold(target, seed, "seed \(number)")
            let step = seed.count / (Self.slow.contains(name) ? 10 : 50) + 1
            for place in stride(from: number % step, to: seed.count, by: step) {
                try expectToHold(target, Array(seed[..<place]), "seed \(number) cut at \(place)")
                var changed = seed
                changed[place] = ~changed[place]
                try expectToHold(target, changed, "seed \(number), byte \(place) inverted")
            }
        }
    }

    /// The folders of the corpus are those of the targets, and small.
    @Test func theCorpusIsSmallAndBelongsToTargets() throws {
        let names = Set(FuzzTarget.all.map(\.name))
        var byteCount = 0
        for kind in ["Corpus", "Regressions"] {
            let folder = Self.folder.appendingPathComponent(kind)
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
            where !name.hasPrefix(".") { #expect(names.contains(name), "\(kind)/\(name)") }
        }
        for target in FuzzTarget.all {
            byteCount += try Self.inputs("Corpus", target).reduce(0) { $0 + $1.1.count }
        }
        #expect(byteCount <= 1 << 20, "\(byteCount) bytes")
    }

    private func expectToHold(_ target: FuzzTarget, _ bytes: [UInt8], _ place: String) throws {
        do throws(BrokenInvariant) {
            try target.run(bytes.span.bytes)
        } catch {
            Issue.record("\(target.name), \(place): \(error.meaning)")
        }
    }
}
