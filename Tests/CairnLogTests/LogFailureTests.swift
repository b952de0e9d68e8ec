// SPDX-License-Identifier: Apache-2.0

import CairnIO
import CairnLSN
import CairnLog
import CairnSegments
import CairnSync
import CairnTesting
import SystemPackage
import Testing

/// I6: the first error stops the log, and what was acknowledged before it is there after reopening.
@Suite struct LogFailureTests {
    static let sizes: [[Int]] = [[20], [700], [10, 20], [900], [30], [800], [40]]

    /// How a failing workload went.
    final class Course {
        let journal = Journal()
        var failedCommit: LogError?
        var laterCommits: [LogError] = []
        var closing: LogError?
        var hasOpened = false
    }

    static func run(_ files: SimulatedFileSystem, _ options: LogOptions) -> Course {
        let course = Course()
        guard let log = try? openLog(files, options).log else { return course }
        course.hasOpened = true
        for (index, sizes) in sizes.enumerated() {
            do {
                let journal = course.journal
                if course.failedCommit == nil {
                    try journal.commit(.numbered(index, sizes: sizes), to: log)
                } else {
                    try log.commit(.numbered(index, sizes: sizes))
                }
            } catch let error as LogError {
                if course.failedCommit == nil {
                    course.failedCommit = error
                } else {
                    course.laterCommits.append(error)
                }
            } catch {
                Issue.record("an error of another type: \(error)")
            }
        }
        do { try course.journal.close(log) } catch { course.closing = error as? LogError }
        return course
    }

    static func plans(operationCount: Int) -> [(String, FaultPlan)] {
        var plans: [(String, FaultPlan)] = []
        for index in 0..<operationCount {
            let kinds: [(Errno, FaultRule.Extent, FaultRule.Duration)] = [
                (.ioError, .nothing, .forever), (.ioError, .half, .once),
                (.ioError, .everything, .once), (.noSpace, .nothing, .once),
            ]
            for (errno, extent, duration) in kinds {
                let rule = FaultRule(.operation(index), .fail(errno, doing: extent), duration)
                plans.append(
                    ("operation \(index) \(errno) \(extent) \(duration)", FaultPlan([rule])))
            }
        }
        return plans
    }

    @Test(arguments: [SyncPolicy.everyCommit, .manual])
    func theFirstErrorStopsTheLog(_ policy: SyncPolicy) throws {
        let options = smallOptions(segmentByteCount: 1000, policy)
        let whole = SimulatedFileSystem()
        let complete = Self.run(whole, options)
        #expect(complete.failedCommit == nil && complete.closing == nil)
        var failures = 0
        for (place, plan) in Self.plans(operationCount: whole.operationCount) {
            let files = SimulatedFileSystem(faults: plan)
            let course = Self.run(files, options)
            if let failed = course.failedCommit {
                failures += 1
                #expect(failed.code == .indeterminate, "\(place)")
                #expect(failed.cause != nil, "\(place)")
                #expect(course.laterCommits.allSatisfy { $0.code == .poisoned }, "\(place)")
                #expect(course.closing?.code == .poisoned, "\(place)")
                checkNothingIsRetried(files, plan, place)
            } else if course.hasOpened, course.closing == nil {
                Issue.record("\(place): no caller got the error")
            }
            checkReopening(files, course, options, place)
        }
        #expect(failures > 50)
    }

    /// Reading, listing, opening and closing fail, too; then no caller may hear that all went well, and
    /// a later opening recovers everything.
    @Test func anyFailingCallIsToldOrDoesNotMatter() throws {
        let options = smallOptions(segmentByteCount: 1000)
        let seedFiles = SimulatedFileSystem()
        let history = Self.run(seedFiles, options).journal
        func work(_ files: SimulatedFileSystem) throws -> Int {
            let (log, replayed) = try openLog(files, options, seed: 3)
            if let complaint = history.complaint(about: replayed) { Issue.record("\(complaint)") }
            for number in 0..<3 { try log.commit(.small(100 + number, byteCount: 600)) }
            try log.close()
            return replayed.transactions.count + 3
        }
        let whole = seedFiles.copy()
        let count = try work(whole)
        for call in 0..<whole.callCount {
            let files = seedFiles.copy()
            files.setFaults(.fail(.ioError, atCall: call))
            var acknowledged = history.attempts.count
            do {
                acknowledged = try work(files)
            } catch let error as LogError {
                #expect(error.cause?.errno == .ioError, "call \(call): \(error)")
            } catch {
                Issue.record("call \(call): an error of another type: \(error)")
            }
            files.setFaults(FaultPlan())
            let after = try openLog(files.crashImage(.onlySynced), options, seed: 4).replayed
            #expect((acknowledged...count).contains(after.transactions.count), "call \(call)")
        }
    }

    /// After the failed operation the log makes no further change of any kind.
    private func checkNothingIsRetried(
        _ files: SimulatedFileSystem, _ plan: FaultPlan, _ place: String
    ) {
        guard case .operation(let index) = plan.rules[0].place else { return }
        #expect(files.operationCount == index + 1, "\(place)\n\(files.trace)")
    }

    private func checkReopening(
        _ files: SimulatedFileSystem, _ course: Course, _ options: LogOptions, _ place: String
    ) {
        files.setFaults(FaultPlan())
        for choice in [CrashChoice.onlySynced, .everythingWritten, .seeded(1)] {
            CrashSweep(name: "", options: options, workload: { _, _, _ in }).check(
                files.crashImage(choice), course.journal, "\(place) choice \(choice)")
        }
        // The same machine goes on: what the cache shows may not be what the medium has. A directory
        // whose sync failed is beyond help: no call makes its entries dirty again.
        guard let last = files.operations.last, last.kind != .syncDirectory, last.kind != .lock
        else {
            return
        }
        do {
            let (log, replayed) = try openLog(files, options, seed: 60)
            if let complaint = course.journal.complaint(about: replayed) {
                Issue.record("\(place), reopened: \(complaint)")
            }
            try log.commit(.small(900), level: .durable)
            for choice in [CrashChoice.onlySynced, .everythingWritten, .seeded(1)] {
                let after = try openLog(files.crashImage(choice), options, seed: 61)
                if after.replayed.transactions != replayed.transactions + [.small(900)] {
                    Issue.record("\(place), reopened, crashed \(choice): lost something")
                }
            }
        } catch {
            Issue.record("\(place), reopened: \(error)")
        }
    }
}
