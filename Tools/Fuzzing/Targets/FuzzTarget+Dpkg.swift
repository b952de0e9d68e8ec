// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

#if canImport(CairnTool)
@testable internal import CairnTool
#endif

extension FuzzTarget {
    /// A package list.
    static let dpkg = FuzzTarget(
        name: "dpkg", purpose: "a list of packages; the size of the chunks does not matter",
        allocationByteCountMax: 4 << 20
    ) { (input) throws(BrokenInvariant) in
        let text = input.withUnsafeBytes { [UInt8]($0) }
        let whole = read(text, chunkByteCount: 64 << 10)
        try require(
            read(text, chunkByteCount: 5) == whole, "the size of the chunks changes what is read")
    } seeds: {
        [
            """
            Package: zlib1g
            Version: 1:1.2.13.dfsg-1
            Installed-Size: 168
            Depends: libc6 (>= 2.14), foo [amd64] | bar:any <!nocheck>
            Description: compression library
             runtime
             .
             more

            # a comment
            Package: libc6
            Provides: libc (= 2.36)
            Breaks: a (<< 1), b (>> 2), c (<= 3)\r


            """,
            "Package: x\nDepends: a|b|c,,d\n",
        ].map { Array($0.utf8) }
    }

    /// The packages and what ended the list.
    private struct Listing: Equatable {
        var records: [PackageRecord] = []
        var problems: [MalformedInput] = []
    }

    private static func read(_ text: [UInt8], chunkByteCount: Int) -> Listing {
        var position = 0
        var reader = ControlStanzaReader(chunkByteCount: chunkByteCount) { buffer in
            let count = min(buffer.count, text.count - position)
            buffer.copyBytes(from: text[position..<position + count])
            position += count
            return count
        }
        var listing = Listing()
        var stanza = ControlStanza()
        do {
            while try reader.next(&stanza) {
                do throws(MalformedInput) {
                    listing.records.append(try PackageRecord(stanza))
                } catch {
                    listing.problems.append(error)
                }
            }
        } catch let error as MalformedInput {
            listing.problems.append(error)
        } catch {}
        return listing
    }
}
