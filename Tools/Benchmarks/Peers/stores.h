// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness.h"

void rocksdbCommits(const Options &options, bool durable);
void rocksdbReplay(const Options &options);
void leveldbCommits(const Options &options, bool durable);
void leveldbReplay(const Options &options);
void lmdbCommits(const Options &options, bool durable);
void sqliteCommits(const Options &options, bool durable);

// The versions of all of them, as JSON.
std::string versions();
