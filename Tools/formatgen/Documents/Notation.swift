// SPDX-License-Identifier: Apache-2.0

/// The document that says what the steps in the documents of the formats mean.
enum Notation {
    static let text = [start, steps, kinds, formulas, ends, sets].joined(separator: "\n\n") + "\n"

    private static let start = """
        \(Markdown.notice)

        # What the steps mean

        Each document of a format lists its *types*, and for each type its *steps*, in the order in which a reader
        takes them. The order decides which error is reported when several are there. What stands in backquotes is
        exact: names, numbers, formulas. The same is in the JSON files, for programs ([description.md](description.md)).

        ## Reading

        A reader has the input (bytes), a place in it (`here`), an end (`end`) and scopes, which have names and
        values. It begins with `here` at 0 and `end` at the size of the input, and reads the type that the document
        calls the whole. What the caller knows beforehand has its name in the outermost scope; what the caller does not
        know has the value that the table gives for that. Bytes behind the last step of the whole are no error by
        themselves.

        To read a type: compute its arguments in the scope of the type that reads it, open a scope whose parent is that
        scope, put the arguments into it, remember `here` as its `start`, and take the steps. Its value is the formula
        behind "Its value is", computed in its scope after the last step; without one it is an object of everything
        named in the scope. What "Given" lists is what a type expects to be told; further arguments do no harm.

        A name in a formula is looked up in the scope, then in its parent, and so on, then among the limits; the first
        that has it decides, even if its value is `none`. A name that nothing has is `none`. `here`, `end`, `size` (of
        the input), `start` (of the innermost type) and `none` are always known. Naming what the scope has already gives
        it another value. Types may lie within one another at least 400 deep.

        Values are numbers, truth (true and false), bytes, text, lists, objects (names and values, in order) and `none`.
        Values of two kinds are never equal: 1 is not true, and text is not bytes.
        """

    private static let steps = """
        ## Steps

        | step | what it does |
        | --- | --- |
        | Read `x`, KIND | reads a kind (below) and names its value |
        | Read `x`, `y` of the layout `L` | reads the fields of those names, one behind the other, with the types in the table of the layout; `preamble` is the name of the first four fields of a file header |
        | Read `x`, `n` times KIND | reads a kind *n* times into the list `x`, which begins empty unless the scope has it already; `n` is computed before each round; not above 0, or no number, is no round |
        | Read `x`, until `c`, KIND | the same, until `c` is true, which is asked before each round |
        | **Check `id`**: `c`, else `e` at `p` | fails with the error `e` at the offset `p` (0 if that is no number) unless `c` is true. `id` names the check. "of the file" is for sets |
        | **Error `id`**: `e` at `p` | always fails so |
        | **Check `id`**: inflate … | names the content of one zlib stream, see below, or fails |
        | Let `x` be `f`; Begin with `x` as `f` | names a value; only one that was begun with is set later |
        | Set `x` to `f` | changes the nearest `x`: in this scope, else in its parent, and so on; if nothing has it, nothing happens |
        | If `c`: … Otherwise: … | takes the steps below it if `c` is true, else those below "Otherwise" |
        | As `t` says, of the values of `T`, else `e` at `p` | takes the steps below the value that `t` is; for any other, or no number, fails with `e` at `p`, or does nothing after "else nothing" |
        | For each `x` of `l` | takes the steps below it for each element of the list, known as `x`, also afterwards; none for what is no list |
        | Within `b`, as if at `p` | takes the steps below it with another input: that up to *p*, then the bytes *b*, and no more; `here` is *p*, `end` and `size` are where the bytes end. So offsets of errors are counted from *p*. Afterwards all is as before |
        | From `a` to `b` | takes the steps below it with `here` at *a* and `end` at *b*, which lie within the input but maybe outside of the window around; afterwards both are as before |
        | Go on at `p` | sets `here`, at most to `end` |
        | Hand out the `x` | gives it to the caller; it is what vectors count, if the document says so |

        Only types open scopes. A checksum is a check like any other: `crc32c(bytes(from, to), seed) == field`, and it is
        stored at `to`.

        `inflate` takes exactly one zlib stream (RFC 1950) without a dictionary, which ends where its bytes end and holds
        exactly as many bytes as are said. Anything else is its error, also places or sizes that are no numbers or do not
        lie within the input. Never more than that many bytes need to be held. A stream may refer back further than the window
        that it declares: that size is not enforced.
        """

