// SPDX-License-Identifier: Apache-2.0

/// The document that says what the machine-readable descriptions and the vectors mean.
enum Guide {
    static let text = """
        \(Markdown.notice)

        # Descriptions and vectors, for programs

        Each `<format>.json` says what the document of the format says, in the form of `description.schema.json`.
        [notation.md](notation.md) says what it means; `formatgen check` holds the two against one another. Members that are
        not named here (`meaning`, `text`, `version`, `canonical`, `ignorable`, `layout`, `offset`, `covers`) are for
        people: reading does not depend on them.

        | in the JSON | in the document |
        | --- | --- |
        | `field` | Read `x`; `kind` is `unsigned` with `bytes`, `varint`, `zigzag`, `count` with `each`, `bytes` and `text` with `count`, `type` and `named` with `type` and `arguments` |
        | `loop` | Read `x`, `times` or `until` |
        | `check` | Check; `checksum` says the formula in parts, `storedAt` is where it lies |
        | `inflate` | Check, inflate |
        | `define`, `variable`, `assign` | Let, Begin, Set |
        | `when`, `select`, `each`, `window`, `within`, `seek`, `deliver` | If, As, For each, From, Within, Go on, Hand out |
        | `root`, `delivers`, `context` | the whole: its type, what is counted, what is known beforehand |
        | `tail` | the end, and recovery: `loop`, `torn`, `proofs` |
        | `files`, `carries` | the files of a set |

        A formula is a number; `{"number": "…"}` for one of 2^53 or more, or of -2^53 or less; `{"text": "…"}`;
        `{"tag": [table, name]}`, which is the number of that tag; a name, as a string; or an array of an operator and its operands. Operators are called as
        in the documents, and `?:` (condition, then, else), `.` (object, name), `at` (list, index), `list`, `object`.

        ## Repairing checksums

        To repair an input, read it, and at each check that is a checksum and does not hold, and whose four bytes lie within
        the input, store the right value there, least significant byte first, give it to the name `field` (`a.b` is the
        member `b` of `a`), and go on; any other error ends this reading. Then do all of this again until nothing changes,
        at most eight times, because a checksum may cover another one that is read later.

        ## Writing

        The same steps write a value, taken in the same order: a field is put where a reader would take it from,
        and what its bytes are is looked up in the value. What the description determines is not: a field or a list
        that has been determined is that, whatever the value says.

        1. A `result` is taken apart: a name has its value; `object`, `list` and a list plus a list have their parts;
           `at` has the place of the value in the list; a name of a `define` is its formula. What is computed otherwise
           is left out.
        2. A `check` that is an equality, or several joined by `&&`, determines the left side of each from the right
           one. A `check` of `isZero` makes what it names zeros, a checksum the four bytes that it is stored in. The
           condition of `until` does so behind the loop, `times` is the number of elements that the value has, and the
           size of `bytes` and `text` the number of their bytes.
        3. To determine a sum, a difference or a product is to determine its last operand that can be, the others being
           what they are; a name of a `define`, what its formula says; an element of `each`, the element; `end`, the
           `to` of the window around it, or else `size`. Only fields, lists and their elements can be determined, and
           `size`.
        4. Some of this is known only behind the place where it is written. So the value is written again and again,
           beginning with nothing, and each time with what was determined the time before; formulas see the bytes of
           the time before where nothing was written yet. It is done when nothing changes. A field that neither the
           value nor the description tells is zero in the meantime, and an error in the end.
        5. What was written counts only if it reads as the value.

        ## Vectors

        `Tests/Golden/vectors/<format>.json`, form in `Tests/Golden/vectors.schema.json`. An input is
        `bytes`: hexadecimal digits, or another test's input (`from` its `tcId`) and operations on it, in order:
        `["truncate", n]` keeps *n* bytes, `["set", offset, hex]` writes over, `["append", hex]`,
        `["repeat", hex, n]` appends *n* times. A set has `files` instead: paths and bytes; a folder of which the set says
        that it is there has its path, without a slash at the end, and `null` for bytes.
        `context` has what the caller knows, by the names of "Known beforehand": each a number, or `{"number": "…"}` for one of 2^53 or more, or `{"hex": "…"}`,
        or `{"text": "…"}`. `descriptionSHA256` is the SHA-256 of the file of the description.

        `expect` has an outcome for `strict`; `recover` is there when it differs from it. For a set it has an outcome
        for each mode of which something is said. `at` and `error` are the offset and the class; `errors` gives the
        category of each class. `file` is for sets: the path of the file that the error is in, or that is torn; a set that
        ends clean has none. `delivered` counts what was handed to the caller before the end or the error. `end` is `clean`
        or `torn` (then with `truncateTo`), both with the result `valid`, or `error`, with `invalid`. `proof` says which
        proof made an error stand in `recover`; without one it is left out. `maxAllocation` is the most bytes that a reader may hold at once beyond the input; it
        follows from `allocation`, which knows `size`, the context and the limits.

        `rules` is a list with the check that failed, in `strict`, for a set in `recover`; it is left out where none did. A
        testee gives its one element as `check` in its answer. An error of no named check has a word in brackets there:

        | word | the error |
        | --- | --- |
        | `[end]` | `truncated` of a number, of bytes, of text, of `packed`, of "Within", "From" and "Go on" |
        | `[padding]` | `nonCanonical` of `packed` |
        | `[numberTooLarge]`, `[countTooLarge]` | of that name |
        | `[shortest]` | `nonCanonical` of a varint |
        | `[utf8]` | `invalidUTF8` |
        | the name of a table, such as `[tag]` | the error of "As … says" |

        `value` is the decoded value of an input that is valid in `strict`, for a set of one that is valid in `recover`. Of
        a type without "Its value is" it shows what fields, loops and inflating named, in the order of first naming, also
        where "Begin" had named it before; neither arguments nor what "Let", "Begin" and "For each" named, also not in
        objects that a formula takes from such a type. Numbers are numbers, and decimal digits in a string from 2^53
        on and from -2^53 down; truth is true and false; bytes are hexadecimal digits; text is text; `none` is
        `null`. `roundtrip` is `exact` if writing the value gives the input again, bit by bit, which was done by the
        description alone, as above; zeros behind the last frame are no part of a value. It is `decodeOnly` if something in
        it is inflated: then several encodings have the value.

        A sweep stands for many inputs: each index of `range`, up to but without its end, applied to the test
        `from`. `truncate` keeps *n* bytes; `zeroFrom` makes byte *n* and all behind it zero; `flip` flips bit
        *n* mod 8 (from the lowest) of byte *n* / 8; `invert` flips all bits of byte *n*; `flipAndRepair` flips as
        `flip` does and then repairs all checksums that the reading meets, as above. For a set, `file` says which
        of its files is changed so, by itself, and checksums are repaired by that file's own format; `remove` leaves
        out the file that is the *n*th of the test, from 0. `outcomes` are run-length coded, in order, each for the
        modes that the test has; `at: "cut"` stands for the index.

        """
}
