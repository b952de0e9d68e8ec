// SPDX-License-Identifier: Apache-2.0
#ifndef CCAIRN_SYSTEM_H
#define CCAIRN_SYSTEM_H

// The system calls that Swift's own imports do not show on every platform. Each returns what the call
// returns and leaves errno as the call left it.

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// openat with a mode; Swift does not import the variadic original.
int cairn_openat(int directory, const char *name, int flags, mode_t mode);

// Makes the data of a file durable, with the size needed to read it back: fdatasync on Linux, and on
// Apple systems F_FULLFSYNC, the only call there that reaches the medium.
int cairn_sync_data(int fd);

// Makes a directory's entries durable.
int cairn_sync_directory(int fd);

// Writes and makes durable in one call where the kernel can (pwritev2 with RWF_DSYNC). Returns -1 with
// EOPNOTSUPP where it cannot; nothing has been written then.
ssize_t cairn_pwrite_durably(int fd, const void *bytes, size_t count, off_t offset);

// Lets the kernel begin to write a range of a file to the medium, and waits for nothing. Does nothing where there
// is no such call. Errors are left to the next sync, which reports them.
void cairn_start_writeback(int fd, off_t offset, off_t count);

// Renames within one directory and fails with EEXIST when the new name exists.
int cairn_rename_new(int directory, const char *from, const char *to);

// The highest amount of memory this process had resident, in bytes.
uint64_t cairn_peak_memory(void);

// A signal is a number that threads sleep on until it changes. Reading it acquires what was stored before
// it was raised. Waking without raising wakes in vain.
uint32_t cairn_signal_read(const uint32_t *signal);
void cairn_signal_raise(uint32_t *signal);

// Sleeps while the signal has the value that was seen; may return earlier.
void cairn_signal_wait(uint32_t *signal, uint32_t seen);

// Wakes at most so many threads that sleep on the signal.
void cairn_signal_wake(uint32_t *signal, int count);

// Tells the processor that this thread waits for another one to store something.
void cairn_spin_pause(void);

// Lets other threads of this processor run.
void cairn_yield(void);

// The bodies that run on this thread: which object's, and of which kind (not 0). Up to 32 within one another are
// known.
void cairn_body_push(const void *owner, int kind);
void cairn_body_pop(void);

// The kind of the innermost body of the object that runs on this thread; 0 when none does.
int cairn_body_kind(const void *owner);

// The columns of the terminal behind a descriptor, or 0.
int cairn_terminal_columns(int fd);

#endif