    private static let kinds = """
        ## Kinds

        | kind | how it is read |
        | --- | --- |
        | `u8`, `u16`, `u32`, `u64` | 1, 2, 4, 8 bytes, least significant first |
        | `varint` | unsigned LEB128: seven bits a byte, least significant first, the top bit set on all but the last |
        | `zigzag` | a varint *n*, which stands for *n*/2 if it is even and -(*n*+1)/2 if it is odd |
        | a `count` of things of `m` bytes or more | a varint |
        | `bytes`, `n` of them | so many bytes |
        | `text` of `n` bytes | so many bytes of UTF-8 |
        | `packed`, `n` of `w` bits | a list of *n* unsigned numbers of *w* bits, at most 64, one behind the other: bit *i* of them all is bit *i* % 8 of byte *i* / 8, and each has its lowest bit first. Bits that are left of the last byte are zero |
        | a `T` with `a` = `f` | another type, with arguments |
        | the type that `f` names | the type whose name the formula gives |

        These errors belong to the kinds and stand in no step:

        | error | when | offset |
        | --- | --- | --- |
        | `truncated` | fewer bytes are left before `end` than a number has | where that number begins; for a varint the byte that is missing |
        | `truncated` | fewer bytes are left before `end` than `bytes` or `text` takes, or how many is no number or below 0 | where they begin |
        | `truncated` | fewer bytes are left before `end` than `packed` takes, or how many, or how wide, is no number, below 0, or above 2^24 or 64 | where they begin |
        | `truncated` | "Within" with what is no bytes or no text, or a place that is no number, below 0 or beyond the input | `here`, before the step |
        | `truncated` | "From" with places that are no numbers, in the wrong order, below 0 or beyond the input; "Go on" with what is no number, below 0 or beyond `end` | `here`, before the step |
        | `numberTooLarge` | a varint has more than 64 bits: its tenth byte is above 1. Noticed at that byte, whatever follows | where the varint begins |
        | `nonCanonical` | the last byte of a varint of more than one byte is 0 | where the varint begins |
        | `nonCanonical` | a bit that is left of the last byte of `packed` is not zero | where they begin |
        | `countTooLarge` | a count is above the bytes left before `end`, behind the count, divided by *m* and rounded down | where the varint begins |
        | `invalidUTF8` | text is not UTF-8: overlong forms and surrogates are not either; U+0000 and unassigned characters are | where the text begins, behind its byte count |
        """

    private static let formulas = """
        ## Formulas

        Loosest first; operators of one line are taken from the left, and parentheses group:

        ```text
        a ? b : c     a || b     a && b     == != < <= > >=     | ^     &     << >>     + -     * / %     ! -
        a.name     a[index]     f(a, b)     [a, b]     table::name     name     12     0xff     'text'
        ```

        Numbers are whole and exact, from -2^127 to 2^127 - 1; what is outside is `none`. What cannot be computed, or not
        of values of these kinds, is `none`, and so is everything computed from `none`, but for `==`, `!=`, comparisons,
        truth, `?:`, elements of lists and objects, and what `append`, `contains` and `occurrences` look for. `none` is not true, equals
        only itself, and is neither less nor greater than anything. Formulas change nothing.
        `Tests/Golden/formulas.json` has formulas and what they give, at all these edges.

        | formula | meaning |
        | --- | --- |
        | `+ - * / %` | as usual; `/` rounds to zero, and `%` is what it leaves, with the sign of the first; both are `none` for a divisor that is not above 0; `+` joins two lists; `-a` is `0 - a` |
        | `& \\| ^` | of bits; a number below 0 has all higher bits set |
        | `<< >>` | times and divided by a power of two, rounding down; by 0 to 63, else `none` |
        | `== !=` | equality of any two values; text equals text of the same bytes only, an object one with the same names in the same order and equal values |
        | `< <= > >=` | of numbers; of bytes and of text by bytes; of lists by their elements, a beginning before the whole; anything else is false |
        | `&& \\|\\| !` | of truth: what is not true counts as false |
        | `c ? a : b` | `b` unless `c` is true |
        | `a.name` | a member of an object; `none` of anything else, and without one of that name |
        | `a[index]` | an element of a list, from 0; `none` outside |
        | `[a, b]` | a list |
        | `table::name` | the number that the table has for that name |
        | `object('x', a, 'y', b)` | an object of names and values |
        | `min max` | of two numbers |
        | `sum count last` | of a list: 0, 0 and `none` of an empty one; `sum` is `none` if an element is no number; `count` also counts the bytes of bytes and of text |
        | `contains append isSet pluck` | whether a list has a value; a list with one more; whether no value is there twice; the list of the members of that name, `none` for an element without one |
        | `bytes(from, to)` | the bytes of the input from one place to another, cut to the input; no bytes if the places are in the wrong order. The window makes no difference |
        | `isZero` | whether all bytes are zero, also if there is none |
        | `joined(a, b)` | two runs of bytes, or texts, as bytes |
        | `le(n, k)` | a number as *k* bytes, 0 to 16, least significant first; higher bits are left out |
        | `crc32c(b, seed)` | the CRC-32C of bytes or of a text, started from a seed modulo 2^32: 0 where nothing comes before, else the checksum of the bytes before, or a salt. Of the ASCII text 123456789, with the seed 0, it is 3808858755 (0xE3069283); [crc32c.md](crc32c.md) |
        | `ones` | how many bits are set in a number, or in a list of them, none of them below 0 |
        | `occurrences(l, v)` | how many elements of a list are equal to a value |
        | `first(b, n)` | the first *n* bytes of bytes or of a text, as bytes; `none` if there are not so many, or if *n* is below 0 |
        | `isUTF8` | whether bytes, or a text, are UTF-8, as text is read |
        | `rank(words, place)` | how many bits are set in a list of 64-bit words, lowest bit first, below a place that is not below 0; all of them if it lies behind the last word |
        | `utf8` | the bytes of a text, or bytes as they are |
        | `isNFC nfd` | whether a text is in Unicode normalization form C; its form D. By the data of Unicode 16.0 or later: a reader that knows an older version takes some texts for others where characters are younger |
        | `known('table', n)` | whether a table has that value |
        | `attribute('table', n, 'name')` | what the table has for that value in the column of that name; 0 if the value or the column is not there or empty |
        | `digits` | the number that a text, or bytes, is in ASCII digits, all of it and at least one; else `none` |
        """

