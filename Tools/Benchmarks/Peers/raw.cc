// SPDX-License-Identifier: Apache-2.0
//
// The floor: what the disk and one system call for each commit cost, without anything around them.
#include "raw.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <nmmintrin.h>
#elif defined(__aarch64__)
#include <arm_acle.h>
#endif

// A frame of Cairn's log has so many bytes more than the payload: head, commit time, padding, checksum.
static const size_t frameOverhead = 48;

static size_t recordByteCount(const Options &options) {
    return (options.payload + frameOverhead + 7) / 8 * 8;
}

namespace {
// A file whose blocks have been written, so that writing them again allocates nothing.
class WrittenFile {
public:
    WrittenFile(const std::string &path, size_t byteCount, size_t pieceByteCount = 16 << 10)
        : byteCount_(byteCount) {
        descriptor_ = open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        if (descriptor_ < 0) fail("cannot make " + path + ": " + strerror(errno));
        // In small pieces: a small write into a larger piece of the cache takes longer; see `fillings`.
        std::string zeros(pieceByteCount, 0);
        for (size_t offset = 0; offset < byteCount; offset += zeros.size()) {
            if (pwrite(descriptor_, zeros.data(), zeros.size(), offset) < 0) {
                fail(std::string("cannot fill the file: ") + strerror(errno));
            }
        }
        if (fsync(descriptor_) != 0) fail(std::string("cannot sync: ") + strerror(errno));
    }
    ~WrittenFile() { close(descriptor_); }

    // Writes behind what was written last, and from the start again at the end of the file.
    void append(const std::string &bytes, bool durably) {
        if (offset_ + bytes.size() > byteCount_) offset_ = 0;
        struct iovec part = {const_cast<char *>(bytes.data()), bytes.size()};
        ssize_t count = durably ? pwritev2(descriptor_, &part, 1, offset_, RWF_DSYNC)
                                : pwrite(descriptor_, bytes.data(), bytes.size(), offset_);
        if (count != static_cast<ssize_t>(bytes.size())) {
            fail(std::string("cannot write: ") + strerror(errno));
        }
        offset_ += bytes.size();
    }

    int descriptor() const { return descriptor_; }

private:
    int descriptor_;
    size_t byteCount_;
    size_t offset_ = 0;
};
}  // namespace

void rawCommits(const Options &options, bool durable) {
    std::string path = freshDirectory(options, "raw") + "/file";
    WrittenFile file(path, durable ? 64 << 20 : 128 << 20);
    // With several callers the floor is a perfect group commit by one thread that never waits: each
    // round writes one record of every caller.
    std::string bytes(recordByteCount(options) * (durable ? options.callers : 1), 'x');
    Window window(options.seconds);
    int weight = durable ? options.callers : 1;
    Tally tally = runCallers(
        options, window, [&](uint64_t, int) { file.append(bytes, durable); }, 1, weight);
    printCommits(options, "raw-floor", window, tally);
}

static uint32_t checksum(const char *bytes, size_t byteCount) {
    uint64_t sum = 0xffffffff;
    for (size_t i = 0; i + 8 <= byteCount; i += 8) {
        uint64_t word;
        memcpy(&word, bytes + i, 8);
#if defined(__x86_64__)
        sum = _mm_crc32_u64(sum, word);
#elif defined(__aarch64__)
        sum = __crc32cd(static_cast<uint32_t>(sum), word);
#else
#error "the floor of replay needs a processor with CRC-32C"
#endif
    }
    return static_cast<uint32_t>(sum);
}

