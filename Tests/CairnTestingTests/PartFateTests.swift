// SPDX-License-Identifier: Apache-2.0

import CairnIO
import CairnTesting
import SystemPackage
import Testing

struct PartFateTests {
    /// A durable file of sevens that is being overwritten by ones, and extended.
    private func overwriting() throws -> SimulatedFileSystem {
        let (files, directory) = try makeFileSystem()
        let file = try directory.createFile("a")
        try file.write(repeated(7, 600), at: 0)
        try file.sync()
        try directory.sync()
        try file.write(repeated(1, 700), at: 0)
        return files
    }

    private func content(_ fates: [PartFate]) throws -> [UInt8]? {
        try overwriting().crashImage(.fates(PartFates(fates))).contents("/d/a")
    }

    @Test func eachPartHasItsFate() throws {
        let old = repeated(7, 600)
        #expect(try content([]) == old)
        #expect(try content([.whole, .whole, .whole]) == repeated(1, 700))
        #expect(try content([.zero, .absent]) == repeated(0, 512) + repeated(7, 88))
        #expect(try content([.absent, .absent, .whole]) == old + repeated(0, 100))
        let garbage = try #require(try content([.garbage]))
        #expect(garbage.count == 600 && garbage != old && garbage[512...] == old[512...])
    }

    @Test func aCutWriteEndsThere() throws {
        #expect(try content([.torn, .whole]) == repeated(1, 256) + repeated(7, 344))
    }

