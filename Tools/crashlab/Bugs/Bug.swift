// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnIO
import CairnTesting

/// An old bug of some system, put into the store on purpose.
struct Bug: Sendable {
    /// What it is called on the command line.
    let name: String
    /// What goes wrong.
    let summary: String
    /// Where it happened.
    let origin: String
    /// The suites that should be tried first.
    let suspects: [String]
    /// What is done to the calls of the store; nil when the code of the modules has the bug in it.
    let lie: Lie?
    /// True when the modules must have been built with their old bugs.
    var isInCode: Bool { lie == nil }

    /// A bug that a lie to the disk makes.
    init(
        _ name: String, _ summary: String, _ origin: String, by suspects: String...,
        lie: @escaping Lie
    ) {
        self.name = name
        self.summary = summary
        self.origin = origin
        self.suspects = suspects
        self.lie = lie
    }

    /// A bug in the code, which has the same name there.
    init(inCode name: String, _ summary: String, _ origin: String, by suspects: String...) {
        self.name = name
        self.summary = summary
        self.origin = origin
        self.suspects = suspects
        lie = nil
    }

    /// All bugs.
    static let all = lies + inCode

    /// Whether this build has the bugs that are in the code: see `Tools/crashlab/build`.
    static var buildHasBugs: Bool { false }

    /// Switches the bug on, before anything is opened. Bugs made by lies need the laboratory, too.
    func activate() throws {
        if isInCode { throw Complaint("build with Tools/crashlab/build to have the bug \(name)") }
    }

    /// Switches every bug in the code off.
    static func deactivateAll() {
    }
}
