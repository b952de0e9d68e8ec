// SPDX-License-Identifier: Apache-2.0

public import CairnIO

/// Runs a workload once, stops the machine at every operation of it, makes every state of the disk that may
/// be left, and checks what the program recovers from each; then the same again for the recovery.
///
/// ```swift
/// try CrashEnumeration<Int>("scores") { environment, journal in
///     let scores = try Durable<Scores>.open("scores", environment: environment)
///     for points in 1...5 {
///         journal.attempt(points)
///         try scores.commit(.scored(player: "ada", points: points))
///         journal.acknowledge()
///     }
/// } check: { environment, journal in
///     let scores = try Durable<Scores>.open("scores", environment: environment)
///     let sum = scores.read { $0.points["ada"] ?? 0 }
///     guard journal.possibleOutcomes.contains(where: { $0.reduce(0, +) == sum }) else {
///         throw CrashFinding("ada has \(sum) points of \(journal.attempted)")
///     }
/// }.run()
/// ```
///
/// Workload and check run on one thread. They must do the same each time they get the same files: take time
/// and randomness from the environment.
public struct CrashEnumeration<Fact> {
    /// Opens, works, and tells the journal. Its errors end it, and the enumeration.
    public typealias Workload = (StorageEnvironment, CrashJournal<Fact>) throws -> Void
    /// Opens what a crash left and compares it with the journal; throws what is wrong. It should change
    /// nothing that a second recovery would notice.
    public typealias Check = (StorageEnvironment, CrashJournal<Fact>) throws -> Void

    /// The name in messages.
    public let name: String
    /// The number of states of the disk that are made of each crash at most.
    public var choicesPerCrash = 64
    /// The number of crashes during recovery that follow one another; 0 for none.
    public var recoveryDepth = 1
    /// The number of states of the disk that are made of each crash during recovery.
    public var choicesPerRecoveryCrash = 4
    let workload: Workload
    let check: Check

    /// An enumeration of the crashes of a workload.
    public init(_ name: String, workload: @escaping Workload, check: @escaping Check) {
        self.name = name
        self.workload = workload
        self.check = check
    }

    /// Runs the workload, and the check after each crash.
    ///
    /// - Throws: ``CrashFailure`` for the first state that is wrong, with the fewest effects that show it;
    ///   what the workload throws when nothing fails.
    /// - Complexity: One run of the check for each state.
    @discardableResult
    public func run() throws -> CrashReport {
        var report = CrashReport()
        var seen: Set<UInt64> = []
        for (point, journal) in try crashPoints() {
            report.crashCount += 1
            for choice in point.choices(limit: choicesPerCrash) {
                let image = point.image(choice)
                let key = image.contentHash &+ UInt64(journal.acknowledgedCount)
                guard seen.insert(key).inserted else { continue }
                let place = CrashPlace([.init(operation: point.operationIndex, choice: choice)])
                do throws(CrashFailure) {
                    try examine(image, journal, place, &report)
                } catch {
                    throw shrink(error, point, journal)
                }
            }
        }
        return report
    }

    /// Repeats one state of the disk from its line, which a ``CrashFailure`` has.
    ///
    /// - Throws: ``CrashFailure`` when it is still wrong.
    public func reproduce(_ place: CrashPlace) throws {
        guard let first = place.steps.first else { return }
        for (point, journal) in try crashPoints() where point.operationIndex == first.operation {
            var image = point.image(first.choice)
            for (crashes, step) in place.steps.enumerated().dropFirst() {
                let points = recoveryPoints(image, journal, crashes: crashes)
                guard let point = points.first(where: { $0.operationIndex == step.operation })
                else { return }
                image = point.image(step.choice)
            }
            try checkOnce(image, journal, place)
        }
    }
}

extension CrashEnumeration {
    private func shrink(
        _ failure: CrashFailure, _ point: CrashPoint, _ journal: CrashJournal<Fact>
    ) -> CrashFailure {
        guard let first = failure.place.steps.first, failure.place.steps.count == 1 else {
            return failure
        }
        var smallest = failure
        _ = first.choice.shrunk { choice in
            do throws(CrashFailure) {
                let place = CrashPlace([.init(operation: first.operation, choice: choice)])
                try checkOnce(point.image(choice), journal, place)
                return false
            } catch {
                smallest = error
                return true
            }
        }
        return smallest
    }

    private func crashPoints() throws -> [(CrashPoint, CrashJournal<Fact>)] {
        let files = SimulatedFileSystem()
        let journal = CrashJournal<Fact>()
        // The handler is called on the one thread that works.
        nonisolated(unsafe) var points: [(CrashPoint, CrashJournal<Fact>)] = []
        nonisolated(unsafe) let told = journal
        files.observeCrashPoints { points.append(($0, told.copy)) }
        try workload(.simulated(files), journal)
        files.observeCrashPoints(nil)
        return points + [(files.crashPoint, journal.copy)]
    }

    /// The machine as it comes up after so many crashes: not with the random numbers it had before, so that it
    /// makes other temporary names.
    private func machine(_ files: SimulatedFileSystem, crashes: Int) -> StorageEnvironment {
        .simulated(files, seed: UInt64(1 + crashes))
    }

    private func recoveryPoints(
        _ image: SimulatedFileSystem, _ journal: CrashJournal<Fact>, crashes: Int
    ) -> [CrashPoint] {
        let files = image.crashImage(.everythingWritten)
        nonisolated(unsafe) var points: [CrashPoint] = []
        files.observeCrashPoints { points.append($0) }
        try? check(machine(files, crashes: crashes), journal.copy)
        files.observeCrashPoints(nil)
        return points
    }

    private func examine(
        _ image: SimulatedFileSystem, _ journal: CrashJournal<Fact>, _ place: CrashPlace,
        _ report: inout CrashReport
    ) throws(CrashFailure) {
        report.imageCount += 1
        try checkOnce(image, journal, place)
        guard place.steps.count <= recoveryDepth else { return }
        for point in recoveryPoints(image, journal, crashes: place.steps.count) {
            for choice in point.choices(limit: choicesPerRecoveryCrash) {
                report.recoveryCrashCount += 1
                let next = place.adding(point.operationIndex, choice)
                try examine(point.image(choice), journal, next, &report)
            }
        }
    }

    private func checkOnce(
        _ image: SimulatedFileSystem, _ journal: CrashJournal<Fact>, _ place: CrashPlace
    ) throws(CrashFailure) {
        do {
            // A copy, because the check may change what the next crash is to find.
            let files = image.crashImage(.everythingWritten)
            try check(machine(files, crashes: place.steps.count), journal.copy)
        } catch {
            throw CrashFailure(name: name, place: place, reason: "\(error)")
        }
    }
}
