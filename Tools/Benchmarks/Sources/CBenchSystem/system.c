// SPDX-License-Identifier: Apache-2.0
#include "CBenchSystem.h"

#ifdef __linux__
#include <sys/vfs.h>

int bench_is_in_memory(const char *path) {
    struct statfs facts;
    if (statfs(path, &facts) != 0) return -1;
    // The numbers of tmpfs and ramfs, as statfs(2) lists them.
    return facts.f_type == 0x01021994 || (unsigned long)facts.f_type == 0x858458f6ul;
}
#else
int bench_is_in_memory(const char *path) {
    (void)path;
    return 0;
}
#endif
