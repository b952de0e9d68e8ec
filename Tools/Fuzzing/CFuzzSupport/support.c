// SPDX-License-Identifier: Apache-2.0
//
// libFuzzer can watch the size of allocations only when a sanitizer hooks them, and sanitizers cost most
// of the speed. So without one the allocator of the C library is called through functions of ours.

#define _GNU_SOURCE
#include "CFuzzSupport.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

static _Atomic size_t byte_count_max;

void cairn_fuzz_limit_allocations(size_t byte_count) {
    atomic_store_explicit(&byte_count_max, byte_count, memory_order_relaxed);
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CAIRN_ALLOCATOR_IS_TAKEN
#endif
#endif

#if defined(__linux__) && defined(__GLIBC__) && !defined(CAIRN_ALLOCATOR_IS_TAKEN)

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static void check(size_t byte_count) {
    size_t limit = atomic_load_explicit(&byte_count_max, memory_order_relaxed);
    if (limit == 0 || byte_count <= limit) return;
    // Whatever comes now may allocate.
    cairn_fuzz_limit_allocations(0);
    static const char message[] = "\nan allocation is larger than the input can justify\n";
    ssize_t ignored = write(2, message, sizeof message - 1);
    (void)ignored;
    abort();
}

void *malloc(size_t byte_count) {
    check(byte_count);
    return __libc_malloc(byte_count);
}

void *calloc(size_t count, size_t byte_count) {
    size_t whole;
    check(__builtin_mul_overflow(count, byte_count, &whole) ? SIZE_MAX : whole);
    return __libc_calloc(count, byte_count);
}

void *realloc(void *bytes, size_t byte_count) {
    check(byte_count);
    return __libc_realloc(bytes, byte_count);
}

void *aligned_alloc(size_t alignment, size_t byte_count) {
    check(byte_count);
    return __libc_memalign(alignment, byte_count);
}

// What Swift calls for raw memory of a given alignment.
int posix_memalign(void **result, size_t alignment, size_t byte_count) {
    check(byte_count);
    void *bytes = __libc_memalign(alignment, byte_count);
    if (bytes == NULL) return ENOMEM;
    *result = bytes;
    return 0;
}

#endif
