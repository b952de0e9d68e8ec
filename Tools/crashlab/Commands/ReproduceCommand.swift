// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Repeats one experiment.
struct ReproduceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reproduce",
        abstract: "Repeats the experiment of one line, as a failure prints it.",
        discussion: "A line that ends in with-bug:… needs a build by Tools/crashlab/build.")

    @Argument(help: "The line.")
    var line: String

    func run() throws {
        do {
            try Self.reproduce(line)
            print("nothing is wrong")
        } catch let complaint as Complaint {
            print(complaint.description)
            throw ExitCode.failure
        }
    }

    /// - Throws: What is wrong.
    static func reproduce(_ line: String) throws {
        guard let reproduction = Reproduction(line),
            let suite = Suites.all.first(where: { $0.name == reproduction.suite })
        else { throw ValidationError("not the line of an experiment: \(line)") }
        var laboratory = Laboratory()
        if !reproduction.bug.isEmpty {
            guard let bug = Bug.all.first(where: { $0.name == reproduction.bug }) else {
                throw ValidationError("no such bug: \(reproduction.bug)")
            }
            laboratory.bug = bug
            try bug.activate()
        }
        defer { Bug.deactivateAll() }
        try suite.init().reproduce(reproduction, in: laboratory)
    }
}
