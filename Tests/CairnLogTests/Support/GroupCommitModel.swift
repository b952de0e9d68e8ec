// SPDX-License-Identifier: Apache-2.0
//
// Callers of a log as data: what each of them does between two steps that others can come between. The decisions
// are those of `Leadership`; what is modelled is who sleeps on which signal, and the order in which a leader tells.

@testable import CairnLog

struct GroupCommitModel: Hashable {
    private var leadership = Leadership()
    private var callers: [ModelCaller]
    private var clock: ModelClock
    private var finisher: ModelFinisher
    private var signals = ModelWaiters()
    /// A segment is full; the next job ends it.
    private var isFull = false
    private let rotates: Bool
    private let delay: Bool
    private let minimumWaiters: Int
    /// Appends, and how many of them the finished syncs and writes cover.
    private var appended = 0
    private var writtenCount = 0
    private var durableCount = 0
    /// A job was taken while frames that belong to it were elsewhere.
    private var tookTooEarly = false

    init(_ scenario: LeadershipTests.Scenario) {
        callers = scenario.kinds.map { ModelCaller(work: $0) }
        clock = scenario.hasClock ? .idle : .absent
        finisher = .idle(scenario.finishings)
        rotates = scenario.rotates
        delay = scenario.delay != nil
        minimumWaiters = scenario.delay?.minimumWaiters ?? 0
    }

    enum Step: Hashable {
        case caller(Int, Choice)
        case clock
        case finisher
        var text: String {
            switch self {
            case .caller(let index, let choice): "\(index)\(choice.rawValue)"
            case .clock: "clock"
            case .finisher: "finisher"
            }
        }
    }

    /// What a step may do besides: the segment is full now, or the sync is a call of its own.
    enum Choice: String, Hashable { case usual = "", full = " full", apart = " apart" }

    /// What can happen now.
    var steps: [Step] {
        var all: [Step] = []
        for (index, caller) in callers.enumerated() {
            switch caller.phase {
            case .idle:
                guard !caller.work.isEmpty else { continue }
                all.append(.caller(index, .usual))
                if rotates, !isFull { all.append(.caller(index, .full)) }
            case .asleep(let kind, let ticket, let seen):
                if signals[kind].rounds[ticket & 3] != seen { all.append(.caller(index, .usual)) }
            case .performing(let job):
                all.append(.caller(index, .usual))
                if job.isSync, !job.rotates { all.append(.caller(index, .apart)) }
            // The next one may wake for no reason.
            case .next, .following, .pausing, .looking, .telling, .syncing:
                all.append(.caller(index, .usual))
            }
        }
        switch clock {
        case .absent, .done: break
        case .idle: if !leadership.isSyncing, writtenCount > durableCount { all.append(.clock) }
        case .syncing, .telling: all.append(.clock)
        }
        switch finisher {
        case .idle(let count): if count > 0, leadership.canFinish { all.append(.finisher) }
        case .finishing, .telling: all.append(.finisher)
        }
        return all
    }

    /// What is wrong when nothing must happen any more: a clock that has not begun may never do so, and a wait that
    /// wakes for no reason changes nothing.
    var complaintWhenQuiet: String? {
        switch clock {
        case .absent, .idle, .done: break
        case .syncing, .telling: return nil
        }
        guard case .idle = finisher else { return nil }
        let isQuiet = steps.allSatisfy { step in
            guard case .caller(let index, _) = step else { return true }
            guard case .next(let kind, let seen) = callers[index].phase else { return false }
            return signals[kind].lead == seen
        }
        guard isQuiet else { return nil }
        for (index, caller) in callers.enumerated() where !caller.isDone {
            return "caller \(index) sleeps for ever"
        }
        return leadership.isWriting || leadership.isSyncing ? "a token was not given back" : nil
    }

    var isAtEnd: Bool { callers.allSatisfy(\.isDone) }

    /// - Returns: What is wrong.
    mutating func perform(_ step: Step) -> String? {
        if step == .finisher { return performFinishing() }
        guard case .caller(let index, let choice) = step else { return performClock() }
        var caller = callers[index]
        perform(choice, &caller)
        callers[index] = caller
        if tookTooEarly { return "a job was taken while its frames were being finished" }
        guard caller.isJustTold else { return nil }
        callers[index].isJustTold = false
        let count = caller.caller.kind == .sync ? durableCount : writtenCount
        return count >= caller.target ? nil : "caller \(index) was told too early"
    }

    private mutating func perform(_ choice: Choice, _ caller: inout ModelCaller) {
        switch caller.phase {
        case .idle:
            if choice == .full { isFull = true }
            appended += 1
            caller.target = appended
            caller.caller = leadership.caller(caller.work[0])
            caller.hasDelayed = false
            look(&caller)
        case .looking, .next: look(&caller)
        case .pausing:
            leadership.endPause()
            look(&caller)
        case .following(let kind, let ticket): follow(&caller, kind, ticket)
        case .asleep(let kind, let ticket, _): caller.phase = .following(kind, ticket)
        case .performing(let job): finishWrite(&caller, job, isApart: choice == .apart)
        case .syncing(let job): finishSync(&caller, job)
        case .telling(var told, let rest):
            guard let first = told.popFirst() else { return end(&caller, rest) }
            tell(first)
            caller.phase = .telling(told, rest)
        }
    }

