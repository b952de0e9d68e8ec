#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes Tests/Fixtures/encryption/vectors.json from Docs/Encryption.md and Docs/Formats alone: keys, nonces, an encrypted segment
and an encrypted snapshot. It shares no code with Cairn. VectorTests compares what Cairn writes and reads with it.

Needs the package `cryptography`. With --check it only says whether the file is what it would write."""

import hashlib
import json
import pathlib
import struct
import sys
import zlib

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VECTORS = pathlib.Path(__file__).parents[2] / "Tests/Fixtures/encryption/vectors.json"


def crc_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


TABLE = crc_table()


def crc32c(data, seed=0):
    crc = seed ^ 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def hkdf(key, salt, info, count):
    return HKDF(algorithm=hashes.SHA256(), length=count, salt=salt, info=info).derive(key)


def key_id(key):
    return int.from_bytes(hkdf(key, None, b"cairn encryption 1 key id", 8), "little")


class Randomness:
    """Eight bytes of 1, then of 2, and so on."""

    def __init__(self):
        self.number = 0

    def take(self, count):
        result = b""
        while len(result) < count:
            self.number += 1
            result += bytes([self.number]) * 8
        return result[:count]


class File:
    """The key of a file, and what was encrypted with it."""

    def __init__(self, store_key, purpose, header, identity):
        self.randomness = Randomness()
        self.header = header
        self.salt = self.randomness.take(32)
        info = bytes([purpose]) + identity
        self.key = hkdf(store_key, self.salt, b"cairn encryption 1 file key" + info, 32)
        self.check = hkdf(store_key, self.salt, b"cairn encryption 1 key check" + info, 32)
        self.record = (
            bytes([1, 0, 0, 0, 0, 0, 0, 0]) + struct.pack("<Q", key_id(store_key)) + bytes(16)
            + self.salt + self.check
        )
        # The nonces count on from here.
        self.nonce = int.from_bytes(self.randomness.take(12), "little")
        self.payloads = []

    def encrypt(self, plain, context):
        nonce = self.nonce.to_bytes(12, "little")
        self.nonce = (self.nonce + 1) % (1 << 96)
        covered = self.header + context
        sealed = AESGCM(self.key).encrypt(nonce, plain, covered)
        self.payloads.append(
            {
                "nonce": nonce.hex(), "covered": covered.hex(), "plain": plain.hex(),
                "ciphertext": sealed[:-16].hex(), "tag": sealed[-16:].hex(),
            }
        )
        return nonce + sealed

    def json(self, data):
        return {
            "header": self.header.hex(), "fileSalt": self.salt.hex(), "fileKey": self.key.hex(),
            "keyCheck": self.check.hex(), "payloads": self.payloads, "bytes": data.hex(),
        }


def preamble(magic):
    first = magic + struct.pack("<HH", 1, 0)
    return first + struct.pack("<I", crc32c(first))


LOG = bytes(range(16))
TIME = 1_700_000_000_000_000_000


def segment(key):
    header = preamble(b"CAIRNWAL") + LOG + struct.pack("<QQQQI", 1, 1, 0, 0, 0)
    header += struct.pack("<I", crc32c(header))
    file = File(key, 1, header, header[16:48])
    salt = crc32c(header[16:40])
    data = header

    def frame(kind, lsn, related, clear, plain):
        nonlocal data
        count = len(clear) + (0 if plain is None else len(plain) + 28)
        head = struct.pack("<IBBHQQI", count, kind, 0, 0, lsn, related, 0)
        checksum = crc32c(head, salt)
        head += struct.pack("<I", checksum)
        payload = clear
        if plain is not None:
            payload += file.encrypt(plain, head + clear)
        payload += bytes(-(len(payload) + 4) % 8)
        data += head + payload + struct.pack("<I", crc32c(payload, checksum))

    frame(16, 0, 1, file.record, b"")
    frame(8, 1, 0, struct.pack("<Q", TIME), b"the bytes of a batch")
    frame(6, 4, 3, b"", bytes(range(28)))
    frame(0x81, 4, 4, b"", None)
    return file.json(data)


def snapshot(key, is_compressed=False):
    header = preamble(b"CAIRNSNP") + LOG + struct.pack("<QI", 7, 0)
    header += struct.pack("<I", crc32c(header))
    file = File(key, 2, header, header[16:40])
    salt = crc32c(header[16:40])
    data = header
    entries = b""

    def chunk(section, number, records, flags, clear, plain, more=b""):
        nonlocal data
        head = struct.pack("<IIIII", section, number, len(clear) + len(plain) + 28, records, flags)
        payload = clear + file.encrypt(plain, head + clear + more)
        head += struct.pack("<I", crc32c(head, salt))
        data += head + payload + struct.pack("<I", crc32c(payload, salt))

    def entry(section, chunks, start, records):
        nonlocal entries
        entries += struct.pack("<IIQQQ", section, chunks, start, len(data) - start, records)

    start = len(data)
    records = b"first record" + b"second"
    if is_compressed:
        chunk(1, 0, 2, 3, struct.pack("<IB", len(records), 1), zlib.compress(records, 0))
    else:
        chunk(1, 0, 2, 2, b"", records)
    entry(1, 1, start, 2)
    entry(2, 0, len(data), 0)
    start = len(data)
    chunk(0xFFFFFFFF, 1, 1, 4, file.record, b"", entries)
    entry(0xFFFFFFFF, 1, start, 1)
    footer = struct.pack("<II", 3, 0) + entries
    place = len(data)
    footer += struct.pack("<I", crc32c(data + footer))
    footer += struct.pack("<I", crc32c(footer, salt))
    trailer = struct.pack("<QI", place, len(footer))
    trailer += struct.pack("<I", crc32c(trailer, salt)) + b"CAIRNEND"
    return file.json(data + footer + trailer)


def main():
    key = bytes(range(0x20, 0x40))
    password, salt = "correct horse battery staple", bytes(range(0x50, 0x60))
    derived = hashlib.scrypt(
        password.encode(), salt=salt, n=1 << 14, r=8, p=1, dklen=32, maxmem=64 << 20)
    text = json.dumps(
        {
            "key": key.hex(), "keyID": f"{key_id(key):016x}",
            "password": {
                "text": password, "salt": salt.hex(), "costLog2": 14, "blockSize": 8,
                "parallelism": 1, "key": derived.hex(), "keyID": f"{key_id(derived):016x}",
            },
            "segment": segment(key), "snapshot": snapshot(key), "compressedSnapshot": snapshot(key, True),
        }, indent=2) + "\n"
    if "--check" in sys.argv[1:]:
        if VECTORS.read_text() != text:
            sys.exit(f"{VECTORS} differs: run Tools/encryption/vectors.py")
    else:
        VECTORS.write_text(text)


if __name__ == "__main__":
    main()
