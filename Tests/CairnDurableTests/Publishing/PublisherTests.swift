// SPDX-License-Identifier: Apache-2.0

@testable import CairnDurable
import CairnFormat
import CairnLSN
import Testing

/// Every interleaving of appending, syncing, failing, publishing and reading, for small numbers of commits.
struct PublisherTests {
    /// A state that is the list of the commits in it.
    struct Trace: DurableState, Codable {
        var commits: [UInt64] = []
        struct Event: DurableEvent, Codable { let number: UInt64 }
        mutating func apply(_ event: Event) { commits.append(event.number) }
    }

    enum Action: Hashable, Sendable {
        /// The next writer stages its commit.
        case stage
        /// A round of the log ends, which covers so many of the commits.
        case reach(UInt64)
        /// A write or a sync fails.
        case fail
        /// A waiter of a commit comes back and publishes.
        case publish(UInt64)
    }

    @Test(arguments: [Publication.view, .secondCopy], [1, 2, 3])
    func everyInterleavingKeepsThePrefix(_ publication: Publication, _ commitCount: UInt64) throws {
        var schedules = 0
        func explore(_ actions: [Action], _ model: Model) throws {
            schedules += 1
            for action in model.possible(upTo: commitCount) {
                var next = model
                next.take(action)
                let run = Run(publication)
                for action in actions + [action] { run.perform(action) }
                try run.check(next, actions + [action])
                try explore(actions + [action], next)
            }
        }
        try explore([], Model())
        #expect(schedules > Int(commitCount))
    }

    /// What must hold, said naively.
    struct Model {
        var staged: UInt64 = 0
        var reached: UInt64 = 0
        var published: UInt64 = 0
        var waiting: Set<UInt64> = []
        var hasFailed = false

        func possible(upTo count: UInt64) -> [Action] {
            // A waiter comes back when its round is over, or nothing more will come.
            let back = waiting.sorted().filter { hasFailed || $0 <= reached }
            var actions: [Action] = back.map { .publish($0) }
            guard !hasFailed else { return actions }
            if staged < count { actions.append(.stage) }
            if reached < staged { actions += (reached + 1...staged).map { .reach($0) } }
            if staged > 0 { actions.append(.fail) }
            return actions
        }

        mutating func take(_ action: Action) {
            switch action {
            case .stage:
                staged += 1
                waiting.insert(staged)
            case .reach(let fence): reached = fence
            case .fail: hasFailed = true
            case .publish(let commit):
                waiting.remove(commit)
                // A commit that readers see already publishes nothing.
                if published < commit { published = reached }
            }
        }
    }

    /// The publisher itself, with a log that is two numbers.
    final class Run {
        let publisher: Publisher<Trace>
        let publication: Publication
        var head = Trace()
        var reached: UInt64 = 0
        var hasFailed = false

        init(_ publication: Publication) {
            self.publication = publication
            publisher = Publisher(Trace(), at: .never)
        }

        func perform(_ action: Action) {
            switch action {
            case .stage:
                let number = UInt64(head.commits.count) + 1
                head.apply(Trace.Event(number: number))
                let change =
                    publication == .view
                    ? ViewChange(StateBox(head))
                    : EventsChange<Trace>([Trace.Event(number: number)])
                publisher.core.stage(change, at: LSN(rawValue: number))
            case .reach(let fence): reached = fence
            case .fail: hasFailed = true
            case .publish(let commit):
                if commit <= reached {
                    publisher.core.publish(
                        upTo: LSN(rawValue: reached), needed: LSN(rawValue: commit))
                } else if hasFailed {
                    publisher.core.publish(
                        upTo: LSN(rawValue: reached), needed: LSN(rawValue: .max))
                    publisher.core.stop()
                }
            }
        }

        func check(_ model: Model, _ actions: [Action]) throws {
            let expected = Array(0..<model.published).map { $0 + 1 }
            let (seen, lsn) = publisher.readWithLSN { ($0.commits, $1) }
            #expect(seen == expected && lsn.rawValue == model.published, "\(actions)")
            if model.hasFailed, model.waiting.isEmpty {
                #expect(publisher.newestState().commits == expected, "\(actions)")
            }
        }
    }

    @Test func whatComesOutOfOrderIsAMistake() async {
        await #expect(processExitsWith: .failure) {
            var queue = PublicationQueue(publishedLSN: LSN(rawValue: 5))
            queue.append(ViewChange(StateBox(1)), at: LSN(rawValue: 5))
        }
    }
}
