// SPDX-License-Identifier: Apache-2.0
//
// Whole files are damaged: removed, emptied, cut at every byte, filled with zeros, exchanged, put back to
// an older version, doubled, replaced by those of another store; sectors are zeroed, filled with garbage or
// cannot be read.
//
// What cannot be told apart from an interrupted write is the end of the last segment, when it is cut off or
// put back to what it once was. Everything else must be told, or harm nothing.

import CairnDurable
import CairnIO
import CairnTesting
import SystemPackage

struct FileDamageSuite: Suite {
    static let name = "damage"
    static let summary =
        "every file removed, emptied, cut, exchanged, rolled back, doubled, foreign"

    func run(_ effort: Effort, in laboratory: Laboratory) throws -> Figures {
        let fixtures = try Fixture.all(in: Laboratory()).prefix(effort.fixtureCount)
        let items = fixtures.flatMap { fixture in
            (fixture.image.storeFiles + fixture.image.otherFiles).map { (fixture, $0) }
        }
        return try forEach(items, effort) { fixture, path in
            var figures = Figures()
            for damage in FileDamage.all(of: path, in: fixture) {
                do {
                    let outcome = try examine(damage, path, fixture, laboratory)
                    figures["damages"] += 1
                    switch outcome {
                    case .told, .refused: figures["damages told"] += 1
                    case .whole: figures["damages that harm nothing"] += 1
                    case .shorter: figures["ends cut off like an interrupted write"] += 1
                    }
                } catch {
                    var line = Reproduction(
                        Self.name, fixture.configuration, fixture.workload, "\(path)@\(damage)")
                    line.bug = laboratory.bug?.name ?? ""
                    figures.found(Violation(reason: "\(error)", reproduction: line))
                    if effort.stopsAtFirst { return figures }
                }
            }
            return figures
        }
    }

    func reproduce(_ reproduction: Reproduction, in laboratory: Laboratory) throws {
        let words = reproduction.detail.split(separator: "@", maxSplits: 1).map(String.init)
        let fixture = try Fixture(
            reproduction.configuration, reproduction.workload, in: Laboratory())
        guard words.count == 2,
            let damage = FileDamage.all(of: FilePath(words[0]), in: fixture).first(where: {
                $0.description == words[1]
            })
        else { throw Complaint("no such damage: \(reproduction.detail)") }
        _ = try examine(damage, FilePath(words[0]), fixture, laboratory)
    }

    private func examine(
        _ damage: FileDamage, _ path: FilePath, _ fixture: Fixture, _ laboratory: Laboratory
    ) throws -> DamageOutcome {
        let files = fixture.image.copy
        damage.apply(to: path, of: files, fixture)
        let check = DamageCheck(laboratory: laboratory, fixture: fixture)
        if fixture.image.otherFiles.contains(path) {
            try check.checkHarmless(files)
            return .whole
        }
        let outcome = try check.outcome(files)
        if outcome == .shorter, !damage.mayLookLikeACrash(path, fixture) {
            throw Complaint("transactions are gone without an error")
        }
        if damage == .newerRecord, outcome != .refused {
            throw Complaint("a record of a newer version is passed over")
        }
        if outcome == .refused, path.string.contains("/snapshots/"), damage.leavesTheOthers {
            throw Complaint("a damaged snapshot keeps the store from opening")
        }
        if outcome == .refused { try checkWriting(files, fixture, laboratory, path, damage) }
        return outcome
    }

    /// Opening for writing says the same as opening for reading, and changes nothing.
    private func checkWriting(
        _ files: SimulatedFileSystem, _ fixture: Fixture, _ laboratory: Laboratory,
        _ path: FilePath, _ damage: FileDamage
    ) throws {
        // The lock says which process has it, and then that none has.
        files.setContents("/store/LOCK", [])
        let hash = files.contentHash
        if (try? laboratory.open(files, fixture.configuration, seed: 872)) != nil {
            throw Complaint("it is refused for reading, and opens for writing")
        }
        // A read that fails may come after a repair began; what was found by then stays found.
        if case .unreadableSector = damage { return }
        guard files.contentHash == hash else { throw Complaint("it was refused, and changed") }
    }
}
