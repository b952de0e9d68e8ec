// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CCairnSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#endif

int cairn_openat(int directory, const char *name, int flags, mode_t mode) {
    return openat(directory, name, flags, mode);
}

int cairn_sync_data(int fd) {
#if defined(__APPLE__)
    return fcntl(fd, F_FULLFSYNC);
#else
    return fdatasync(fd);
#endif
}

int cairn_sync_directory(int fd) {
#if defined(__APPLE__)
    return fcntl(fd, F_FULLFSYNC);
#else
    return fsync(fd);
#endif
}

ssize_t cairn_pwrite_durably(int fd, const void *bytes, size_t count, off_t offset) {
#if defined(__linux__) && defined(RWF_DSYNC)
    struct iovec vector = {(void *)bytes, count};
    ssize_t written = pwritev2(fd, &vector, 1, offset, RWF_DSYNC);
    if (written < 0 && errno == ENOSYS) errno = EOPNOTSUPP;
    return written;
#else
    (void)fd, (void)bytes, (void)count, (void)offset;
    errno = EOPNOTSUPP;
    return -1;
#endif
}

void cairn_start_writeback(int fd, off_t offset, off_t count) {
#if defined(__linux__)
    (void)sync_file_range(fd, offset, count, SYNC_FILE_RANGE_WRITE);
#else
    (void)fd, (void)offset, (void)count;
#endif
}

int cairn_rename_new(int directory, const char *from, const char *to) {
#if defined(__APPLE__)
    return renameatx_np(directory, from, directory, to, RENAME_EXCL);
#else
    int result = renameat2(directory, from, directory, to, RENAME_NOREPLACE);
    if (result == 0 || (errno != EINVAL && errno != ENOSYS)) return result;
    // The file system cannot do it in one step. The caller holds the lock of the store, so
    // no other process makes the name between the two steps. (A hard link would be one step, but a crash could
    // leave both names, and directories have none.)
    struct stat status;
    if (fstatat(directory, to, &status, AT_SYMLINK_NOFOLLOW) == 0) {
        errno = EEXIST;
        return -1;
    }
    if (errno != ENOENT) return -1;
    return renameat(directory, from, directory, to);
#endif
}

uint64_t cairn_peak_memory(void) {
#if defined(__linux__)
    // Not getrusage: its figure survives exec, so a child would report the memory of its parent.
    FILE *status = fopen("/proc/self/status", "re");
    unsigned long long kibibytes = 0;
    char line[256];
    while (status != NULL && fgets(line, sizeof line, status) != NULL)
        if (sscanf(line, "VmHWM: %llu kB", &kibibytes) == 1) break;
    if (status != NULL) fclose(status);
    return kibibytes * 1024;
#else
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) != 0) return 0;
    return (uint64_t)usage.ru_maxrss;
#endif
}

int cairn_terminal_columns(int fd) {
    struct winsize size;
    if (!isatty(fd) || ioctl(fd, TIOCGWINSZ, &size) != 0) return 0;
    return size.ws_col == 0 ? 80 : size.ws_col;
}

uint32_t cairn_signal_read(const uint32_t *signal) {
    return __atomic_load_n(signal, __ATOMIC_ACQUIRE);
}

#if defined(__linux__)

void cairn_signal_raise(uint32_t *signal) {
    __atomic_add_fetch(signal, 1, __ATOMIC_RELEASE);
}

void cairn_signal_wait(uint32_t *signal, uint32_t seen) {
    syscall(SYS_futex, signal, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
}

void cairn_signal_wake(uint32_t *signal, int count) {
    syscall(SYS_futex, signal, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}

#else

// One lock and one condition for all signals: a sleeping thread looks again when any of them is raised.
static pthread_mutex_t signal_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t signal_condition = PTHREAD_COND_INITIALIZER;

void cairn_signal_raise(uint32_t *signal) {
    pthread_mutex_lock(&signal_mutex);
    __atomic_add_fetch(signal, 1, __ATOMIC_RELEASE);
    pthread_mutex_unlock(&signal_mutex);
}

void cairn_signal_wait(uint32_t *signal, uint32_t seen) {
    pthread_mutex_lock(&signal_mutex);
    while (__atomic_load_n(signal, __ATOMIC_ACQUIRE) == seen)
        pthread_cond_wait(&signal_condition, &signal_mutex);
    pthread_mutex_unlock(&signal_mutex);
}

void cairn_signal_wake(uint32_t *signal, int count) {
    (void)signal, (void)count;
    pthread_cond_broadcast(&signal_condition);
}

#endif

void cairn_spin_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("yield");
#endif
}

void cairn_yield(void) {
    sched_yield();
}

enum { BODY_COUNT_MAX = 32 };

static _Thread_local struct {
    int count;
    struct {
        const void *owner;
        int kind;
    } bodies[BODY_COUNT_MAX];
} running;

void cairn_body_push(const void *owner, int kind) {
    if (running.count < BODY_COUNT_MAX) {
        running.bodies[running.count].owner = owner;
        running.bodies[running.count].kind = kind;
    }
    running.count++;
}

void cairn_body_pop(void) {
    running.count--;
}

int cairn_body_kind(const void *owner) {
    int known = running.count < BODY_COUNT_MAX ? running.count : BODY_COUNT_MAX;
    while (known-- > 0)
        if (running.bodies[known].owner == owner) return running.bodies[known].kind;
    return 0;
}
