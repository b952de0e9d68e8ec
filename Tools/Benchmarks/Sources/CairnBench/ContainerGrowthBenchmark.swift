// SPDX-License-Identifier: Apache-2.0
//
// The same commits to a small container and to a large one: what is appended must not cost more because there is more
// before it. Both are open at the same time and take turns, so that a slow moment of the disk hits either.

internal import BenchSupport
internal import CairnContainer
internal import CairnDurable

struct ContainerGrowthBenchmark {
    let options: BenchOptions

    init(_ options: BenchOptions) { self.options = options }

    private let turns = 4
    private let smallMegabytes = 10

    func run() async throws -> [ResultLine] {
        let directory = try options.makeDirectory("container-growth")
        defer { directory.remove() }
        let large = options.megabytes ?? 1_000
        let subjects = try [("small", min(smallMegabytes, large)), ("large", large)].map {
            try Subject($0, megabytes: $1, in: directory, options)
        }
        var times = [UInt64](repeating: 0, count: subjects.count)
        var counts = times
        for _ in 0..<turns {
            for (index, subject) in subjects.enumerated() {
                let window = Window(seconds: options.seconds / Double(turns * subjects.count))
                let tally = await options.repeating(MarkCommit(blobs: subject.blobs), in: window)
                try tally.check()
                times[index] += tally.nanoseconds(in: window)
                counts[index] += tally.latency.count
            }
        }
        let lines = subjects.indices.map { line(subjects[$0], counts[$0], times[$0]) }
        for subject in subjects { try await subject.blobs.close() }
        return lines
    }

    private func line(_ subject: Subject, _ commits: UInt64, _ nanoseconds: UInt64) -> ResultLine {
        var line = ResultLine(workload: Workload.containerGrowth.rawValue, peer: "cairn-container")
        line["size"] = .text(subject.size)
        line["file_bytes"] = .count(subject.byteCount)
        line.setCost(of: commits, nanoseconds, options)
        return line
    }
}

/// A container of one size.
private struct Subject {
    let size: String
    let blobs: Durable<Blobs>
    /// The bytes of the file before anything was measured.
    let byteCount: UInt64

    init(
        _ size: String, megabytes: Int, in directory: WorkDirectory, _ options: BenchOptions
    ) throws {
        let parent = try WorkDirectory(making: "\(directory.path)/\(size)")
        self.size = size
        blobs = try Durable.open(
            container: options.containerPath(parent.path), options: options.log(.everyCommit),
            checkpoints: .manual)
        let bytes = [UInt8](repeating: 0x5a, count: 1_000_000)
        for _ in 0..<megabytes { try blobs.commit(.kept(bytes)) }
        byteCount = parent.byteCount()
    }
}

/// A state that counts what its log has.
private struct Blobs: DurableState, Codable {
    var byteCount = 0

    enum Event: DurableEvent, Codable {
        case kept([UInt8])
        case marked
    }

    mutating func apply(_ event: Event) {
        if case .kept(let bytes) = event { byteCount += bytes.count }
    }
}

/// A small event.
private struct MarkCommit: AwaitedCommit {
    let blobs: Durable<Blobs>

    func commit(_ number: Int) throws { try blobs.commit(.marked) }

    func commitAwaiting(_ number: Int) async throws { try await blobs.commit(.marked) }
}
