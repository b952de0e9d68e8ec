// SPDX-License-Identifier: Apache-2.0

import CairnFormats
import CairnInterpreter

/// The rule of a torn end, in words.
struct RecoveryText {
    let tail: TailRule
    let steps: StepText

    var text: String {
        let classes = tail.torn.map { Markdown.code($0.name) }.joined(separator: ", ")
        let proofs = tail.proofs.enumerated().map { "\($0 + 1). \(sentence($1))" }
        return """
            ## The end, and recovery

            \(tail.meaning)

            In the mode `strict` every error stands. In `recover`, an error that was met in a round of \
            \(Markdown.code(tail.loop)) is a torn end if it is one of \(classes), unless a proof holds; the input is \
            then valid and is to be cut off at `damage`, where that round began. Any other error stands. \
            [notation.md](notation.md#proofs) says how the searches go.

            Proofs of a loss, in the order in which they are tried:

            \(proofs.joined(separator: "\n"))
            """
    }

    private func sentence(_ proof: TailRule.Proof) -> String {
        let id = Markdown.code(proof.id)
        switch proof.search {
        case .later(let kind, let step, let when):
            return "\(id), search `later`: at \(Markdown.code("damage")) and every "
                + "\(Markdown.code("\(step)")) bytes behind it, \(steps.text(kind)); when "
                + "\(Markdown.code(when)). \(proof.meaning)"
        case .flip(let kind, let count, let when, let extent, let unless):
            return
                "\(id), search `flip`: with a bit of the first \(Markdown.code("\(count)")) bytes "
                + "flipped, \(steps.text(kind)); when \(Markdown.code(when)); extent "
                + "\(Markdown.code(extent)); unless \(Markdown.code(unless)). \(proof.meaning)"
        case .flipUnder(let check, let extent, let unless):
            return "\(id), search `flipUnder`: with a bit flipped of what \(Markdown.code(check)) "
                + "covers or of the checksum itself; extent \(Markdown.code(extent)); unless "
                + "\(Markdown.code(unless)). \(proof.meaning)"
        }
    }
}