    /// Over old bytes, across the end of the file, and where a file only grows: what was written shows, and no
    /// more.
    @Test func aWriteIsCutAtEveryByte() throws {
        let files = try overwriting()
        let cuts = files.crashPoint.cuts(every: 1)
        #expect(cuts.count == 699)
        for (index, cut) in cuts.enumerated() {
            let written = repeated(1, index + 1)
            let expected = written + repeated(7, 600).dropFirst(written.count)
            #expect(files.crashImage(cut).contents("/d/a") == expected, "\(cut)")
        }
        let (growing, directory) = try makeFileSystem()
        let file = try directory.createFile("a")
        try directory.sync()
        try file.write(repeated(1, 40), at: 0)
        try file.write(repeated(2, 40), at: 40)
        // A later change of the size is none of the write's.
        try file.truncate(to: 100)
        for (index, cut) in growing.crashPoint.cuts(every: 1).enumerated() {
            #expect(
                growing.crashImage(cut).contents("/d/a")
                    == repeated(1, 40) + repeated(2, index + 1), "\(cut)")
        }
    }

    @Test func bytesThatStayTheSameAreNotHarmed() throws {
        let (files, directory) = try makeFileSystem()
        let file = try directory.createFile("a")
        try file.writeDurably(repeated(7, 100), at: 0)
        try directory.sync()
        try file.write(repeated(7, 100), at: 0)
        for fate in PartFate.allCases {
            let image = files.crashImage(.fates(PartFates([fate])))
            #expect(image.contents("/d/a") == repeated(7, 100), "\(fate)")
        }
    }

    @Test func staleBytesComeFromAnotherFile() throws {
        let (files, directory) = try makeFileSystem()
        try directory.createFile("old").writeDurably(repeated(9, 50), at: 0)
        try directory.remove("old")
        try directory.createFile("a").write(repeated(1, 50), at: 0)
        try directory.sync()
        let image = files.crashImage(.fates(PartFates([.stale, .whole])))
        #expect(image.contents("/d/a") == repeated(9, 50))
    }

    @Test func choicesAreReadAsTheyWereWritten() {
        let choices: [CrashChoice] = [
            .onlySynced, .everythingWritten, .prefix(3), .cut(effect: 2, byteCount: 17),
            .subset(0xfe), .seeded(9),
            .seeded(4, CrashProfile(partByteCount: 64, zeroesParts: true)),
            .fates(PartFates(partByteCount: 1, PartFate.allCases)),
        ]
        for choice in choices { #expect(CrashChoice("\(choice)") == choice) }
        for text in ["", "prefix", "prefix:-1", "fates:0:+", "fates:512:x", "cut:1"] {
            #expect(CrashChoice(text) == nil, "\(text)")
        }
    }

    @Test func allCombinationsAreEnumerated() throws {
        let files = try overwriting()
        let all = files.crashPoint.choices(limit: 1000)
        // Two parts with six fates each, and a size that is there or not.
        #expect(all.count == 6 * 6 * 2)
        #expect(Set(all).count == all.count)
        #expect(files.crashPoint.choices(limit: 20).count == 20)
    }

    @Test func shrinkingLeavesWhatFails() throws {
        let choice = CrashChoice.fates(PartFates([.garbage, .zero, .absent, .stale]))
        let smallest = choice.shrunk { candidate in
            guard case .fates(let fates) = candidate else { return false }
            return fates.fates[2] == .absent
        }
        #expect(smallest == .fates(PartFates([.whole, .whole, .absent, .whole])))
    }

    /// A sync that is under way leaves what the call before it left, and everything else something of its own.
    @Test func pointsWithTheSameFingerprintLeaveTheSameImages() throws {
        let files = SimulatedFileSystem()
        nonisolated(unsafe) var points: [CrashPoint] = []
        files.observeCrashPoints { points.append($0) }
        let directory = try files.openDirectory("d", creating: true)
        let file = try directory.createFile("a")
        try file.write(repeated(1, 600), at: 0)
        try file.sync()
        try directory.sync()
        try file.write(repeated(2, 10), at: 600)
        try file.truncate(to: 605)
        try file.sync()
        // Moments that differ only in what is pending, only in the bytes on disk, or only in the entries.
        func write(_ byte: UInt8) throws { try file.write(repeated(byte, 5), at: 600) }
        try write(3)
        try file.sync()
        try write(2)
        try write(2)
        try write(4)
        try file.sync()
        try write(2)
        try file.sync()
        try directory.sync()
        try directory.rename("a", to: "b")
        try directory.sync()
        try directory.sync()
        try directory.remove("b")
        var pairCount = 0
        for (index, second) in points.enumerated() {
            for first in points[..<index] {
                let isSame = second.fingerprint == first.fingerprint
                let kinds = [first, second].map { $0.operation?.kind.isSync ?? false }
                let isNext = second.operationIndex == first.operationIndex + 1
                #expect(
                    isSame == (isNext && kinds == [false, true]),
                    "\(first.operationIndex), \(index)")
                guard isSame else { continue }
                pairCount += 1
                for choice in first.choices(limit: 50) + first.cuts(every: 7) {
                    #expect(
                        first.image(choice).contentHash == second.image(choice).contentHash,
                        "\(choice)")
                }
            }
        }
        #expect(pairCount == 7)
    }

    @Test func crashPointsAreThoseOfRepeatedRuns() throws {
        func work(_ files: SimulatedFileSystem) throws {
            let directory = try files.openDirectory("d", creating: true)
            let file = try directory.createFile("a")
            try file.write(repeated(1, 600), at: 0)
            try file.sync()
            try directory.sync()
            try file.writeDurably(repeated(2, 10), at: 600)
            try directory.rename("a", to: "b")
        }
        let files = SimulatedFileSystem()
        nonisolated(unsafe) var points: [CrashPoint] = []
        files.observeCrashPoints { points.append($0) }
        try work(files)
        #expect(points.count == files.operationCount)
        for (index, point) in points.enumerated() {
            let again = SimulatedFileSystem(faults: .crash(atOperation: index))
            #expect(throws: StorageError.self) { try work(again) }
            #expect(point.operationIndex == index)
            for choice in [CrashChoice.onlySynced, .everythingWritten, .seeded(3), .prefix(1)] {
                #expect(
                    point.image(choice).contentHash == again.crashImage(choice).contentHash,
                    "operation \(index), \(choice)")
            }
        }
    }
}
