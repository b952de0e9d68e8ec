// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnInterpreter

/// The entry for implementers.
struct ReadMe {
    let formats: [ResolvedFormat]
    let figures: [FormatFigures]

    var text: String {
        """
        \(FormatDocument.notice)

        # Formats

        Everything that Cairn writes to disk, for those who read or write it in another language. One declaration
        in the code stands behind all of it: these documents, the machine-readable descriptions, the test
        vectors, and the constants of the codecs. Version 1 is a draft until release 1.0.

        \(FormatDocument.table(["format", "for programs", "what it is"], formats.map {
            ["[\($0.name)](\($0.name).md)", "[json](\($0.name).json)", $0.description.meaning]
        }))

        Integers are little-endian. Checksums are CRC-32C (RFC 3720). A length that a checksum covers is used
        only after that checksum held.

        ## For implementers

        1. Read [segment](segment.md): the file of a log, and [batch](batch.md): what lies in its frames. To read
           graphs, add [GraphEvents](GraphEvents.md), [snapshot](snapshot.md) and
           [GraphSnapshot](GraphSnapshot.md); to read the values of other programs, add
           [coded-value](coded-value.md). Then [store](store.md): which files there are, and what holds across them.
        2. Check in the order in which the documents list the checks. The order decides which error is
           reported when several are there.
        3. Run the vectors in `Tests/Golden/vectors`; [description.md](description.md) says how they are read.
           An input is given as bytes, or as the input of another test and what is changed in it; a sweep stands
           for many inputs.
        4. Or write an interpreter of the descriptions instead of a codec: [description.md](description.md) is
           all it needs, and `Tools/conformance` holds one. `Tests/Golden/formulas.json` tries its formulas.
        5. Let `Tools/conformance/run --testee COMMAND` do it: your program answers a line of JSON for each input, and
           the suite says where it differs. The code of Cairn stands under the same suite, as
           `swift run formatgen serve`.

        ## What conforming means

        - **Required**: for every vector and every input of a sweep, in the modes that you offer, the same
          `result`, the same `delivered`, the same `truncateTo`, and an error of the same *category*. The
          categories are \(ErrorCategory.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")).
        - **Full marks**: also the same error class and the same offset.
        - A reader must stay below `maxAllocation` for the input, must end, and must not crash on any input. A
          testee that reports `allocated` is held to it.
        - A newer version is `unsupported`, never `corrupt`. Text of messages is never compared.
        - A writer conforms if a conforming reader reads what it writes, and if what is canonical has the
          bytes that the vectors have (`roundtrip` is `exact`). [description.md](description.md) says how the
          description alone writes a value.

        ## Figures

        Counted by `swift run formatgen vectors`. A case is written only if the interpreter of the declaration and
        the shipped codec agree in every mode. *Noticed* counts the checks of the description that
        some vector notices when they are switched off. *Written again* counts the valid inputs that a writer gives again that
        knows nothing but the declaration and the value without checksums, lengths, counts and padding; all are,
        but for compressed batches, which have many encodings, and sets of files. The map flips every bit of the
        examples.

        \(FormatDocument.table(
            ["format", "cases", "sweeps", "inputs of sweeps", "checks noticed", "written again", "bits flipped", "undetected", "torn"],
            figures.map { figure in
                let bits = figure.maps.reduce(0) { $0 + $1.bitCount }
                let undetected = figure.maps.reduce(0) { $0 + $1.undetected }
                let torn = figure.maps.reduce(0) { $0 + $1.tornCommitted }
                return [
                    figure.format, "\(figure.cases)", "\(figure.sweeps)", "\(figure.derived)",
                    "\(figure.noticed) of \(figure.checks)", "\(figure.written) of \(figure.valid)", "\(bits)", "\(undetected)", "\(torn)",
                ]
            }))

        ## Changing a format

        Change the declaration beside the codec, run `swift run formatgen generate`, and commit what it writes with
        the change. `swift run formatgen check` is part of CI and fails when anything is missing, changed or
        left over. `swift run formatgen annotate FILE` and `cairn inspect FILE` show what the bytes of a file mean.

        """
    }
}
