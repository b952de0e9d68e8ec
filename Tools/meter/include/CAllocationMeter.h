// SPDX-License-Identifier: Apache-2.0
#ifndef C_ALLOCATION_METER_H
#define C_ALLOCATION_METER_H

#include <stdbool.h>
#include <stdint.h>

// Counts what the calling thread allocates from here to meter_end. One count at a time on a thread.
void meter_begin(void);

// The most bytes that were allocated at once since meter_begin, without what was freed meanwhile.
int64_t meter_end(void);

// Whether anything can be counted: glibc, and no sanitizer that has the allocator.
bool meter_works(void);

#endif