    private mutating func look(_ caller: inout ModelCaller) {
        let kind = caller.caller.kind
        guard !leadership.isComplete(caller.caller) else { return caller.finish() }
        let delay = delay && !caller.hasDelayed
        let step = leadership.nextStep(
            of: &caller.caller, rotates: isFull, waiterCount: 0,
            delay: delay ? CommitDelay(.seconds(1), minimumWaiters: minimumWaiters) : nil)
        switch step {
        case .reached, .failed: break
        case .lead:
            let job = ModelJob(isSync: kind == .sync, rotates: isFull, covered: appended)
            tookTooEarly = finisher.isFinishing
            leadership.take(syncs: job.isSync, rotates: job.rotates)
            isFull = false
            caller.phase = .performing(job)
        case .follow: caller.phase = .following(kind, Int(caller.caller.ticket))
        case .next: caller.phase = .next(kind, signals[kind].lead)
        case .delay, .gather:
            if step != .gather { caller.hasDelayed = true }
            caller.phase = .pausing
        }
    }

    private func follow(_ caller: inout ModelCaller, _ kind: RoundKind, _ ticket: Int) {
        let roundWaiters = signals[kind]
        if roundWaiters.completed >= ticket { return caller.finish() }
        caller.phase = .asleep(kind, ticket, roundWaiters.rounds[ticket & 3])
    }

    private mutating func finishWrite(
        _ caller: inout ModelCaller, _ job: ModelJob, isApart: Bool
    ) {
        let writes = leadership.finishWrite(releasesSync: job.rotates && !job.isSync)
        writtenCount = max(writtenCount, job.covered)
        var syncs: Rounds.Completion?
        if job.isSync, !isApart {
            syncs = leadership.finishSync(isRound: true)
            durableCount = max(durableCount, job.covered)
        }
        caller.phase = .telling(handOver(writes, syncs), isApart ? job : nil)
    }

    private mutating func finishSync(_ caller: inout ModelCaller, _ job: ModelJob) {
        let syncs = leadership.finishSync(isRound: true)
        durableCount = max(durableCount, job.covered)
        caller.phase = .telling(handOver(nil, syncs), nil)
    }

    /// Whom to tell, in the order in which it is done.
    private mutating func handOver(
        _ writes: Rounds.Completion?, _ syncs: Rounds.Completion?
    ) -> ArraySlice<ModelNews> {
        var news: [ModelNews] = []
        if leadership.handOver(.sync, rotates: isFull) || syncs?.hasOvertaken == true {
            news.append(.next(.sync))
        }
        if leadership.handOver(.write, rotates: isFull) || writes?.hasOvertaken == true {
            news.append(.next(.write))
        }
        if let syncs { news.append(.complete(.sync, syncs)) }
        if let writes { news.append(.complete(.write, writes)) }
        return news[...]
    }

    private mutating func tell(_ news: ModelNews) {
        switch news {
        case .next(let kind): signals[kind].lead += 1
        case .complete(let kind, let round):
            guard round.hasFollowers else { return }
            signals[kind].completed = max(signals[kind].completed, Int(round.ticket))
            signals[kind].rounds[Int(round.ticket & 3)] += 1
        }
    }

    private func end(_ caller: inout ModelCaller, _ rest: ModelJob?) {
        if let rest { caller.phase = .syncing(rest) } else { caller.finish() }
    }

    private mutating func performFinishing() -> String? {
        switch finisher {
        case .idle(let count):
            leadership.beginFinishing()
            finisher = .finishing(count - 1)
        case .finishing(let count):
            leadership.endFinishing()
            finisher = .telling(handOver(nil, nil), count)
        case .telling(var told, let count):
            if let first = told.popFirst() { tell(first) }
            finisher = told.isEmpty ? .idle(count) : .telling(told, count)
        }
        return nil
    }

    private mutating func performClock() -> String? {
        switch clock {
        case .absent, .done: break
        case .idle:
            leadership.takeSync()
            clock = .syncing(writtenCount)
        case .syncing(let covered):
            _ = leadership.finishSync(isRound: false)
            durableCount = max(durableCount, covered)
            clock = .telling(handOver(nil, nil))
        case .telling(var told):
            if let first = told.popFirst() { tell(first) }
            clock = told.isEmpty ? .done : .telling(told)
        }
        return nil
    }
}

struct ModelJob: Hashable {
    let isSync: Bool
    let rotates: Bool
    /// How many appends it covers.
    let covered: Int
}

enum ModelNews: Hashable {
    case next(RoundKind)
    case complete(RoundKind, Rounds.Completion)
}

struct ModelWaiters: Hashable {
    private var write = ModelRoundWaiters()
    private var sync = ModelRoundWaiters()
    subscript(kind: RoundKind) -> ModelRoundWaiters {
        get { kind == .write ? write : sync }
        set { if kind == .write { write = newValue } else { sync = newValue } }
    }
}

/// The numbers of `RoundWaiters`.
struct ModelRoundWaiters: Hashable {
    var lead = 0
    var rounds = [0, 0, 0, 0]
    var completed = 0
}

enum ModelClock: Hashable {
    case absent, idle, done
    case syncing(Int)
    case telling(ArraySlice<ModelNews>)
}

/// A thread that finishes frames before a job takes them, so many times yet.
enum ModelFinisher: Hashable {
    case idle(Int)
    case finishing(Int)
    case telling(ArraySlice<ModelNews>, Int)

    var isFinishing: Bool { if case .finishing = self { true } else { false } }
}

struct ModelCaller: Hashable {
    enum Phase: Hashable {
        case idle, looking, pausing
        case next(RoundKind, Int)
        case following(RoundKind, Int)
        case asleep(RoundKind, Int, Int)
        case performing(ModelJob)
        case syncing(ModelJob)
        case telling(ArraySlice<ModelNews>, ModelJob?)
    }

    var work: [RoundKind]
    var phase = Phase.idle
    var caller = Caller(kind: .sync, ticket: 0)
    var target = 0
    var hasDelayed = false
    var isJustTold = false

    var isDone: Bool { work.isEmpty && phase == .idle }

    mutating func finish() {
        work.removeFirst()
        phase = .idle
        isJustTold = true
    }
}
