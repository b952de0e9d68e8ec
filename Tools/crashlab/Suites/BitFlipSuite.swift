// SPDX-License-Identifier: Apache-2.0
//
// I11: every single bit of every file of every fixture is turned over. Each flip must be told, or harm
// nothing; none may cost a committed transaction in silence. In files that hold nothing of the state, it must
// harm nothing.

import CairnIO
import CairnTesting
import SystemPackage

struct BitFlipSuite: Suite {
    static let name = "flips"
    static let summary = "every single bit of every file of the fixtures turned over"

    func run(_ effort: Effort, in laboratory: Laboratory) throws -> Figures {
        // One item for each file, so that the threads have equal work.
        let items = try fixtures(effort).enumerated().flatMap { index, fixture in
            (fixture.image.storeFiles + fixture.image.otherFiles).map { (index, fixture, $0) }
        }
        return try forEach(items, effort) { index, fixture, path in
            var figures = Figures()
            figures["files"] += 1
            let files = fixture.image.copy
            let check = DamageCheck(laboratory: laboratory, fixture: fixture)
            let holdsState = !files.otherFiles.contains(path)
            if !holdsState { figures["files without state"] += 1 }
            for bit in 0..<(files.contents(path)?.count ?? 0) * 8 {
                do {
                    let isTold = try flip(bit, path, files, check, holdsState: holdsState)
                    figures["flips"] += 1
                    figures[isTold ? "flips told" : "flips that harm nothing"] += 1
                } catch {
                    var line = Reproduction(
                        Self.name, fixture.configuration, fixture.workload, "\(path)/\(bit)")
                    line.bug = laboratory.bug?.name ?? ""
                    figures.found(Violation(reason: "\(error)", reproduction: line))
                    if effort.stopsAtFirst { return figures }
                }
            }
            return figures
        }
    }

    func reproduce(_ reproduction: Reproduction, in laboratory: Laboratory) throws {
        let words = reproduction.detail.split(separator: "/").map(String.init)
        guard let bit = words.last.flatMap(Int.init) else {
            throw Complaint("no such bit: \(reproduction.detail)")
        }
        let path = FilePath("/" + words.dropLast().joined(separator: "/"))
        let fixture = try Fixture(
            reproduction.configuration, reproduction.workload, in: Laboratory())
        let check = DamageCheck(laboratory: laboratory, fixture: fixture)
        let files = fixture.image.copy
        let holdsState = !files.otherFiles.contains(path)
        _ = try flip(bit, path, files, check, holdsState: holdsState)
    }

    private func fixtures(_ effort: Effort) throws -> [Fixture] {
        Array(try Fixture.all(in: Laboratory()).prefix(effort.fixtureCount))
    }

    /// Turns one bit over, looks, and turns it back.
    private func flip(
        _ bit: Int, _ path: FilePath, _ files: SimulatedFileSystem, _ check: DamageCheck,
        holdsState: Bool
    ) throws -> Bool {
        files.flipBit(path, bit)
        defer { files.flipBit(path, bit) }
        guard holdsState else {
            try check.checkHarmless(files)
            return false
        }
        let outcome = try check.outcome(files)
        let isSnapshot = path.string.contains("/snapshots/")
        if isSnapshot, let name = path.lastComponent?.string,
            try !check.isTold(files, snapshot: name)
        {
            throw Complaint("the snapshot passes for intact")
        }
        switch outcome {
        case .refused:
            // Two generations are kept so that damage to one costs time and no data.
            if isSnapshot { throw Complaint("a damaged snapshot keeps the store from opening") }
            return true
        case .told: return true
        case .whole:
            if path.string.contains("/programs/") {
                throw Complaint("what a damaged file says of the program is believed")
            }
            return isSnapshot
        case .shorter: throw Complaint("transactions are gone without an error")
        }
    }
}
