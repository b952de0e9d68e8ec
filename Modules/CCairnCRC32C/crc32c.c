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
static int implementation = -1;  // until the tables are there
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
    int found = __builtin_cpu_supports("sse4.2") ? 1 : 0;
#elif defined(__aarch64__) && defined(__APPLE__)
    int found = 2;
#elif defined(__aarch64__) && defined(__linux__)
    int found = getauxval(AT_HWCAP) & HWCAP_CRC32 ? 2 : 0;
#else
    int found = 0;
#endif
    __atomic_store_n(&implementation, found, __ATOMIC_RELEASE);
}

// How checksums are computed, once the tables are there.
static int prepared(void) {
    int found = __atomic_load_n(&implementation, __ATOMIC_ACQUIRE);
    if (found >= 0) return found;
    pthread_once(&once, prepare);
    return __atomic_load_n(&implementation, __ATOMIC_ACQUIRE);
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

static inline uint16_t load16(const uint8_t *p) {
    uint16_t value;
    memcpy(&value, p, 2);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    value = __builtin_bswap16(value);
#endif
    return value;
}

uint32_t cairn_crc32c_table(uint32_t crc, const void *bytes, size_t count) {
    prepared();
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
#define STEP16(crc, word) __builtin_ia32_crc32hi((uint32_t)(crc), (word))
#define STEP8(crc, byte) __builtin_ia32_crc32qi((uint32_t)(crc), (byte))
#elif defined(__aarch64__)
#if defined(__clang__)
#define TARGET __attribute__((target("crc")))
#else
#define TARGET __attribute__((target("+crc")))
#endif
#define STEP64(crc, word) (uint64_t)__builtin_arm_crc32cd((uint32_t)(crc), (word))
#define STEP32(crc, word) __builtin_arm_crc32cw((uint32_t)(crc), (word))
#define STEP16(crc, word) __builtin_arm_crc32ch((uint32_t)(crc), (word))
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

// What does not fit into lanes, from `crc` on, which is inverted. Below 64 bytes without a loop: short inputs
// are the rule, and counting would take as long as summing.
TARGET static inline uint32_t one_lane(uint64_t crc, const uint8_t *p, size_t count) {
    for (; count >= 64; p += 64, count -= 64)
        for (int n = 0; n < 64; n += 8) crc = STEP64(crc, load64(p + n));
    if (count & 32) {
        for (int n = 0; n < 32; n += 8) crc = STEP64(crc, load64(p + n));
        p += 32;
    }
    if (count & 16) {
        crc = STEP64(STEP64(crc, load64(p)), load64(p + 8));
        p += 16;
    }
    if (count & 8) {
        crc = STEP64(crc, load64(p));
        p += 8;
    }
    uint32_t tail = (uint32_t)crc;
    if (count & 4) {
        tail = STEP32(tail, load32(p));
        p += 4;
    }
    if (count & 2) {
        tail = STEP16(tail, load16(p));
        p += 2;
    }
    if (count & 1) tail = STEP8(tail, *p);
    return ~tail;
}

TARGET __attribute__((noinline)) static uint32_t lanes(
    uint64_t crc, const uint8_t *p, size_t count) {
    for (; count >= 3 * LANE_LONG; p += 3 * LANE_LONG, count -= 3 * LANE_LONG)
        crc = three_lanes(crc, p, LANE_LONG, shift_long);
    for (; count >= 3 * LANE_SHORT; p += 3 * LANE_SHORT, count -= 3 * LANE_SHORT)
        crc = three_lanes(crc, p, LANE_SHORT, shift_short);
    return one_lane(crc, p, count);
}

TARGET static uint32_t hardware(uint32_t start, const uint8_t *p, size_t count) {
    uint32_t crc = ~start;
    return count < 3 * LANE_SHORT ? one_lane(crc, p, count) : lanes(crc, p, count);
}

TARGET static uint32_t hardware_word(uint32_t crc, uint64_t word) {
    return ~(uint32_t)STEP64((uint32_t)~crc, word);
}
#endif

// At first use, or by tables.
__attribute__((noinline)) static uint32_t prepared_crc32c(
    uint32_t crc, const void *bytes, size_t count) {
#if defined(TARGET)
    if (prepared() != 0) return hardware(crc, bytes, count);
#endif
    return cairn_crc32c_table(crc, bytes, count);
}

// Short inputs are the rule, and for those even a call that does nothing shows: nothing but one look and a jump.
uint32_t cairn_crc32c(uint32_t crc, const void *bytes, size_t count) {
#if defined(TARGET)
    if (__atomic_load_n(&implementation, __ATOMIC_ACQUIRE) > 0) return hardware(crc, bytes, count);
#endif
    return prepared_crc32c(crc, bytes, count);
}

uint32_t cairn_crc32c_word(uint32_t crc, uint64_t word) {
#if defined(TARGET)
    if (__atomic_load_n(&implementation, __ATOMIC_ACQUIRE) > 0) return hardware_word(crc, word);
#endif
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return prepared_crc32c(crc, &word, 8);
}

int cairn_crc32c_implementation(void) { return prepared(); }