void rawReplay(const Options &options) {
    std::string path = freshDirectory(options, "raw") + "/file";
    size_t record = recordByteCount(options);
    size_t records = (1 << 20) / record + 1;
    size_t total = record * static_cast<size_t>(options.commits);
    WrittenFile file(path, total);
    std::string block(records * record, 0);
    std::vector<double> times;
    uint32_t folded = 0;
    uint64_t limit = now() + static_cast<uint64_t>(options.seconds * 1e9);
    do {
        uint64_t before = now();
        for (size_t offset = 0; offset < total; offset += block.size()) {
            ssize_t count = pread(file.descriptor(), block.data(), block.size(), offset);
            if (count < 0) fail(std::string("cannot read: ") + strerror(errno));
            for (size_t i = 0; i + record <= static_cast<size_t>(count); i += record) {
                folded ^= checksum(block.data() + i, record);
            }
        }
        times.push_back(static_cast<double>(now() - before) / 1e9);
    } while (now() < limit);
    printReplay(options, "raw-read+crc32c", times, ",\"checksum\":" + std::to_string(folded));
}

void printReplay(
    const Options &options, const std::string &peer, const std::vector<double> &times,
    const std::string &extra) {
    double seconds = median(times);
    double count = static_cast<double>(options.commits);
    printf(
        "{\"workload\":\"replay\",\"peer\":\"%s\",\"payload\":%zu,\"ops_per_s\":%.3f,"
        "\"mb_per_s\":%.3f,\"seconds\":%.6f,\"operations\":%ld,\"rounds\":%zu%s}\n",
        peer.c_str(), options.payload, count / seconds,
        count * static_cast<double>(options.payload) / seconds / 1e6, seconds, options.commits,
        times.size(), extra.c_str());
    fflush(stdout);
}

// How long it takes to make 4 KiB durable, in three ways.
void calibrate(const Options &options) {
    std::string path = freshDirectory(options, "raw") + "/file";
    std::string block(4096, 'x');
    auto measure = [&](const char *name, const std::function<void()> &operation) {
        Window window(options.seconds / 3);
        Tally tally = runCallers(options, window, [&](uint64_t, int) { operation(); }, 1);
        Options named = options;
        named.payload = 4096;
        named.callers = 1;
        printCommits(named, name, window, tally);
    };
    {
        WrittenFile file(path, 64 << 20);
        measure("overwrite-dsync", [&] { file.append(block, true); });
        measure("overwrite-fdatasync", [&] {
            file.append(block, false);
            if (fdatasync(file.descriptor()) != 0) fail("cannot sync");
        });
    }
    int descriptor = open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
    measure("append-fdatasync", [&] {
        if (write(descriptor, block.data(), block.size()) < 0 || fdatasync(descriptor) != 0) {
            fail("cannot write");
        }
    });
    close(descriptor);
}

// How long small writes take that go through a file from start to end, by how the file was filled before: what
// one call wrote the system keeps in one piece. Medians of rounds that take turns.
void fillings(const Options &options) {
    std::string path = freshDirectory(options, "raw") + "/file";
    const size_t fileByteCount = 64 << 20;
    const std::vector<size_t> pieces = {4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20};
    std::string bytes(recordByteCount(options), 'x');
    size_t count = fileByteCount / bytes.size();
    std::vector<std::vector<double>> filling(pieces.size()), writing(pieces.size());
    uint64_t limit = now() + static_cast<uint64_t>(options.seconds * 1e9);
    do {
        for (size_t i = 0; i < pieces.size(); i++) {
            uint64_t start = now();
            WrittenFile file(path, fileByteCount, pieces[i]);
            uint64_t filled = now();
            for (size_t n = 0; n < count; n++) file.append(bytes, false);
            filling[i].push_back(static_cast<double>(filled - start) / 1e9);
            writing[i].push_back(static_cast<double>(now() - filled) / 1e9);
        }
    } while (now() < limit);
    for (size_t i = 0; i < pieces.size(); i++) {
        printf(
            "{\"workload\":\"fillings\",\"peer\":\"raw-floor\",\"piece\":%zu,\"payload\":%zu,"
            "\"ops_per_s\":%.3f,\"fill_seconds\":%.6f,\"rounds\":%zu}\n",
            pieces[i], options.payload, static_cast<double>(count) / median(writing[i]),
            median(filling[i]), writing[i].size());
    }
    fflush(stdout);
}
