// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnIO
import CairnLog
import CairnTesting
import SystemPackage

/// What is known of the commits of a schedule.
struct PipelineModel: Sendable {
    /// The digest after each commit that was appended; the first one is that before any.
    private(set) var digests: [UInt64] = [Ledger().digest]
    private var ledger = Ledger()
    /// How many commits every image must have: those that were acknowledged, and those that were shown.
    private(set) var guaranteed = 0

    var count: Int { digests.count - 1 }

    mutating func took(_ event: Ledger.Event) {
        ledger.apply(event)
        digests.append(ledger.digest)
    }

    mutating func acknowledged(_ number: Int) { guaranteed = max(guaranteed, number) }

    /// A reader saw this state.
    ///
    /// - Returns: How many commits are in it.
    mutating func shown(_ state: Ledger) throws -> Int {
        guard let number = digests.firstIndex(of: state.digest) else {
            throw Complaint("a reader saw what never was: \(state.numbers)")
        }
        guard number >= guaranteed else {
            throw Complaint("a reader saw \(number) commits after \(guaranteed) were shown")
        }
        guaranteed = number
        return number
    }

    /// Looks at what a crash left.
    func check(recovered state: Ledger) throws {
        guard let number = digests.firstIndex(of: state.digest) else {
            throw Complaint("a state that was never there came back: \(state.numbers)")
        }
        guard number >= guaranteed else {
            throw Complaint("\(number) commits came back, \(guaranteed) were acknowledged or shown")
        }
    }
}

/// Holds the model where crash points can look at it.
private final class Known {
    var model = PipelineModel()
}

/// One schedule of the ``PipelineSuite``.
struct PipelineExperiment<State: LedgerState> {
    private let laboratory: Laboratory
    private let schedule: PipelineSuite.Schedule

    init(_ laboratory: Laboratory, _ schedule: PipelineSuite.Schedule) {
        self.laboratory = laboratory
        self.schedule = schedule
    }

    func run(_ effort: Effort, _ figures: inout Figures) throws {
        let files = try fresh()
        let first = files.operationCount
        nonisolated(unsafe) var moments: [(CrashPoint, PipelineModel)] = []
        nonisolated(unsafe) let known = Known()
        files.observeCrashPoints { moments.append(($0, known.model)) }
        try perform(on: files, known)
        files.observeCrashPoints(nil)
        for (point, model) in moments {
            for choice in point.choices(limit: effort.imagesPerCrash) {
                figures["images"] += 1
                do { try check(point.image(choice), model) } catch {
                    let place = "operation \(point.operationIndex) (\(choice))"
                    throw Complaint("after a crash at \(place): \(error)")
                }
            }
        }
        for operation in first..<files.operationCount {
            figures["faults"] += 1
            do { try fail(at: operation) } catch {
                throw Complaint("with an error of operation \(operation): \(error)")
            }
        }
    }

    private func fresh() throws -> SimulatedFileSystem {
        let files = SimulatedFileSystem()
        try open(files).close()
        return files
    }

    private func open(_ files: SimulatedFileSystem, seed: UInt64 = 1) throws -> Durable<State> {
        var options = Configuration().options
        options.segmentByteCount = 4096
        return try Durable<State>.open(
            Laboratory.storePath, options: options,
            environment: laboratory.environment(files, seed: seed))
    }

    private func fail(at operation: Int) throws {
        let files = try fresh()
        files.setFaults(.fail(.ioError, atOperation: operation))
        let known = Known()
        try perform(on: files, known)
        for choice in [CrashChoice.onlySynced, .everythingWritten, .seeded(1)] {
            try check(files.crashImage(choice), known.model)
        }
    }

    private func check(_ image: SimulatedFileSystem, _ model: PipelineModel) throws {
        let store = try open(image, seed: 2)
        try model.check(recovered: store.read { $0.ledger })
    }

    /// Performs the steps, and goes on after an error as a program does that was told of it.
    private func perform(on files: SimulatedFileSystem, _ known: Known) throws {
        let store: Durable<State>
        do { store = try open(files) } catch { return }
        var waiting: [(number: Int, commit: PendingCommit)] = []
        for step in schedule.steps {
            switch step {
            case .write:
                let event = Ledger.Event(number: UInt64(known.model.count) + 1, byteCount: 40)
                let before = known.model
                known.model.took(event)
                do {
                    guard let commit = try store.stage([event]) else {
                        throw Complaint("a write with an event appended nothing")
                    }
                    waiting.append((known.model.count, commit))
                } catch let error as DurableError {
                    try check(error, in: [.poisoned])
                    known.model = before
                }
            case .first, .last:
                guard let next = step == .first ? waiting.first : waiting.last else { continue }
                if step == .first { waiting.removeFirst() } else { waiting.removeLast() }
                try wait(for: next, store, known)
            case .read: _ = try look(at: store, known)
            case .checkpoint:
                do { try store.checkpoint() } catch {
                    try check(error, in: [.poisoned, .indeterminate, .io])
                }
            }
        }
        for next in waiting { try wait(for: next, store, known) }
        let seen = try look(at: store, known)
        let latest = store.read(.latest) { $0.ledger.digest }
        guard known.model.digests[seen] == latest else {
            throw Complaint("no caller waits, and the newest state is another one than readers see")
        }
    }

    private func wait(
        for next: (number: Int, commit: PendingCommit), _ store: Durable<State>,
        _ known: Known
    ) throws {
        do {
            _ = try store.wait(for: next.commit)
            known.model.acknowledged(next.number)
        } catch {
            try check(error, in: [.indeterminate])
        }
    }

    private func look(at store: Durable<State>, _ known: Known) throws -> Int {
        try known.model.shown(store.read { $0.ledger })
    }

    private func check(_ error: DurableError, in codes: [DurableError.Code]) throws {
        guard codes.contains(error.code) else {
            throw Complaint("an error of the wrong kind (\(error.code)): \(error)")
        }
    }
}
