// SPDX-License-Identifier: Apache-2.0
//
// What all peers share: options, the window in which operations count, the histogram of latencies, and
// the result as one line of JSON. The same as in Sources/BenchSupport, so that both sides are measured
// alike.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

// What the command line says.
struct Options {
    std::string workload;
    std::string peer;
    std::string directory;
    size_t payload = 128;
    int callers = 1;
    double seconds = 3;
    long commits = 1000000;
    bool allowsTmpfs = false;
};

// Ends the program with a sentence.
[[noreturn]] void fail(const std::string &message);

// Nanoseconds since some fixed moment.
uint64_t now();

// Processor time of this process, in nanoseconds.
uint64_t processorTime();

// Counts durations. Below 64 ns one by one; above, each power of two has 64 buckets.
class Histogram {
public:
    Histogram() : counts_(59 * 64, 0) {}
    void add(uint64_t nanoseconds);
    void add(const Histogram &other);
    uint64_t count() const { return count_; }
    uint64_t max() const { return max_; }
    // The duration that a share of all does not exceed.
    uint64_t atShare(double share) const;

private:
    std::vector<uint64_t> counts_;
    uint64_t count_ = 0;
    uint64_t max_ = 0;
};

// The time in which operations count; what comes before warms up.
struct Window {
    explicit Window(double seconds);
    uint64_t start;
    uint64_t end;
};

// What the callers did within the window.
struct Tally {
    Histogram latency;
    uint64_t end = 0;
    uint64_t processorTime = 0;
    double seconds(const Window &window) const;
};

// Runs `operation` on each of the callers' threads until the window is over. It is given the number of
// the operation, from 0, and the number of the thread, and stands for `weight` operations.
Tally runCallers(
    const Options &options, const Window &window,
    const std::function<void(uint64_t, int)> &operation, int threads, int weight = 1);

// Runs `reader` again and again, and spins for `pause` nanoseconds in between that do not count; and, when
// there is one, `writer` on another thread until the window is over. What the reader did.
Tally runBeside(
    const Window &window, const std::function<void(uint64_t)> &writer,
    const std::function<void()> &reader, uint64_t pause);

// Prints a result; `extra` is more JSON fields, each with a comma in front.
void printCommits(
    const Options &options, const std::string &peer, const Window &window, const Tally &tally,
    const std::string &extra = "");

// An empty directory for a peer within the directory of this run.
std::string freshDirectory(const Options &options, const std::string &name);

// Text of small letters and digits that hardly compresses.
std::string payloadText(size_t byteCount);

// Eight bytes that sort like the number.
struct Key {
    char bytes[8];
    explicit Key(uint64_t number) {
        for (int i = 0; i < 8; i++) bytes[i] = static_cast<char>(number >> (56 - 8 * i));
    }
};

// The middle one of several numbers.
double median(std::vector<double> numbers);