    private static let ends = """
        ## Modes

        `strict` ends at the first error; what was handed out before counts. `recover` is for formats that are appended
        to, and the same as `strict` in a format whose document has no section "The end, and recovery". `salvage` is for
        sets of files alone.

        ## Proofs

        In `recover`, an error that can be a torn end ends the reading of its round; `damage` is where the round began, and
        is known in the scope of the type that has the loop. Each proof is a search for a type, read there as a type is
        always read, but with the whole input behind it (`end` at the size of the input). Its arguments are computed in the
        scope of the loop, which is its parent, with the values that all names had when the error was met.

        | search | holds when |
        | --- | --- |
        | `later` | at `damage`, or at `damage` and a multiple of so many bytes, before the end of the input, the type can be read without an error, and "when" is true in its scope |
        | `flip` | so many bytes are there from `damage` on, and there is a bit in them with which flipped the type can be read at `damage` and "when" is true in its scope. Bits are tried from the lowest of the first byte; the first one that fits decides: the proof holds unless "unless" is true for it |
        | `flipUnder` | the error was that of the check, and there is one bit of the bytes that its checksum covers, or of the four bytes of the checksum behind them, with which flipped the check holds; and "unless" is not true for it |

        "extent" and "unless" are computed on the input as it is, without the flip, with `here` at 0 and `end` at the size
        of the input; in the scope of the type that was read with the bit flipped (`flip`; its fields have the flipped
        values), or of the type in which the check failed (`flipUnder`). There `byte` is the offset of the byte that has the
        bit, and `extent` what the formula "extent" gives.

        The first proof that holds makes the error stand; vectors name it in `proof`.
        """

    private static let sets = """
        ## Sets of files

        A set is a directory, or anything else that has paths and bytes. A path is made of names with `/` between them, none in
        front and none behind; a name has 1 to 255 bytes of UTF-8, is neither `.` nor `..`, and has neither `/` nor U+0000. A
        folder is there when a path leads through it, or when it is listed. Its rules are types that all have one scope as
        their parent: that of the whole, whose steps are taken first, and whose value, computed last, is that of the set.
        In that scope `mode` is the name of the mode, as a text.

        The kinds of files are read in the order of the list; a kind without rules is not read. The files of a kind are those
        whose paths are made of the parts that the list gives. A number has at least as many decimal digits as are said,
        more only without a zero in front, is at least what is said, and below 2^64; hexadecimal digits are in lower case.
        A folder of such a name is none of them.
        Files are in the order of their numbers, compared one after the other, the smallest or the largest first. With
        "until", no further file of the kind is read once the formula is true; it is asked behind each file.

        | rule | when it is taken | what is known, besides `mode` |
        | --- | --- | --- |
        | `before` | once, before the first file | `folder`: `exists`, whether there is anything of that path or in it, and `fileCount`, how many files of the kind; a folder with such a name is none |
        | `opened` | for each file, after it was read by its own format | `file` |
        | `each` | for each thing that reading the file handed out, in order, also before an error. The input is that file; `here` and `start` are where the type that handed it out began | `file`, `element` |
        | `closed` | for each file, last | `file` |
        | `after` | once, after the last file | `folder` |

        Outside of `each` the input of a rule is the file, from 0; of `before` and `after` it is empty. `file` has `path`,
        the numbers of its name, `isFirst` and `isLast` in the order of reading, and what came of reading it: `content`, an
        object of all that its whole had named when it ended; `error` and `category` (texts), `at` and `torn` (numbers);
        `none` where there is nothing. What is given to its format is computed before it is read, and knows of `file` only the
        path, the numbers and the order; what is `none` counts as not known. `element` is an object of everything named in the
        scope that handed it out.

        A file is read in the mode `strict`; the last one of a kind whose list says so in the mode `recover`, whatever the
        mode of the set is; if it is torn, `torn` is its `truncateTo`, and `error`, `category` and `at` are `none`.

        A check that does not hold names a file: the one "of the file", else the one at hand; its path, or that of the folder
        for `before` and `after`. In `strict` and `recover` it ends the reading of the set. In `salvage` it is noted, and the
        next step is taken, also behind an **Error**; any other failure, inflating too, is noted and ends that rule alone; what
        was noted first is the outcome. A set
        is torn if a file has `torn` and nothing is wrong; the last such file counts.
        """
}
