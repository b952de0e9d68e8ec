// SPDX-License-Identifier: Apache-2.0

package import CairnFormat

extension CRC32C {
    /// The description of the checksum; its vectors are known answers.
    package static let format = FormatDescription(
        "crc32c",
        "CRC-32C (RFC 3720, appendix B.4): the checksum of all formats. A salt is the checksum of bytes that "
            + "are thought before the first.",
        layouts: [],
        rules: [
            "Polynomial 0x1EDC6F41, reflected in and out, started from and finished with all ones.",
            "The checksum of the nine ASCII characters 123456789 is 0xE3069283, that is 3808858755; of no bytes, 0.",
            "Where nothing is said of a seed it is 0: no bytes come before.",
            "The checksum of two runs of bytes is that of the second, started from that of the first.",
        ],
        reading: Reading(
            root: "message",
            context: [Reading.Context("seed", unknown: "0", "The checksum of the bytes before.")],
            types: [
                TypeDescription(
                    "message", "Some bytes.", parameters: ["seed"],
                    result: "object('bytes', bytes, 'checksum', crc32c(bytes, seed))",
                    [.field("bytes", .bytes("size"), "The bytes."), .deliver("checksum")])
            ], delivers: "checksum", canonical: "One checksum for one message.",
            allocation: "65536 + size"))
}
