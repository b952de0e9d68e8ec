// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness.h"

void rawCommits(const Options &options, bool durable);
void rawReplay(const Options &options);
void calibrate(const Options &options);
void fillings(const Options &options);

// Prints how long it took to read a log of `options.commits` back; the median counts.
void printReplay(
    const Options &options, const std::string &peer, const std::vector<double> &times,
    const std::string &extra = "");
