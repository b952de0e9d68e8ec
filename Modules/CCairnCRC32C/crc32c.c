// SPDX-License-Identifier: Apache-2.0
//
// CRC-32C in three ways: tables (portable), SSE4.2 and Armv8 instructions.
//
// - A table is made at first use; it never changes afterwards.
// - The hardware paths run three independent lanes over long inputs, because the instruction has a
//   latency of three cycles and a throughput of one. The lanes are joined with a table of zero shifts.
// - Loads are unaligned through memcpy: no alignment of the input is assumed.

#include "CCairnCRC32C.h"

#include <pthread.h>
#include <string.h>
#if defined(__aarch64__) && defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

#define POLYNOMIAL 0x82F63B78u
#define LANE_LONG 4096
#define LANE_SHORT 256

static uint32_t slices[8][256];
static uint32_t shift_long[4][256];
static uint32_t shift_short[4][256];
static int implementation;
static int is_ready;
static pthread_once_t once = PTHREAD_ONCE_INIT;

// Multiplies a 32 x 32 bit matrix over GF(2) with a vector.
static uint32_t times(const uint32_t *matrix, uint32_t vector) {
    uint32_t sum = 0;
    for (; vector != 0; vector >>= 1, matrix++)
        if (vector & 1) sum ^= *matrix;
    return sum;
}

// Makes the tables that apply `count` zero bytes to a checksum; `count` is a power of two.
static void make_shift(uint32_t table[4][256], size_t count) {
    uint32_t matrix[32], square[32];
    matrix[0] = POLYNOMIAL;
    for (int n = 1; n < 32; n++) matrix[n] = 1u << (n - 1);
    for (size_t bits = 1; bits < count * 8; bits *= 2) {
        for (int n = 0; n < 32; n++) square[n] = times(matrix, matrix[n]);
        memcpy(matrix, square, sizeof matrix);
    }
    for (uint32_t n = 0; n < 256; n++)
        for (int k = 0; k < 4; k++) table[k][n] = times(matrix, n << (8 * k));
}

static void prepare(void) {
    for (uint32_t n = 0; n < 256; n++) {
        uint32_t crc = n;
        for (int k = 0; k < 8; k++) crc = crc & 1 ? (crc >> 1) ^ POLYNOMIAL : crc >> 1;
        slices[0][n] = crc;
    }
    for (uint32_t n = 0; n < 256; n++)
        for (int k = 1; k < 8; k++)
            slices[k][n] = (slices[k - 1][n] >> 8) ^ slices[0][slices[k - 1][n] & 0xff];
    make_shift(shift_long, LANE_LONG);
    make_shift(shift_short, LANE_SHORT);
#if defined(__x86_64__)
    implementation = __builtin_cpu_supports("sse4.2") ? 1 : 0;
#elif defined(__aarch64__) && defined(__APPLE__)
    implementation = 2;
#elif defined(__aarch64__) && defined(__linux__)
    implementation = getauxval(AT_HWCAP) & HWCAP_CRC32 ? 2 : 0;
#else
    implementation = 0;
#endif
    __atomic_store_n(&is_ready, 1, __ATOMIC_RELEASE);
}

// Short inputs are the rule, and for those even a call that does nothing shows.
static inline void prepare_once(void) {
    if (!__atomic_load_n(&is_ready, __ATOMIC_ACQUIRE)) pthread_once(&once, prepare);
}

static inline uint64_t load64(const uint8_t *p) {
    uint64_t value;
    memcpy(&value, p, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    value = __builtin_bswap64(value);
#endif
    return value;
}

static inline uint32_t load32(const uint8_t *p) {
    uint32_t value;
    memcpy(&value, p, 4);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    value = __builtin_bswap32(value);
#endif
    return value;
}

uint32_t cairn_crc32c_table(uint32_t crc, const void *bytes, size_t count) {
    prepare_once();
    const uint8_t *p = bytes;
    crc = ~crc;
    for (; count >= 8; p += 8, count -= 8) {
        uint64_t word = load64(p) ^ crc;
        crc = slices[7][word & 0xff] ^ slices[6][(word >> 8) & 0xff] ^
              slices[5][(word >> 16) & 0xff] ^ slices[4][(word >> 24) & 0xff] ^
              slices[3][(word >> 32) & 0xff] ^ slices[2][(word >> 40) & 0xff] ^
              slices[1][(word >> 48) & 0xff] ^ slices[0][word >> 56];
    }
    for (; count > 0; p++, count--) crc = (crc >> 8) ^ slices[0][(crc ^ *p) & 0xff];
    return ~crc;
}

#if defined(__x86_64__)
#define TARGET __attribute__((target("sse4.2")))
#define STEP64(crc, word) __builtin_ia32_crc32di((crc), (word))
#define STEP32(crc, word) __builtin_ia32_crc32si((uint32_t)(crc), (word))
#define STEP8(crc, byte) __builtin_ia32_crc32qi((uint32_t)(crc), (byte))
#elif defined(__aarch64__)
#if defined(__clang__)
#define TARGET __attribute__((target("crc")))
#else
#define TARGET __attribute__((target("+crc")))
#endif
#define STEP64(crc, word) (uint64_t)__builtin_arm_crc32cd((uint32_t)(crc), (word))
#define STEP32(crc, word) __builtin_arm_crc32cw((uint32_t)(crc), (word))
#define STEP8(crc, byte) __builtin_arm_crc32cb((uint32_t)(crc), (byte))
#endif

#if defined(TARGET)
static inline uint32_t shift(uint32_t table[4][256], uint32_t crc) {
    return table[0][crc & 0xff] ^ table[1][(crc >> 8) & 0xff] ^ table[2][(crc >> 16) & 0xff] ^
           table[3][crc >> 24];
}

TARGET static uint64_t three_lanes(
    uint64_t crc, const uint8_t *p, size_t lane, uint32_t table[4][256]) {
    uint64_t first = crc, second = 0, third = 0;
    for (size_t n = 0; n < lane; n += 8) {
        first = STEP64(first, load64(p + n));
        second = STEP64(second, load64(p + lane + n));
        third = STEP64(third, load64(p + 2 * lane + n));
    }
    return shift(table, shift(table, (uint32_t)first) ^ (uint32_t)second) ^ (uint32_t)third;
}

TARGET static uint32_t hardware(uint32_t start, const uint8_t *p, size_t count) {
    uint64_t crc = (uint32_t)~start;
    for (; count >= 3 * LANE_LONG; p += 3 * LANE_LONG, count -= 3 * LANE_LONG)
        crc = three_lanes(crc, p, LANE_LONG, shift_long);
    for (; count >= 3 * LANE_SHORT; p += 3 * LANE_SHORT, count -= 3 * LANE_SHORT)
        crc = three_lanes(crc, p, LANE_SHORT, shift_short);
    for (; count >= 8; p += 8, count -= 8) crc = STEP64(crc, load64(p));
    uint32_t tail = (uint32_t)crc;
    if (count >= 4) {
        tail = STEP32(tail, load32(p));
        p += 4;
        count -= 4;
    }
    for (; count > 0; p++, count--) tail = STEP8(tail, *p);
    return ~tail;
}
#endif

uint32_t cairn_crc32c(uint32_t crc, const void *bytes, size_t count) {
    prepare_once();
#if defined(TARGET)
    if (implementation != 0) return hardware(crc, bytes, count);
#endif
    return cairn_crc32c_table(crc, bytes, count);
}

int cairn_crc32c_implementation(void) {
    prepare_once();
    return implementation;
}
