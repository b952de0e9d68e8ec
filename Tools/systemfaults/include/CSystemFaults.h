// SPDX-License-Identifier: Apache-2.0
//
// Calls of the real kernel that fail, for tests: what no file system does before its disk does it.

#ifndef CSYSTEMFAULTS_H
#define CSYSTEMFAULTS_H

/// Counts the calls of this thread that ask for the status of a file or a directory, and makes one of them fail.
///
/// The thread cannot be brought back, so it should be one that ends soon. Other threads are not touched.
///
/// - `call`: Which one fails, from 0; a negative number for none.
/// - `error`: With which number of <errno.h>.
///
/// Returns 0, or the error when the system has no such filter (everything but Linux on x86-64 and arm64).
int cairn_fail_status_call(int call, int error);

/// How many such calls this thread has made since.
int cairn_status_call_count(void);

#endif
