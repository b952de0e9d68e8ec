// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CairnIO

/// The laboratory in which Cairn is broken in every way that anyone thought of.
@main
struct Crashlab: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crashlab",
        abstract: "Crashes, errors and damage, all of them, on a simulated disk.",
        subcommands: [
            CICommand.self, LongCommand.self, ReinjectCommand.self, ReproduceCommand.self,
            DocumentCommand.self, SoakCommand.self, PowerCommand.self,
        ])
}
