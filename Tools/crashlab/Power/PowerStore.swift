// SPDX-License-Identifier: Apache-2.0

import Cairn
import CairnDurable
import CairnIO
import CairnTesting
import Foundation
import SystemPackage

/// A store that goes through power cuts.
protocol PowerStore: Sendable {
    /// The name that the judge knows it by.
    var system: String { get }
    /// Opens what the last cut left, and says what is there.
    func open() throws -> [PowerLane]
    /// Writes until the machine dies or something fails.
    func write(boot: UInt64, to console: PowerConsole) throws
    /// Closes what ``open()`` opened.
    func close()
}

extension PowerStore {
    /// Verifies what the last cut left, opens it, and prints both as one line:
    /// `S SYSTEM VERDICT OUTCOME LANES MILLISECONDS`, where a lane is `NUMBER=RUNS`.
    ///
    /// - Returns: Whether it opened.
    func report(in folder: FilePath, to console: PowerConsole) -> Bool {
        let start = SystemTime().monotonicNanoseconds()
        let verdict = verify(folder, console)
        do {
            let lanes = try open()
            for flaw in lanes.compactMap(\.flaw) { console.line("F \(system) \(flaw)") }
            let text = lanes.enumerated().map { "\($0)=\($1.text)" }.joined(separator: ",")
            let milliseconds = (SystemTime().monotonicNanoseconds() - start) / 1_000_000
            console.line(
                "S \(system) \(verdict) open \(text.isEmpty ? "-" : text) \(milliseconds)")
            return true
        } catch {
            console.line("N \(system) \(error)")
            console.line("S \(system) \(verdict) refused - 0")
            return false
        }
    }

    /// The verdict of the verifier on a store that exists; what it found is printed with the verdict that is not clean.
    private func verify(_ folder: FilePath, _ console: PowerConsole) -> String {
        let log = folder.appending("log").string
        guard FileManager.default.fileExists(atPath: log) else { return "absent" }
        do {
            let found = try StoreVerifier.verify(folder)
            if found.verdict != .clean {
                let files = found.segments.map { "\($0.name):\($0.byteCount)" }
                console.line(
                    "V \(system) \(found.verdict.rawValue) transactions \(found.transactionCount) "
                        + "segments \(files.joined(separator: ",")) snapshots \(found.snapshots.count)"
                )
                for finding in found.findings { console.line("V \(system) \(finding)") }
            }
            return found.verdict.rawValue
        } catch {
            console.line("V \(system) \(error)")
            return "unverified"
        }
    }
}
