// SPDX-License-Identifier: Apache-2.0
#ifndef CBENCHSYSTEM_H
#define CBENCHSYSTEM_H

// Whether the file system at a path is only memory: 1 or 0, and -1 with errno when it is not known.
int bench_is_in_memory(const char *path);

#endif
