// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rocksdb/db.h>

#include <memory>

#include "harness.h"

// Ends the program when a call of a store failed.
template <class Status>
void check(const Status &status, const char *what) {
    if (!status.ok()) fail(std::string(what) + ": " + status.ToString());
}

// Opens a database; `recycles` overwrites the blocks of old logs, which makes a sync faster.
std::unique_ptr<rocksdb::DB> openRocksDB(const std::string &path, bool recycles);

// Writes so much that the log which comes next was written before; returns the next free key.
uint64_t fillLogs(rocksdb::DB &database, size_t payload);
