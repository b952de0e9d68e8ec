// SPDX-License-Identifier: Apache-2.0
//
// A filter stops each of these calls with a signal; its handler makes the call itself, or lets it fail:
//
//     fstat ─► kernel: filter ─ no mark ─► SIGSYS ─► handler ─ mark in the sixth argument ─► kernel ─► file system
//                                                      └─ the chosen one: the error

#define _GNU_SOURCE
#include "CSystemFaults.h"

#include <errno.h>

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

// None of the calls has six arguments, so the kernel does not look at this one.
#define MARK 0x4341524E

static __thread int chosen = -1;
static __thread int chosen_error;
static __thread int count;

static void make_call(int signal, siginfo_t *info, void *context) {
    (void)signal;
    (void)info;
#if defined(__x86_64__)
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    long number = registers[REG_RAX];
    long a = registers[REG_RDI], b = registers[REG_RSI], c = registers[REG_RDX];
    long d = registers[REG_R10], e = registers[REG_R8];
    greg_t *result = &registers[REG_RAX];
#else
    unsigned long long *registers = ((ucontext_t *)context)->uc_mcontext.regs;
    long number = registers[8];
    long a = registers[0], b = registers[1], c = registers[2], d = registers[3], e = registers[4];
    unsigned long long *result = &registers[0];
#endif
    if (count++ == chosen) {
        *result = -chosen_error;
        return;
    }
    int before = errno;
    long value = syscall(number, a, b, c, d, e, (long)MARK);
    *result = value == -1 ? -errno : value;
    errno = before;
}

// Signals the call of this number; goes on with the next line otherwise.
#define SIGNAL(number)                                \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), \
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP)

int cairn_fail_status_call(int call, int error) {
    struct sock_filter lines[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[5])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MARK, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
#ifdef __NR_stat
        SIGNAL(__NR_stat),
        SIGNAL(__NR_lstat),
#endif
        SIGNAL(__NR_fstat),
        SIGNAL(__NR_newfstatat),
        SIGNAL(__NR_statx),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = sizeof lines / sizeof *lines, .filter = lines};
    struct sigaction action = {.sa_sigaction = make_call, .sa_flags = SA_SIGINFO | SA_NODEFER};
    if (sigaction(SIGSYS, &action, NULL) != 0) { return errno; }
    chosen = call;
    chosen_error = error;
    count = 0;
    // Without it only a privileged process may set a filter. Both hold for this thread alone.
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) { return errno; }
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0 ? 0 : errno;
}

int cairn_status_call_count(void) { return count; }

#else

int cairn_fail_status_call(int call, int error) {
    (void)call;
    (void)error;
    return ENOTSUP;
}

int cairn_status_call_count(void) { return 0; }

#endif
