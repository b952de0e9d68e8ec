// SPDX-License-Identifier: Apache-2.0
#ifndef CCAIRN_CRC32C_H
#define CCAIRN_CRC32C_H

#include <stddef.h>
#include <stdint.h>

// CRC-32C (Castagnoli polynomial 0x1EDC6F41, reflected 0x82F63B78), as iSCSI defines it in RFC 3720.
// `crc` is the checksum of what came before, 0 at the start: crc(a + b) = update(update(0, a), b).

// The fastest way this processor has; decided once.
uint32_t cairn_crc32c(uint32_t crc, const void *bytes, size_t count);

// The same for the eight bytes of `word`, least significant byte first.
uint32_t cairn_crc32c_word(uint32_t crc, uint64_t word);

// The portable way, with tables. Public so that tests can hold the two against each other.
uint32_t cairn_crc32c_table(uint32_t crc, const void *bytes, size_t count);

// 0: table, 1: x86-64 SSE4.2, 2: Armv8 CRC.
int cairn_crc32c_implementation(void);

#endif
