// SPDX-License-Identifier: Apache-2.0

import CairnIO
import CairnTesting

/// The images that were made so far, on all threads.
struct SeenImages: Sendable {
    /// Their contents.
    private(set) var images: Set<UInt64> = []
    /// Their contents together with what may be in them.
    private var keys: Set<UInt64> = []

    /// - Returns: Whether such an image has to be checked, and how many came before it.
    mutating func insert(_ image: UInt64, _ journal: UInt64) -> (isNew: Bool, number: Int) {
        images.insert(image)
        return (keys.insert(image &+ journal).inserted, keys.count)
    }
}

/// One workload of the ``CrashSuite``.
struct CrashExperiment {
    let laboratory: Laboratory
    let configuration: Configuration
    let workload: Workload
    let effort: Effort
    let seen: Locked<SeenImages>
    /// What recoveries ended in, to go on from each of these once; nil to do it after each recovery.
    var ends: Locked<Set<UInt64>>?
    var figures = Figures()

    /// A crash, and what was known then.
    struct Moment {
        let point: CrashPoint
        let journal: Journal
    }

    mutating func run(_ start: (SimulatedFileSystem, Journal)) {
        figures["workloads"] += 1
        let moments: [Moment]
        do {
            moments = try self.moments(start)
        } catch {
            return found("without any crash: \(error)", CrashPlace([]))
        }
        // In half of the operations nothing happens that an image could show: a sync that is under way leaves
        // what there was before it. Each of those images was made and looked at then.
        var known: [UInt64: Int] = [:]
        for moment in moments {
            figures["crashes"] += 1
            let key = moment.point.fingerprint &+ moment.journal.key
            if let count = known[key] {
                figures["images"] += count
                continue
            }
            let choices = choices(moment)
            known[key] = choices.count
            figures["images"] += choices.count
            if configuration.isWide {
                figures["images of 4 KiB sectors"] += choices.count { $0.partByteCount == 4096 }
            }
            for choice in choices {
                examine(moment, choice)
                if effort.stopsAtFirst, !figures.violations.isEmpty { return }
            }
        }
    }

    private func choices(_ moment: Moment) -> [CrashChoice] {
        let point = moment.point
        var choices = point.choices(limit: effort.imagesPerCrash)
        var stride = effort.cutStrides[min(workload.steps.count, effort.cutStrides.count) - 1]
        if configuration.isWide {
            // There are many more bytes, and no other kind of them.
            stride = 16 * max(stride, 16)
            choices += point.choices(limit: effort.imagesPerCrash, partByteCount: 4096)
        }
        // Each begins at another byte, so that all of them together cut at all bytes.
        return choices
            + point.cuts(every: stride, offset: (workload.index + point.operationIndex) % stride)
    }

    /// Runs the workload and gives every crash of its last step, and the one after it.
    func moments(_ start: (SimulatedFileSystem, Journal)) throws -> [Moment] {
        let files = start.0.copy
        let monitor = OrderingMonitor()
        var journal = start.1
        journal.startNumbering(at: workload.firstNumber)
        let session = Session(files, configuration, laboratory, journal, monitor: monitor)
        for step in workload.steps.dropLast() { try session.perform(step) }
        // The handler is called on this thread, in the middle of the last step.
        nonisolated(unsafe) var moments: [Moment] = []
        nonisolated(unsafe) let observed = session
        files.observeCrashPoints { moments.append(Moment(point: $0, journal: observed.journal)) }
        if let last = workload.steps.last { try session.perform(last) }
        files.observeCrashPoints(nil)
        moments.append(Moment(point: files.crashPoint, journal: session.journal))
        if let violation = monitor.violations.first { throw Complaint(violation) }
        return moments
    }

    /// The operations of a recovery, with what a crash in each of them leaves.
    func recoveryPoints(_ image: SimulatedFileSystem, _ journal: Journal) -> [CrashPoint] {
        let files = image.copy
        nonisolated(unsafe) var points: [CrashPoint] = []
        files.observeCrashPoints { points.append($0) }
        _ = try? laboratory.open(files, configuration, seed: 950)
        files.observeCrashPoints(nil)
        return points
    }

    /// - Returns: How many transactions the image holds.
    @discardableResult
    func check(
        _ image: SimulatedFileSystem, _ journal: Journal, everything: Bool = true
    ) throws -> Int {
        try ImageCheck(
            laboratory: laboratory, configuration: configuration, journal: journal,
            checksReading: everything, goesOn: everything, ends: ends
        ).check(image)
    }

    private mutating func examine(_ moment: Moment, _ choice: CrashChoice) {
        let image = moment.point.image(choice)
        let hash = image.contentHash
        let (isNew, number) = seen.withLock { $0.insert(hash, moment.journal.key) }
        guard isNew else { return }
        figures["checks"] += 1
        let place = CrashPlace([.init(operation: moment.point.operationIndex, choice: choice)])
        let pristine = number % effort.recoveryEvery == 0 ? image.copy : nil
        do {
            let count = try check(image, moment.journal)
            if let pristine { interrupt(pristine, moment.journal, place, count, depth: 1) }
        } catch {
            found("\(error)", shrunk(place, moment))
        }
    }

    /// Interrupts the recovery of an image at every operation, and what comes after that up to the third
    /// time. All must end in the same state.
    private mutating func interrupt(
        _ image: SimulatedFileSystem, _ journal: Journal, _ place: CrashPlace, _ count: Int,
        depth: Int
    ) {
        for (index, point) in recoveryPoints(image, journal).enumerated() {
            // All of the first level, and of the deeper ones one in some.
            if depth > 1, index % 3 != depth % 3 { continue }
            for choice in point.choices(limit: depth == 1 ? 6 : 3, seed: UInt64(index)) {
                figures[depth == 1 ? "recoveries interrupted" : "interrupted again"] += 1
                let next = CrashPlace(
                    place.steps + [.init(operation: point.operationIndex, choice: choice)])
                do {
                    let again = try check(point.image(choice), journal, everything: false)
                    guard again == count else {
                        throw Complaint("\(again) transactions in place of \(count)")
                    }
                } catch {
                    return found("recovery interrupted: \(error)", next)
                }
                if depth < 3, index % 8 == 0 {
                    interrupt(point.image(choice), journal, next, count, depth: depth + 1)
                }
            }
        }
    }

    private func shrunk(_ place: CrashPlace, _ moment: Moment) -> CrashPlace {
        let first = place.steps[0]
        let choice = first.choice.shrunk { choice in
            do {
                try check(moment.point.image(choice), moment.journal)
                return false
            } catch {
                return true
            }
        }
        return CrashPlace([.init(operation: first.operation, choice: choice)])
    }

    private mutating func found(_ reason: String, _ place: CrashPlace) {
        let detail = place.steps.isEmpty ? "0/synced" : place.description
        var line = Reproduction(CrashSuite.name, configuration, workload, detail)
        line.bug = laboratory.bug?.name ?? ""
        figures.found(Violation(reason: reason, reproduction: line))
    }
}

extension CrashChoice {
    /// How many bytes of a write have one fate; nil where fates are not told apart.
    fileprivate var partByteCount: Int? {
        if case .fates(let fates) = self { fates.partByteCount } else { nil }
    }
}
