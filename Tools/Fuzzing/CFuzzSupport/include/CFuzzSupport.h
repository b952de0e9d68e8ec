// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <stddef.h>
#include <stdint.h>

// One allocation of more bytes than this ends the process; 0 allows any. It holds for all threads.
void cairn_fuzz_limit_allocations(size_t byte_count);

// The libFuzzer that the compiler brings along.
int LLVMFuzzerRunDriver(
    int *argument_count, char ***arguments, int (*run)(const uint8_t *bytes, size_t byte_count));
