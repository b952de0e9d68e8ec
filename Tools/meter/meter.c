// SPDX-License-Identifier: Apache-2.0
//
// The functions of the allocator, through counters of the thread that asked for them. Only tests and the generator of
// formats link this.

#define _GNU_SOURCE
#include "CAllocationMeter.h"

#include <errno.h>
#include <stdlib.h>

#if defined(__linux__) && defined(__GLIBC__)
#define METER_WORKS 1
#endif
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#undef METER_WORKS
#endif
#endif

static __thread bool is_counting;
static __thread int64_t held, peak;

void meter_begin(void) {
    held = peak = 0;
    is_counting = true;
}

int64_t meter_end(void) {
    is_counting = false;
    return peak;
}

#ifdef METER_WORKS

#include <malloc.h>

bool meter_works(void) { return true; }

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

static void *counted(void *bytes) {
    if (is_counting && bytes != NULL) {
        held += (int64_t)malloc_usable_size(bytes);
        if (held > peak) peak = held;
    }
    return bytes;
}

static void forget(void *bytes) {
    if (is_counting && bytes != NULL) held -= (int64_t)malloc_usable_size(bytes);
}

void *malloc(size_t byte_count) { return counted(__libc_malloc(byte_count)); }

void *calloc(size_t count, size_t byte_count) { return counted(__libc_calloc(count, byte_count)); }

void *realloc(void *old, size_t byte_count) {
    int64_t before = is_counting && old != NULL ? (int64_t)malloc_usable_size(old) : 0;
    void *bytes = __libc_realloc(old, byte_count);
    // Where it failed, the old bytes are still there.
    if (bytes != NULL || byte_count == 0) held -= before;
    return counted(bytes);
}

void *aligned_alloc(size_t alignment, size_t byte_count) {
    return counted(__libc_memalign(alignment, byte_count));
}

void *memalign(size_t alignment, size_t byte_count) {
    return counted(__libc_memalign(alignment, byte_count));
}

int posix_memalign(void **result, size_t alignment, size_t byte_count) {
    void *bytes = counted(__libc_memalign(alignment, byte_count));
    if (bytes == NULL) return ENOMEM;
    *result = bytes;
    return 0;
}

void free(void *bytes) {
    forget(bytes);
    __libc_free(bytes);
}

#else

bool meter_works(void) { return false; }

#endif
