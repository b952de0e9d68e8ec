// SPDX-License-Identifier: Apache-2.0
//
// Lets user-mode Linux of Debian 12 run on processors with AMX. It keeps 2,696 bytes of registers of each process, all up
// to AVX-512 and PKRU; where there is more, the host gives that much and takes back nothing but the whole. No program in
// a machine can use the registers behind them: the host gives them to a process that asks (`arch_prctl`), and the
// kernel of user-mode Linux passes no such call on. So the rest is filled with zeros, their first state.
//
// Loaded into linux.uml alone (LD_PRELOAD), which calls ptrace in the C library.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/uio.h>

enum { registers_max = 64 * 1024 };

static long (*next_ptrace)(enum __ptrace_request, ...);

// Before main: no other thread is there yet.
__attribute__((constructor)) static void find_next(void) {
    next_ptrace = (long (*)(enum __ptrace_request, ...))dlsym(RTLD_NEXT, "ptrace");
}

long ptrace(enum __ptrace_request request, ...) {
    va_list arguments;
    va_start(arguments, request);
    pid_t process = va_arg(arguments, pid_t);
    void *address = va_arg(arguments, void *);
    void *data = va_arg(arguments, void *);
    va_end(arguments);

    const struct iovec *given = data;
    if (request != PTRACE_SETREGSET || (uintptr_t)address != NT_X86_XSTATE) {
        return next_ptrace(request, process, address, data);
    }
    // One thread traces.
    static unsigned char all[registers_max];
    struct iovec whole = {all, sizeof all};
    if (next_ptrace(PTRACE_GETREGSET, process, address, &whole) != 0 ||
        whole.iov_len <= given->iov_len) {
        return next_ptrace(request, process, address, data);
    }
    memcpy(all, given->iov_base, given->iov_len);
    memset(all + given->iov_len, 0, whole.iov_len - given->iov_len);
    return next_ptrace(request, process, address, &whole);
}
