// SPDX-License-Identifier: Apache-2.0

/// One scenario with all that its outline left open filled in.
struct Scenario: Sendable {
    /// The folders and the name of the feature, such as `clauses/match/Match1`.
    let feature: String
    let name: String
    let steps: [Step]

    /// The folder, by which results are counted.
    var category: String {
        feature.split(separator: "/").dropLast().joined(separator: "/")
    }
}

/// One line of a scenario with what stands below it.
struct Step: Sendable {
    /// The line without its first word.
    let text: String
    /// The text between triple quotation marks.
    var document: String?
    /// The rows between bars.
    var table: [[String]] = []
}
