// SPDX-License-Identifier: Apache-2.0

/// The document that says what the machine-readable descriptions mean.
enum Guide {
    static let text = """
        \(FormatDocument.notice)

        # How to read a description

        Each `<format>.json` here says all that a program needs to read that format, to check it, and to
        say what is wrong with it, in the order in which it must be checked. `description.schema.json` is
        the form of these files; this document says what they mean. Members that it does not speak of (`meaning`,
        `text`, `version`, `canonical`, `ignorable`, `layout`, `offset`, `covers`) are for people: reading does not
        depend on them.

        Values are numbers, truth (true and false), bytes, text, lists, objects (names and values, in order) and
        `none`. Values of two kinds are never equal, so 1 is not true and text is not bytes.

        ## Reading

        A reader has an input (bytes), a place in it (`here`), an end (`end`) and a stack of scopes. It
        begins at 0, with the end at the size of the input, and reads the type named `root`. What the
        caller knows beforehand (`context`) is known by name in the outermost scope; what the caller does not
        know has the value of `unknown`. Bytes behind the last step of the root are no error by themselves.

        To read a type: compute its arguments in the scope of the type that reads it, open a scope whose parent
        is that scope, put the arguments into it, remember `here` as its `start`, and take the steps in order. The
        result is the formula `result`, computed in the scope of the type behind its last step, or else an object of
        everything named in the scope. A vector's value shows of such an object what `field`, `loop` and `inflate`
        steps named, in the order of first naming. A step that names what the scope has already gives it another
        value, in its place. `when`, `select`, `each` and `window` open no scope.

        A name in a formula is looked up in the scope, then in its parent, and so on, then among the
        limits; the first scope that has it decides, also if its value there is `none`. A name that nothing has
        is `none`. The names `here`, `end`, `size` (of the input), `start` (of the innermost type) and `none` are
        always known, and nothing else is called so.

        Types may lie within one another at least 400 deep; no vector goes deeper.

        ## Steps

        | step | what it does |
        | --- | --- |
        | `field` | reads a kind and names the value |
        | `check` | fails with `error` at the offset `at` unless the formula is true; `checksum` says the same in parts, and `file` is for sets of files |
        | `define`, `variable` | names a value; only variables are assigned to later |
        | `assign` | changes the nearest value of that name: in this scope, or in its parent, and so on; without one it does nothing |
        | `when` | takes `steps` if the condition is true, else `otherwise` |
        | `select` | takes the steps of the case that has the tag; without one, or if it is no number, fails with the error of the table's `unknown` at `at`, or does nothing if that names no error |
        | `loop` | reads a kind again and again and appends the values to the list `name`, which is there, empty, from the beginning unless the scope has it already: `times` rounds, or `until` a formula is true, which is asked before each round. Both formulas are computed anew each time; no round is made for `times` that is no number or not above 0. A round of `until` that moves nothing would never end: no sound description has one |
        | `each` | takes the steps for each element of a list, known as `name`, also behind the step; of what is no list there are none |
        | `window` | takes the steps with `here` and `end` set to `from` and `to`, which lie within the input, also outside of the window around it; afterwards both are as before |
        | `seek` | sets `here`, at most to `end` |
        | `inflate` | names the content of one zlib stream; see below |
        | `deliver` | counts something handed to the caller; the name that `delivers` says is what vectors count |

        An `at` that is no number is 0.

        ## Kinds

        | kind | how it is read |
        | --- | --- |
        | `unsigned` | so many bytes, least significant first |
        | `varint` | unsigned LEB128: seven bits a byte, least significant first, the top bit set on all but the last |
        | `zigzag` | a varint *n*, which stands for *n*/2 if it is even and -(*n*+1)/2 if it is odd |
        | `count` | a varint that counts things of at least `each` bytes |
        | `bytes` | so many bytes |
        | `text` | so many bytes of UTF-8 |
        | `type` | another type, with arguments computed in the scope that reads it |
        | `named` | the type whose name a formula gives |

        These errors belong to the kinds and stand in no step:

        | error | when | offset |
        | --- | --- | --- |
        | `truncated` | fewer bytes are left before `end` than a number has | where that number begins; for a varint the byte that is missing |
        | `truncated` | fewer bytes are left before `end` than `bytes` or `text` takes, or how many is no number or below 0 | where they begin |
        | `truncated` | a window whose places are no numbers, in the wrong order, below 0 or beyond the input; a seek to what is no number, below 0 or beyond `end` | `here`, before the step |
        | `numberTooLarge` | a varint has more than 64 bits: its tenth byte is above 1 | where the varint begins |
        | `nonCanonical` | the last byte of a varint of more than one byte is 0 | where the varint begins |
        | `countTooLarge` | a count is above the bytes left before `end`, behind it, divided by `each` and rounded down | where the varint begins |
        | `invalidUTF8` | text is not UTF-8: overlong forms and surrogates are not either; U+0000 and unassigned characters are | where the text begins, behind its byte count |

        `numberTooLarge` is noticed at the tenth byte, whatever follows it, `nonCanonical` at the last. The type that
        `named` names is always there in a sound description.

        In vectors, `rules` names the check that failed. For what a kind demands there is a word in brackets:
        `[end]`, `[numberTooLarge]`, `[shortest]`, `[countTooLarge]`, `[utf8]`, and for a `select` its table.

        ## Formulas

        A formula is a number; `{"number": "…"}` for one of 2^53 or more; `{"text": "…"}`;
        `{"tag": [table, name]}`, which is the number of that tag; a name, as a string; or an array of an operator
        and its operands, as many as the table shows. Numbers are whole and exact, from -2^127 to 2^127 - 1; what is
        outside is `none`. What cannot be computed, or not of values of these kinds, is `none`, and so is
        everything computed from `none`, but for `==`, `!=`, comparisons, truth, `?:`, elements of `list` and
        `object`, and what `append` and `contains` look for. `none` is not true, equals only itself, and is
        neither less nor greater than anything. Formulas change nothing, so their order does not matter.
        `Tests/Golden/formulas.json` has formulas and what they give, at all these edges.

        | operators | meaning |
        | --- | --- |
        | `+ - * / %` | as usual; `/` rounds to zero, and `%` is what it leaves, with the sign of the first; both are `none` for a divisor that is not above 0; `+` joins two lists |
        | `& \\| ^` | of bits; a number below 0 has all higher bits set |
        | `<< >>` | times and divided by a power of two, rounding down; by 0 to 63, else `none` |
        | `== !=` | equality of any two values; text equals text of the same bytes only, an object one with the same names in the same order and equal values |
        | `< <= > >=` | of numbers; of bytes and of text by bytes; of lists by their elements, a beginning before the whole; anything else is false |
        | `&& \\|\\| !` | of truth: what is not true counts as false |
        | `?:` | condition, then, else, which is taken unless the condition is true |
        | `.` | a member of an object; `none` of anything else, and without one of that name |
        | `at` | an element of a list; `none` outside |
        | `list` | a list of the operands |
        | `object` | an object of names (texts) and values, in turn; no name twice |
        | `min max` | of two numbers |
        | `sum count last` | of a list: 0, 0 and `none` of an empty one; `sum` is `none` if an element is no number; `count` also counts the bytes of bytes and of text |
        | `contains append isSet pluck` | whether a list has a value; a list with one more; whether no value is there twice; the list of the members of that name, `none` for an element without one |
        | `bytes` | the bytes of the input from one place to another, cut to the input; none if the places are in the wrong order. The window around it makes no difference |
        | `isZero` | whether all bytes are zero, also if there is none |
        | `joined` | two runs of bytes, or texts, as bytes |
        | `le` | a number as so many bytes, 0 to 16, least significant first; higher bits are left out |
        | `crc32c` | the CRC-32C of bytes or of a text, started from a seed modulo 2^32: the checksum of the bytes before, or a salt |
        | `ones` | how many bits are set in a number, or in a list of them, none of them below 0 |
        | `rank` | how many bits are set in a list of 64-bit words, lowest bit first, below a place that is not below 0; all of them if it lies behind the last word |
        | `utf8` | the bytes of a text, or bytes as they are |
        | `isNFC nfd` | whether a text is in Unicode normalization form C; its form D |
        | `known attribute` | whether a table has a tag; the attribute of a tag, 0 if there is no such tag or attribute |
        | `digits` | the number that a text, or bytes, is in ASCII digits, all of it and at least one; else `none` |

        ## Checksums

        A checksum lies where what it covers ends (`storedAt`), in four bytes. To repair an input, read it,
        and at each check that is a checksum and does not hold, and whose four bytes lie within the input, store the
        right value there, least significant byte first, give it to the name `field` (`a.b` is the member `b` of `a`),
        and go on; any other error ends this reading. Then do all of this again until nothing changes, at most eight
        times, because a checksum may cover another one that is read later.

        ## zlib

        `inflate` takes exactly one stream (RFC 1950) without a dictionary, which ends where its bytes end
        and holds exactly `byteCount` bytes. Anything else is its error, also places that are no numbers or do not
        lie within the input. Never more than `byteCount` bytes need to be held.

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

        ## Modes

        `strict` ends at the first error; what was delivered before counts. `recover` looks at `tail`, and is the
        same as `strict` in a format without one. `salvage` is for sets of files alone.

        1. If the error was not within a round of the loop of that name, or is not among `torn`, it stands.
        2. `damage` is where the round began, known in the scope of the loop. The proofs are tried in order; if one
           holds, the error stands.
        3. Otherwise the input is valid with a torn end, which is to be cut off at `damage`.

        | search | holds when |
        | --- | --- |
        | `later` | at `damage`, or a multiple of `step` bytes behind it and before the end of the input, the kind can be read without an error, with the end at the end of the input, and `when` is true in its scope |
        | `flip` | there is a bit in the first `byteCount` bytes from `damage` on, tried from the lowest of the first byte, with which flipped the kind can be read there, and `when` is true in its scope; only the first such bit counts, and only if `unless` is false |
        | `flipUnder` | the error was that of `check`, and flipping one bit of what its checksum covers, or of the checksum, makes it hold; and `unless` is false |

        The scope of such a kind has as its parent the scope of the loop, where its arguments are computed, with the
        values that the names had when the error was met. In `unless`, `byte` is where the flipped bit lies and `extent` is the formula of that
        name; both formulas are computed on the unflipped input, with `here` at 0 and the end at the size of the input,
        in the scope of the kind (with the values that it has with the bit flipped) or of the type in which the
        check failed.

        ## Sets of files

        A description with `files` is of a set: a directory, or anything else that has paths and bytes. Its rules
        are types, and all of them have one scope as their parent: that of the root type, whose steps are taken first,
        and whose `result`, computed last, is the value of the set. In that scope `mode` is the name of the mode.

        The kinds of `files` are read in order; a kind without rules is not read. Its files are those in `folder` whose
        names are `named`: texts, numbers, and so many hexadecimal digits in lower case. A number has at least `digits`
        decimal digits, more only without zeros in front, and is at least `least` and below 2^64. The files are
        in the order of these numbers, compared one after the other; from the largest if `isDescending`. Behind each
        file `until` is asked, if it is there; no further file of the kind is read once it is true.

        | rules | when they are taken | what is known |
        | --- | --- | --- |
        | `before` | once, before the first file | `folder`: `exists`, whether there is anything of that path or in it, and `fileCount` |
        | `opened` | for each file, after it was read by its `format` with that `context` | `file` |
        | `each` | for each thing that reading the file delivered, in order, also before an error. The input is that file, and `here` and `start` are where the type that delivered it began | `file`, `element` |
        | `closed` | for each file, last | `file` |
        | `after` | once, after the last file | `folder` |

        Outside of `each` the input of a rule is the file, from 0; of `before` and `after` it is empty. `file` has
        `path`, the numbers of its name, `isFirst` and `isLast` in the order of reading, and what came of reading it:
        `content`, an object of all that its root had named when it ended; `error` and `category` (texts), `at` and
        `torn` (numbers); `none` where there is nothing. `context` is computed before the file is read, and knows of
        `file` only the path, the numbers and the order. A file is read in the mode `strict`; the last one of a kind
        that has `lastMayBeTorn` in the mode `recover`, whatever the mode of the set is, and `torn` is its `truncateTo`.
        `element` is an object of everything named in the scope that delivered.

        A check that does not hold names a file: the one that its formula `file` gives, else the one at hand. In
        `strict` and `recover` it ends the reading. In `salvage` it is noted, and the next step is taken; any other
        failure is noted and ends that rule alone; the outcome is what was noted first. A set is torn if a file has
        `torn` and nothing is wrong.

        `carries` says which member of what is delivered holds bytes of another format, and of which ones it may be;
        reading the set does not look into them.

        # How to read vectors

        `Tests/Golden/vectors/<format>.json`, form in `Tests/Golden/vectors.schema.json`. An input is
        `bytes`: hexadecimal digits, or another test's input (`from` its `tcId`) and operations on it, in order:
        `["truncate", n]` keeps *n* bytes, `["set", offset, hex]` writes over, `["append", hex]`,
        `["repeat", hex, n]` appends *n* times. A set has `files` instead: paths and bytes, `null` for a folder.
        `context` is what the caller knows: a number, or `{"number": "…"}` for one of 2^53 or more, or `{"hex": "…"}`,
        or `{"text": "…"}`. `descriptionSHA256` is the SHA-256 of the file of the description.

        `expect` has an outcome for `strict`; `recover` is there when it differs from it. For a set it has an outcome
        for each mode of which something is said. `at` and `error` are the offset and the class, `file` the file of a
        set; `errors` gives the category of each class. `delivered` counts what was handed to the caller before the
        end or the error. `end` is `clean`, `torn` (then `truncateTo`) or `error`. `proof` says which proof made an error
        stand in `recover`. `maxAllocation` is the most bytes that a reader may hold at once beyond the input; it
        follows from `allocation`, which knows `size`, the context and the limits. The shipped code is measured
        against it.

        `value` is the decoded value of a valid input: numbers as numbers, of 2^53 or more as decimal digits in a
        string; bytes as hexadecimal digits; text as text; `none` as `null`. The description tells which is which.
        `roundtrip` is `exact` if writing the value gives the input again, bit by bit, which was done by the
        description alone, as above; zeros behind the last frame are no part of a value. It is `decodeOnly` if
        something in it is inflated: then several encodings have the value.

        A sweep stands for many inputs: each index of `range`, up to but without its end, applied to the test
        `from`. `truncate` keeps *n* bytes; `zeroFrom` makes byte *n* and all behind it zero; `flip` flips bit
        *n* mod 8 (from the lowest) of byte *n* / 8; `invert` flips all bits of byte *n*; `flipAndRepair` flips as
        `flip` does and then repairs all checksums that the reading meets, as above. For a set, `file` says which
        of its files is changed so, by itself, and checksums are repaired by that file's own format; `remove` leaves
        out the file that is the *n*th of the test, from 0. `outcomes` are run-length coded, in order, each for the
        modes that the test has; `at: "cut"` stands for the index.

        """
}
