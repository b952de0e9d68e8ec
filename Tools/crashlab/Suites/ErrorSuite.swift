// SPDX-License-Identifier: Apache-2.0
//
// Every call fails, in every way, once or for good; then the program goes on, the machine is stopped or
// the store is opened again in the same boot.
//
// - The error is typed, and the caller whose request failed gets it.
// - I6: after a failed write or sync of a file nothing is done to that file any more, and commits are
//   refused.
// - Memory shows what was committed and nothing else, and can still be read.
// - What was acknowledged comes back, from the medium alone and from what the cache shows.

import CairnDurable
import CairnIO
import CairnLog
import CairnSnapshot
import CairnTesting

struct ErrorSuite: Suite {
    static let name = "errors"
    static let summary = "every call fails in every way; then going on, crashing, reopening"

    static let configurations: [Configuration] = [
        Configuration(.every), Configuration(.every, populated: true),
        Configuration(.manual, populated: true, prepared: true), Configuration(.bytes),
        Configuration(.every, torn: true),
    ]

    func run(_ effort: Effort, in laboratory: Laboratory) throws -> Figures {
        let workloads =
            Workload.all(ofLength: 1)
            + (effort.longerCallStride > 0 ? Workload.all(ofLength: 2) : [])
        let items = Self.configurations.flatMap { configuration in
            workloads.map { (configuration, $0) }
        }
        let starts = try Dictionary(
            uniqueKeysWithValues: Self.configurations.map { ($0, try laboratory.start($0)) })
        let seen = Locked(SeenImages())
        return try forEach(items, effort) { configuration, workload in
            var experiment = ErrorExperiment(
                laboratory: laboratory, configuration: configuration, workload: workload,
                start: starts[configuration]!, seen: seen)
            experiment.run(effort)
            return experiment.figures
        }
    }

    func reproduce(_ reproduction: Reproduction, in laboratory: Laboratory) throws {
        var experiment = ErrorExperiment(
            laboratory: laboratory, configuration: reproduction.configuration,
            workload: reproduction.workload,
            start: try laboratory.start(reproduction.configuration), seen: Locked(SeenImages()))
        try experiment.attempt(reproduction.detail)
    }
}

/// One workload of the ``ErrorSuite``.
struct ErrorExperiment {
    let laboratory: Laboratory
    let configuration: Configuration
    let workload: Workload
    let start: (SimulatedFileSystem, Journal)
    let seen: Locked<SeenImages>
    var figures = Figures()

    mutating func run(_ effort: Effort) {
        figures["workloads"] += 1
        do {
            let (files, session) = try prepared(nil)
            let (firstCall, firstOperation) = (files.callCount, files.operationCount)
            if let last = workload.steps.last { try session.perform(last) }
            let isLonger = workload.steps.count > 1
            let callStride = isLonger ? effort.longerCallStride : effort.callStride
            // Each of the longer workloads begins with another call, so that together they have all kinds.
            let offset = isLonger ? workload.index % callStride : 0
            let calls = stride(from: firstCall + offset, to: files.callCount, by: callStride)
            // Where calls are left out, those that change something are not.
            let operations =
                callStride > 1 && !isLonger ? firstOperation..<files.operationCount : 0..<0
            for place in operations.map({ "operation-\($0)" }) + calls.map({ "\($0)" }) {
                for index in stride(from: 0, to: FaultRule.sweep.count, by: effort.faultStride) {
                    let fault = FaultRule.sweep[index]
                    do {
                        try attempt("\(place)/\(fault.name)")
                    } catch {
                        found("\(error)", "\(place)/\(fault.name)")
                    }
                    if effort.stopsAtFirst, !figures.violations.isEmpty { return }
                }
            }
        } catch {
            found("without any error: \(error)", "0/EIO")
        }
    }

    private func prepared(
        _ monitor: OrderingMonitor?
    ) throws -> (SimulatedFileSystem, Session) {
        let files = start.0.copy
        let session = Session(files, configuration, laboratory, start.1, monitor: monitor)
        for step in workload.steps.dropLast() { try session.perform(step) }
        return (files, session)
    }

