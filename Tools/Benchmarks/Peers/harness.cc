// SPDX-License-Identifier: Apache-2.0
#include "harness.h"

#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>

void fail(const std::string &message) {
    fprintf(stderr, "peers: %s\n", message.c_str());
    exit(1);
}

static uint64_t clockTime(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return static_cast<uint64_t>(time.tv_sec) * 1000000000u + static_cast<uint64_t>(time.tv_nsec);
}

uint64_t now() { return clockTime(CLOCK_MONOTONIC); }

uint64_t processorTime() { return clockTime(CLOCK_PROCESS_CPUTIME_ID); }

static size_t bucketOf(uint64_t nanoseconds) {
    if (nanoseconds < 64) return nanoseconds;
    int exponent = 63 - __builtin_clzll(nanoseconds);
    return (exponent - 5) * 64 + ((nanoseconds >> (exponent - 6)) & 63);
}

static uint64_t upperBound(size_t bucket) {
    if (bucket < 64) return bucket;
    int shift = static_cast<int>(bucket / 64) - 1;
    return ((64 + bucket % 64) << shift) + ((1ull << shift) - 1);
}

void Histogram::add(uint64_t nanoseconds) {
    counts_[bucketOf(nanoseconds)]++;
    count_++;
    max_ = std::max(max_, nanoseconds);
}

void Histogram::add(const Histogram &other) {
    for (size_t i = 0; i < counts_.size(); i++) counts_[i] += other.counts_[i];
    count_ += other.count_;
    max_ = std::max(max_, other.max_);
}

uint64_t Histogram::atShare(double share) const {
    if (count_ == 0) return 0;
    uint64_t wanted = static_cast<uint64_t>(std::ceil(share * static_cast<double>(count_)));
    uint64_t rank = std::min(std::max<uint64_t>(wanted, 1), count_);
    uint64_t seen = 0;
    for (size_t i = 0; i < counts_.size(); i++) {
        seen += counts_[i];
        if (seen >= rank) return std::min(upperBound(i), max_);
    }
    return max_;
}

Window::Window(double seconds) {
    uint64_t length = static_cast<uint64_t>(std::max(seconds, 0.001) * 1e9);
    start = now() + std::min<uint64_t>(length / 10, 500000000);
    end = start + length;
}

double Tally::seconds(const Window &window) const {
    return end > window.start ? static_cast<double>(end - window.start) / 1e9 : 1e-9;
}

Tally runCallers(
    const Options &, const Window &window, const std::function<void(uint64_t, int)> &operation,
    int threads, int weight) {
    std::atomic<uint64_t> next{0};
    std::vector<Tally> tallies(threads);
    auto caller = [&](int index) {
        Tally &tally = tallies[index];
        uint64_t before = now();
        while (true) {
            operation(next.fetch_add(1, std::memory_order_relaxed), index);
            uint64_t after = now();
            if (before >= window.start) {
                for (int i = 0; i < weight; i++) tally.latency.add(after - before);
                tally.end = after;
            }
            if (after >= window.end && tally.latency.count() > 0) return;
            before = after;
        }
    };
    uint64_t used = processorTime();
    std::vector<std::thread> running;
    for (int i = 0; i < threads; i++) running.emplace_back(caller, i);
    for (auto &thread : running) thread.join();
    Tally total;
    for (auto &tally : tallies) {
        total.latency.add(tally.latency);
        total.end = std::max(total.end, tally.end);
    }
    total.processorTime = processorTime() - used;
    return total;
}

Tally runBeside(
    const Window &window, const std::function<void(uint64_t)> &writer,
    const std::function<void()> &reader, uint64_t pause) {
    std::thread beside;
    if (writer) {
        beside = std::thread([&] {
            for (uint64_t number = 0; now() < window.end; number++) writer(number);
        });
    }
    Tally tally;
    uint64_t before = now();
    while (before < window.end || tally.latency.count() == 0) {
        reader();
        uint64_t after = now();
        if (before >= window.start) {
            tally.latency.add(after - before);
            tally.end = after;
        }
        do before = now();
        while (before < after + pause);
    }
    if (beside.joinable()) beside.join();
    return tally;
}

void printCommits(
    const Options &options, const std::string &peer, const Window &window, const Tally &tally,
    const std::string &extra) {
    double seconds = tally.seconds(window);
    double count = static_cast<double>(tally.latency.count());
    printf(
        "{\"workload\":\"%s\",\"peer\":\"%s\",\"payload\":%zu,\"callers\":%d,\"mode\":\"threads\","
        "\"ops_per_s\":%.3f,\"mb_per_s\":%.3f,\"seconds\":%.3f,\"operations\":%.0f,"
        "\"p50_us\":%.3f,\"p99_us\":%.3f,\"p999_us\":%.3f,\"max_us\":%.3f%s}\n",
        options.workload.c_str(), peer.c_str(), options.payload, options.callers, count / seconds,
        count * static_cast<double>(options.payload) / seconds / 1e6, seconds, count,
        tally.latency.atShare(0.5) / 1e3, tally.latency.atShare(0.99) / 1e3,
        tally.latency.atShare(0.999) / 1e3, tally.latency.max() / 1e3, extra.c_str());
    fflush(stdout);
}

std::string freshDirectory(const Options &options, const std::string &name) {
    std::string path = options.directory + "/" + name;
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
    return path;
}

std::string payloadText(size_t byteCount) {
    std::string text(byteCount, 0);
    uint32_t state = 12345;
    for (auto &letter : text) {
        state = state * 1664525u + 1013904223u;
        letter = "abcdefghijklmnopqrstuvwxyz012345"[(state >> 24) & 31];
    }
    return text;
}

double median(std::vector<double> numbers) {
    std::sort(numbers.begin(), numbers.end());
    size_t middle = numbers.size() / 2;
    return numbers.size() % 2 == 1 ? numbers[middle] : (numbers[middle - 1] + numbers[middle]) / 2;
}
