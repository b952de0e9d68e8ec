// SPDX-License-Identifier: Apache-2.0
//
// The oracles: what must hold of any state of the disk that a crash may leave.
//
// - I1, I10: everything acknowledged as durable comes back. I2: the state is one after a number of whole
//   transactions, in their order. I3: none of them is there in part.
// - I4: the next LSN lies behind those that came back. I5: what came back is durable.
// - I7: a second recovery gives the same; so does one after a crash in the first.
// - I8: opening for reading changes nothing and shows the same. I9: files of others are as they were.

import CairnCodec
import CairnDurable
import CairnIO
import CairnLSN
import CairnLog
import CairnSegments
import CairnTesting
import SystemPackage

struct ImageCheck {
    let laboratory: Laboratory
    let configuration: Configuration
    let journal: Journal
    /// Also opens the image for reading only.
    var checksReading = true
    /// Also commits, crashes and opens again.
    var goesOn = true
    /// What the recoveries before ended in; nil to go on from each of them.
    var ends: Locked<Set<UInt64>>?

    /// Opens the image, which is changed by that, and checks everything.
    ///
    /// - Returns: How many of the journal's transactions it holds.
    /// - Throws: ``Complaint``.
    @discardableResult
    func check(_ image: SimulatedFileSystem) throws -> Int {
        let read = checksReading ? try readingCount(image) : nil
        let before = goesOn ? image.copy : nil
        let store: Durable<Ledger>
        do {
            store = try laboratory.open(image, configuration, seed: 900)
        } catch {
            throw Complaint("it does not open: \(error)")
        }
        let state = store.read { $0 }
        guard let count = journal.transactionCount(of: state) else {
            throw Complaint(journal.complaint(about: state))
        }
        if let read, read != count {
            throw Complaint("for reading it holds \(read) transactions, for writing \(count)")
        }
        try checkNumbers(store, count)
        try checkForeignFiles(image)
        try checkMirror(image, state)
        guard goesOn else { return count }
        if let before, let repair = store.recovery.log.repair {
            try checkQuarantine(repair, before, image)
        }
        if try isNewEnd(store, image, state) { try checkGoingOn(store, image, state) }
        return count
    }

    /// Many recoveries end in the same: the same files but for the copies in quarantine, as the program and as
    /// the medium has them, the same state, and a log that stands at the same place after the same kind of repair.
    private func isNewEnd(
        _ store: Durable<Ledger>, _ image: SimulatedFileSystem, _ state: Ledger
    ) throws -> Bool {
        guard let ends else { return true }
        let (status, report) = (store.status.log, store.recovery.log)
        var hasher = Hasher()
        hasher.combine(configuration)
        for files in [image, image.crashImage(.onlySynced)] {
            hasher.combine(files.contentHash(of: "/store/log"))
            hasher.combine(files.contentHash(of: "/store/snapshots"))
        }
        hasher.combine(image.pendingEffectCount)
        hasher.combine(state.digest)
        hasher.combine(state.count)
        hasher.combine(status.segments)
        hasher.combine(status.nextLSN)
        hasher.combine(status.durable)
        hasher.combine(report.verdict)
        hasher.combine(report.repair?.offset)
        hasher.combine(report.abortedLSN)
        hasher.combine(report.resealedSegment)
        let key = UInt64(bitPattern: Int64(hasher.finalize()))
        return ends.withLock { $0.insert(key).inserted }
    }

    /// Opens the image for reading only.
    ///
    /// - Returns: How many transactions it shows; nil when there is no store yet.
    private func readingCount(_ image: SimulatedFileSystem) throws -> Int? {
        let (hash, operations) = (image.contentHash, image.operationCount)
        defer { image.observeCrashPoints(nil) }
        var count: Int?
        do {
            let store = try laboratory.open(image, configuration, seed: 899, access: .readOnly)
            let state = store.read { $0 }
            guard let found = journal.transactionCount(of: state) else {
                throw Complaint("for reading: \(journal.complaint(about: state))")
            }
            count = found
        } catch let error as DurableError where error.finding?.verdict == .notALog {
            // There is no store yet. If there should be one, opening for writing tells.
        } catch let error as DurableError where error.cause?.code == .notFound {
        } catch let complaint as Complaint {
            throw complaint
        } catch {
            throw Complaint("for reading it does not open: \(error)")
        }
        guard image.operationCount == operations, image.contentHash == hash else {
            throw Complaint("opening for reading changed something")
        }
        return count
    }

    private func checkNumbers(_ store: Durable<Ledger>, _ count: Int) throws {
        let status = store.status.log
        if count > 0, let last = journal.lastLSNs[count - 1], status.nextLSN <= last {
            throw Complaint("the next LSN is \(status.nextLSN), and \(last) came back")
        }
        guard status.durable.lsn.rawValue + 1 >= status.nextLSN.rawValue else {
            throw Complaint("up to \(status.durable) is durable, and LSN \(status.nextLSN) is next")
        }
    }

    /// What was cut lies in quarantine, durably.
    private func checkQuarantine(
        _ repair: TailRepair, _ before: SimulatedFileSystem, _ after: SimulatedFileSystem
    ) throws {
        guard repair.byteCount > 0, let name = repair.quarantineName else { return }
        let number = String(repair.segment.rawValue)
        let start = "/store/log/" + String(repeating: "0", count: 10 - number.count) + number + "-"
        let segment = before.filePaths(startingWith: start).first {
            !Laboratory.foreignFiles.contains($0)
        }
        let bytes = segment.flatMap { before.contents($0) } ?? []
        let cut = Array(bytes.dropFirst(Int(repair.offset)).prefix(Int(repair.byteCount)))
        let copy = after.crashImage(.onlySynced).contents(FilePath("/store/quarantine/\(name)"))
        guard copy == cut else {
            throw Complaint(
                "\(cut.count) bytes were cut, and \(copy?.count ?? 0) are in quarantine")
        }
    }

    private func checkForeignFiles(_ image: SimulatedFileSystem) throws {
        guard configuration.isPopulated else { return }
        for path in Laboratory.foreignFiles
        where image.contents(path) != Array("\(path)".utf8) {
            throw Complaint("\(path), a file of others, was changed or removed")
        }
    }

    private func checkMirror(_ image: SimulatedFileSystem, _ state: Ledger) throws {
        if let mirrored = try LedgerMirror.entryCount(image.mirrorFiles), mirrored > state.count {
            throw Complaint("the mirror has \(mirrored) entries, the store \(state.count)")
        }
    }

    /// Commits one more, and stops the machine right after it was acknowledged.
    private func checkGoingOn(
        _ store: Durable<Ledger>, _ image: SimulatedFileSystem, _ state: Ledger
    ) throws {
        var expected = state
        let entry = Ledger.Event(number: 1_000_000, byteCount: 30)
        expected.apply(entry)
        do {
            try store.commit(entry)
            try store.sync()
        } catch {
            throw Complaint("after recovery it takes no commit: \(error)")
        }
        let again = image.crashImage(.onlySynced)
        do {
            let store = try laboratory.open(again, configuration, seed: 901)
            let found = store.read { $0 }
            guard store.recovery.log.verdict == .clean else {
                throw Complaint("a durable commit after recovery, a crash: \(store.recovery.log)")
            }
            guard found == expected else {
                throw Complaint(
                    "a commit after recovery, a crash: \(found.numbers) in place of \(expected.numbers)"
                )
            }
        } catch let complaint as Complaint {
            throw complaint
        } catch {
            throw Complaint("a commit after recovery, a crash: it does not open: \(error)")
        }
    }
}
