// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness.h"

// Large enough that no memtable is flushed while something is measured.
inline const size_t writeBufferByteCount = size_t(1) << 30;

void rocksdbCommits(const Options &options, bool durable);
void rocksdbReplay(const Options &options);
void leveldbCommits(const Options &options, bool durable);
void leveldbReplay(const Options &options);
void lmdbCommits(const Options &options, bool durable);
void sqliteCommits(const Options &options, bool durable);

// Small durable transactions: an event of a state, or a node.
void rocksdbSmallCommits(const Options &options);
void sqliteSmallCommits(const Options &options);

// One reader alone and beside a writer.
void rocksdbReads(const Options &options);
void sqliteReads(const Options &options);

// The versions of all of them, as JSON.
std::string versions();

// How long it took to open a store again and again, after all commits were written.
template <class Open, class Write>
std::vector<double> measureReplay(const Options &options, Open open, Write write) {
    {
        auto database = open();
        for (long i = 0; i < options.commits; i++) write(*database, Key(i));
    }
    std::vector<double> times;
    uint64_t limit = now() + static_cast<uint64_t>(options.seconds * 1e9);
    do {
        uint64_t before = now();
        auto database = open();
        times.push_back(static_cast<double>(now() - before) / 1e9);
    } while (now() < limit);
    return times;
}
