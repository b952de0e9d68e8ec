// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnFormats
import CairnInterpreter

/// The entry for implementers.
struct ReadMe {
    let formats: [ResolvedFormat]
    let figures: [FormatFigures]

    var text: String {
        """
        \(Markdown.notice)

        # Formats

        Everything that Cairn writes to disk, for those who read or write it in another language. One declaration in the
        code stands behind all of it: these documents, the machine-readable descriptions, the test vectors, and the
        constants of the codecs. Version 1 is a draft until release 1.0.

        Begin with [concepts.md](concepts.md): what a log, a segment, an LSN and a fence are, how the files hang together,
        and one frame taken apart down to its events. [notation.md](notation.md) says how to read the documents below.

        \(Markdown.table(["format", "what it is"], formats.map {
            ["[\($0.name)](\($0.name).md)", $0.description.meaning]
        }))

        Integers are little-endian. Checksums are CRC-32C (RFC 3720). A length that a checksum covers is used
        only after that checksum held.

        ## For implementers

        1. Read [segment](segment.md) and [batch](batch.md): the file of a log, and what lies in its frames. For graphs add
           [GraphEvents](GraphEvents.md), [snapshot](snapshot.md), [GraphSnapshot](GraphSnapshot.md); for the values of other
           programs [coded-value](coded-value.md); [program](program.md) says whose they are. Then [store](store.md): which
           files there are, and what holds across them.
        2. Check in the order in which the documents list the checks.
        3. Run the vectors in `Tests/Golden/vectors`; [description.md](description.md) says how they are read.
        4. Or interpret the JSON instead of writing a codec: `Tools/conformance` holds such a reader.
           `Tests/Golden/formulas.json` tries its formulas.
        5. `Tools/conformance/run --testee COMMAND` runs the vectors against your program, and
           `Tools/conformance/differ --testee COMMAND` damages inputs at random and compares it with the code of Cairn
           (`swift run formatgen serve`).

        ## What conforming means

        - **Required**: for every vector and every input of a sweep, in the modes that you offer, the same
          `result`, the same `delivered`, the same `truncateTo`, and an error of the same *category*. The
          categories are \(ErrorCategory.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")).
        - **Full marks**: also the same error class and the same offset. Texts are normalized by the data of Unicode 16
          or later: with an older version, some texts of characters younger than it come out otherwise.
        - A reader must stay below `maxAllocation` for the input, must end, and must not crash on any input. A
          testee that reports `allocated` is held to it.
        - A newer version is `unsupported`, never `corrupt`. Text of messages is never compared.
        - A writer conforms if a conforming reader reads what it writes, and if what is canonical has the
          bytes that the vectors have (`roundtrip` is `exact`).

        ## Figures

        Counted by `swift run formatgen vectors`. A case is written only if the interpreter of the declaration and
        the shipped codec agree in every mode. *Checks noticed* counts the checks that some vector notices when they are
        switched off; *changes noticed* the conditions, extents, attributes, arguments and file names that some vector
        notices when they are switched off or changed. *Written again* counts the valid inputs that a writer gives again
        that knows nothing but the declaration and the value without checksums, lengths, counts and padding; all are,
        but for compressed batches and sets of files.

        \(Markdown.table(
            ["format", "cases", "sweeps", "inputs of sweeps", "checks noticed", "changes noticed", "written again", "bits flipped", "undetected", "torn"],
            figures.map { figure in
                let bits = figure.maps.reduce(0) { $0 + $1.bitCount }
                let undetected = figure.maps.reduce(0) { $0 + $1.undetected }
                let torn = figure.maps.reduce(0) { $0 + $1.tornCommitted }
                return [
                    figure.format, "\(figure.cases)", "\(figure.sweeps)", "\(figure.derived)",
                    "\(figure.noticed) of \(figure.checks)",
                    "\(figure.changesNoticed) of \(figure.changes)",
                    "\(figure.written) of \(figure.valid)", "\(bits)", "\(undetected)", "\(torn)",
                ]
            }))

        ## Changing a format

        Change the declaration beside the codec, run `swift run formatgen generate`, and commit what it writes with
        the change. `swift run formatgen check` is part of CI and fails when anything is missing, changed or left over, and
        when a document does not say all that the description says. `swift run formatgen annotate FILE` and
        `cairn inspect FILE` show what the bytes of a file mean.

        """
    }
}