    /// Lets one call fail and looks at what becomes of it.
    ///
    /// - Parameter detail: Which call and how: `17/EIO`, or `operation-3/EIO` for one that changes
    ///   something.
    mutating func attempt(_ detail: String) throws {
        let words = detail.split(separator: "/").map(String.init)
        guard words.count == 2,
            let number = words[0].split(separator: "-").last.flatMap({ Int($0) }),
            let fault = FaultRule.sweep.first(where: { $0.name == words[1] })
        else { throw Complaint("no such fault: \(detail)") }
        let rule = FaultRule(
            words[0].hasPrefix("operation-") ? .operation(number) : .call(number), fault.action,
            fault.duration)
        let monitor = OrderingMonitor()
        let (files, session) = try prepared(monitor)
        files.setFaults(FaultPlan([rule]))
        var isTold = false
        for step in [workload.steps.last, .append, .checkpoint, .append].compactMap(\.self) {
            do {
                try session.perform(step)
            } catch let complaint as Complaint {
                throw complaint
            } catch {
                isTold = true
                try checkType(of: error)
            }
            try checkMemory(session)
            // An entry of a directory whose sync failed may be in the cache only. Opening the store again
            // before the machine was restarted is the one thing that cannot be made safe: see
            // Docs/Architecture.md.
            let failedDirectory = files.faultyOperations.contains { $0.kind == .syncDirectory }
            if failedDirectory, session.store == nil { break }
        }
        let faulty = files.faultyOperations
        figures["faults"] += faulty.count
        // An error of a prepared segment costs the prepared segment; it holds nothing.
        let mattered = faulty.first {
            ($0.kind == .write || $0.kind.isSync) && !$0.path.hasSuffix(".prepared")
        }
        if let mattered, !isTold { throw Complaint("no caller got the failure of \(mattered)") }
        if let violation = monitor.violations.first { throw Complaint(violation) }
        try checkAfterwards(files, session, faulty)
    }

    private func checkType(of error: any Error) throws {
        switch error {
        case let error as DurableError:
            if case .recorder(let cause) = error.underlying, cause.code == .commitFailed,
                error.code != .indeterminate, error.code != .poisoned
            {
                throw Complaint("a commit failed with \(error.code)")
            }
        case is RecorderError, is SnapshotError, is StorageError: break
        default: throw Complaint("an error of another type: \(type(of: error)): \(error)")
        }
    }

    private func checkMemory(_ session: Session) throws {
        guard let store = session.store else { return }
        let state = store.read { $0 }
        // A commit that failed is taken back in memory, whatever becomes of it on the disk.
        guard session.journal.digests[session.memoryCount] == state.digest else {
            throw Complaint(
                "memory holds \(state.numbers), not \(session.memoryCount) transactions")
        }
    }

    private mutating func checkAfterwards(
        _ files: SimulatedFileSystem, _ session: Session, _ faulty: [SimulatedOperation]
    ) throws {
        let journal = session.journal
        let check = ImageCheck(
            laboratory: laboratory, configuration: configuration, journal: journal,
            checksReading: false)
        for choice in [CrashChoice.onlySynced, .everythingWritten, .seeded(1), .seeded(2)] {
            let image = files.crashImage(choice)
            let hash = image.contentHash
            guard seen.withLock({ $0.insert(hash, journal.key).isNew }) else { continue }
            figures["images"] += 1
            do { try check.check(image) } catch {
                throw Complaint("then a crash (\(choice)): \(error)")
            }
        }
        guard !faulty.contains(where: { $0.kind == .syncDirectory }) else { return }
        files.setFaults(FaultPlan())
        session.die()
        // When nothing is pending, that is one of the images above.
        let pending = UInt64(files.pendingEffectCount)
        let hash = files.contentHash &+ files.crashImage(.onlySynced).contentHash &* 3 &+ pending
        guard seen.withLock({ $0.insert(hash, journal.key).isNew }) else { return }
        figures["reopened in the same boot"] += 1
        do { try check.check(files) } catch {
            throw Complaint("then opened again in the same boot: \(error)")
        }
    }

    private mutating func found(_ reason: String, _ detail: String) {
        var line = Reproduction(ErrorSuite.name, configuration, workload, detail)
        line.bug = laboratory.bug?.name ?? ""
        figures.found(Violation(reason: reason, reproduction: line))
    }
}
