// SPDX-License-Identifier: Apache-2.0
//
// Holds the Armv8 instructions against the table and against published vectors, for each length at each alignment up
// to where the lanes change, and around those lengths. Prints the count of comparisons; exits with 1 at a difference.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CCairnCRC32C.h"

static unsigned char noise[40000];
static int count;

static void expect(uint32_t found, uint32_t wanted, const char *of, size_t start, size_t length) {
    count++;
    if (found == wanted) return;
    fprintf(stderr, "%s, start %zu, length %zu: %08x instead of %08x\n", of, start, length, found, wanted);
    exit(1);
}

static void compare(size_t start, size_t length) {
    uint32_t table = cairn_crc32c_table(0, noise + start, length);
    expect(cairn_crc32c(0, noise + start, length), table, "one piece", start, length);
    size_t half = length / 2;
    uint32_t first = cairn_crc32c(0, noise + start, half);
    expect(cairn_crc32c(first, noise + start + half, length - half), table, "two pieces", start, length);
}

int main(void) {
    if (cairn_crc32c_implementation() != 2) {
        fprintf(stderr, "this processor is not seen to have the CRC instructions of Armv8\n");
        return 1;
    }
    unsigned long long state = 1;
    for (size_t n = 0; n < sizeof noise; n++) {
        state = state * 6364136223846793005ull + 1442695040888963407ull;
        noise[n] = state >> 56;
    }
    // RFC 3720, appendix B.4, and the check value of catalogues of checksums.
    unsigned char zeros[32] = {0}, ones[32];
    memset(ones, 0xff, sizeof ones);
    expect(cairn_crc32c(0, zeros, 32), 0x8a9136aa, "zeros", 0, 32);
    expect(cairn_crc32c(0, ones, 32), 0x62a8ab43, "ones", 0, 32);
    expect(cairn_crc32c(0, "123456789", 9), 0xe3069283, "digits", 0, 9);
    for (size_t start = 0; start < 9; start++) {
        for (size_t length = 0; length < 1600; length++) compare(start, length);
        // Three lanes of 256 bytes and of 4096, once and twice.
        static const size_t borders[] = {768, 1536, 12288, 13056, 24576};
        for (size_t n = 0; n < sizeof borders / sizeof *borders; n++)
            for (size_t length = borders[n] - 9; length <= borders[n] + 9; length++) compare(start, length);
    }
    for (size_t start = 0; start < 100; start++) {
        uint64_t word;
        memcpy(&word, noise + start, 8);
        expect(cairn_crc32c_word(7, word), cairn_crc32c_table(7, noise + start, 8), "a word", start, 8);
    }
    printf("%d comparisons\n", count);
    return 0;
}
