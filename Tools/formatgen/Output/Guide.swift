// SPDX-License-Identifier: Apache-2.0

/// The document that says what the machine-readable descriptions mean.
enum Guide {
    static let text = """
        \(FormatDocument.notice)

        # How to read a description

        Each `<format>.json` here says all that a program needs to read that format, to check it, and to
        say what is wrong with it, in the order in which it must be checked. `description.schema.json` is
        the form of these files; this document says what they mean.

        ## Reading

        A reader has an input (bytes), a place in it (`here`), an end (`end`) and a stack of scopes. It
        begins at 0, with the end at the size of the input, and reads the type named `root`. What the
        caller knows beforehand (`context`) is known by name in the outermost scope; what the caller does not
        know has the value of `unknown`.

        To read a type: open a scope whose parent is the scope of the type that reads it, put the arguments
        into it, remember `here` as its `start`, and take the steps in order. The result is the formula
        `result`, or else an object of everything named in the scope. A vector's value shows of such an
        object what `field` and `loop` steps named, in the order of first naming.

        A name in a formula is looked up in the scope, then in its parent, and so on, then among the
        limits. The names `here`, `end`, `size` (of the input), `start` (of the innermost type) and `none`
        are always known.

        ## Steps

        | step | what it does |
        | --- | --- |
        | `field` | reads a kind and names the value |
        | `check` | fails with `error` at the offset `at` unless the formula is true; `checksum` says the same in parts |
        | `define`, `variable` | names a value; only variables are assigned to later |
        | `assign` | changes the nearest variable of that name: in this scope, or in its parent, and so on |
        | `when` | takes `steps` if the condition is true, else `otherwise` |
        | `select` | takes the steps of the case that has the tag; without one, fails with the error of the table's `unknown` at `at` |
        | `loop` | reads a kind again and again and appends the values to the list `name`, which is there, empty, from the beginning unless the scope has it already: `times` rounds, or `until` a formula is true, which is asked before each round. Both formulas are computed anew each time |
        | `each` | takes the steps for each element of a list, known as `name` |
        | `window` | takes the steps with `here` and `end` set to `from` and `to`; afterwards both are as before |
        | `seek` | sets `here` |
        | `inflate` | names the content of one zlib stream; see below |
        | `deliver` | counts something handed to the caller; the name that `delivers` says is what vectors count |

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
        | `truncated` | fewer bytes are left than `bytes` or `text` takes; a window or seek beyond the input | where they begin; `here` |
        | `numberTooLarge` | a varint has more than 64 bits: its tenth byte is above 1 | where the varint begins |
        | `nonCanonical` | the last byte of a varint of more than one byte is 0 | where the varint begins |
        | `countTooLarge` | a count is above the bytes left, behind it, divided by `each` | where the varint begins |
        | `invalidUTF8` | text is not UTF-8: overlong forms and surrogates are not either | where the text begins, behind its byte count |

        `numberTooLarge` is noticed at the tenth byte, `nonCanonical` at the last.

        ## Formulas

        A formula is a number; `{"number": "…"}` for one of 2^53 or more; `{"text": "…"}`;
        `{"tag": [table, name]}`, which is the number of that tag; a name, as a string; or an array of an operator
        and its operands. Numbers are exact, without a bound that matters here (96 bits suffice). What
        cannot be computed is `none`, and so is everything computed from it; `none` is not true and equals
        only itself.

        | operators | meaning |
        | --- | --- |
        | `+ - * / %` | as usual; `/` rounds to zero; `+` joins two lists |
        | `& \\| ^ << >>` | of bits |
        | `== !=` | equality of any two values; text equals text of the same bytes only |
        | `< <= > >=` | of numbers; of bytes and of text by bytes; of lists by their elements, a beginning before the whole; anything else is false |
        | `&& \\|\\| !` | of truth; later operands are left alone when the first decides |
        | `?:` | condition, then, else |
        | `.` | a member of an object |
        | `at` | an element of a list; `none` outside |
        | `list` | a list of the operands |
        | `object` | an object of names and values, in turn |
        | `min max sum count last` | of two numbers; of a list; `count` also counts bytes |
        | `contains append isSet pluck` | whether a list has a value; a list with one more; whether no value is there twice; the list of the members of that name |
        | `bytes` | the bytes of the input from one place to another, cut to the input |
        | `isZero joined le` | whether all bytes are zero (also of none); two runs of bytes; a number as so many bytes, least significant first |
        | `crc32c` | the CRC-32C of bytes, started from a seed: the checksum of the bytes before, or a salt |
        | `ones` | how many bits are set in a number, or in a list of them |
        | `rank` | how many bits are set in a list of 64-bit words, lowest bit first, below a place |
        | `utf8` | the bytes of a text |
        | `isNFC nfd` | whether a text is in Unicode normalization form C; its form D |
        | `known attribute` | whether a table has a tag; the attribute of a tag, 0 if there is none |
        | `digits` | the number that a text is in decimal digits, all of it; else `none` |

        ## Checksums

        A checksum lies where what it covers ends (`storedAt`), in four bytes. To repair an input, read it,
        and at each check that is a checksum and does not hold, store the right value and go on with that;
        then do all of this again until nothing changes, at most eight times, because a checksum may
        cover another one that is read later.

        ## zlib

        `inflate` takes exactly one stream (RFC 1950) without a dictionary, which ends where its bytes end
        and holds exactly `byteCount` bytes. Anything else is its error. Never more than `byteCount` bytes
        need to be held.

        ## Modes

        `strict` ends at the first error. `salvage` does the same for a single input: what was delivered
        before counts. `recover` looks at `tail`:

        1. If the error was not within a round of the loop of that name, or is not among `torn`, it stands.
        2. `damage` is where the round began. The proofs are tried in order; if one holds, the error stands.
        3. Otherwise the input is valid with a torn end, which is to be cut off at `damage`.

        | search | holds when |
        | --- | --- |
        | `later` | at `damage`, or a multiple of `step` bytes behind it, the kind can be read without an error up to the end of the input, and `when` is true in its scope |
        | `flip` | there is a bit in the first `byteCount` bytes from `damage` on, tried from the lowest of the first byte, with which flipped the kind can be read there, and `when` is true in its scope; only the first such bit counts, and only if `unless` is false |
        | `flipUnder` | the error was that of `check`, and flipping one bit of what its checksum covers, or of the checksum, makes it hold; and `unless` is false |

        The scope of such a kind has as its parent the scope of the loop. In `unless`, `byte` is where the
        flipped bit lies and `extent` is the formula of that name; both are computed on the unflipped input, in
        the scope of the kind or of the type in which the check failed.

        # How to read vectors

        `Tests/Golden/vectors/<format>.json`, form in `Tests/Golden/vectors.schema.json`. An input is
        `bytes`: hexadecimal digits, or another test's input (`from` its `tcId`) and operations on it, in order:
        `["truncate", n]` keeps *n* bytes, `["set", offset, hex]` writes over, `["append", hex]`,
        `["repeat", hex, n]` appends *n* times.

        `expect` has an outcome for `strict`; `recover` and `salvage` are there when they differ from it. `at` and
        `error` are the offset and the class; `errors` gives the category of each class. `delivered` counts what
        was handed to the caller before the end or the error. `end` is `clean`, `torn` (then `truncateTo`) or
        `error`. `proof` says which proof made an error stand in `recover`. `maxAllocation` is the most bytes
        that a reader may allocate for this input.

        A sweep stands for many inputs: each index of `range`, up to but without its end, applied to the test
        `from`. `truncate` keeps *n* bytes; `zeroFrom` makes byte *n* and all behind it zero; `flip` flips bit
        *n* mod 8 (from the lowest) of byte *n* / 8; `flipAndRepair` then repairs all checksums that the
        reading meets, as above. `outcomes` are run-length coded, in order; `at: "cut"` stands for the index.

        """
}
