# SPDX-License-Identifier: Apache-2.0
"""CRC-32C (RFC 3720), by table; and which single flipped bit explains a wrong one."""

POLYNOMIAL = 0x82F63B78


def _table():
    table = []
    for byte in range(256):
        crc = byte
        for _ in range(8):
            crc = crc >> 1 ^ POLYNOMIAL if crc & 1 else crc >> 1
        table.append(crc)
    return table


TABLE = _table()
# The table entry that has a certain top byte: those are all different, so a step can be taken back.
_BY_TOP = {entry >> 24: index for index, entry in enumerate(TABLE)}
_SINGLE_BITS = {TABLE[1 << bit]: bit for bit in range(8)}


def crc32c(data, seed=0):
    """The checksum of `data`; `seed` is that of the bytes before it, or a salt."""
    crc = ~seed & 0xFFFFFFFF
    table = TABLE
    for byte in data:
        crc = crc >> 8 ^ table[crc & 0xFF ^ byte]
    return ~crc & 0xFFFFFFFF


def flipped_byte(byte_count, difference):
    """Which of so many covered bytes has the one flipped bit that makes this difference of checksums.

    None if no single bit does. The effect of a flip depends only on how many bytes follow it: so the
    difference is taken back byte by byte until it is that of a bit in the last byte.
    """
    for index in range(byte_count - 1, -1, -1):
        if difference in _SINGLE_BITS:
            return index
        entry = _BY_TOP[difference >> 24]
        difference = (difference ^ TABLE[entry]) << 8 & 0xFFFFFFFF | entry
    return None


#: Algorithms that a description can name.
ALGORITHMS = {"crc32c": crc32c}
