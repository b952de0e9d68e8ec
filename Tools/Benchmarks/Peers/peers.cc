// SPDX-License-Identifier: Apache-2.0
//
// Measures what a user could take instead of Cairn's log, in the same way and with the same output.
// Tools/Benchmarks/install-peers builds it.
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "harness.h"
#include "raw.h"
#include "stores.h"

static const char *usage =
    "usage: peers --workload WORKLOAD --peer PEER --dir DIRECTORY [options]\n"
    "       peers --versions\n"
    "\n"
    "  --workload   durable, buffered, replay, durable-state, graph-write, read-beside-writer,\n"
    "               calibrate or fillings\n"
    "  --peer       raw, rocksdb, leveldb, lmdb or sqlite (the last two do not replay;\n"
    "               durable-state and what follows: rocksdb and sqlite)\n"
    "  --payload    bytes of each commit (128)\n"
    "  --callers    threads that commit (1)\n"
    "  --seconds    how long to measure (3)\n"
    "  --commits    how many commits to replay (1000000)\n"
    "  --dir        a directory on a real disk\n"
    "  --allow-tmpfs\n";

static Options parse(int count, char **arguments) {
    Options options;
    for (int i = 1; i < count; i++) {
        std::string name = arguments[i];
        if (name == "--allow-tmpfs") {
            options.allowsTmpfs = true;
            continue;
        }
        if (name == "--help" || i + 1 == count) {
            fputs(usage, name == "--help" ? stdout : stderr);
            exit(name == "--help" ? 0 : 64);
        }
        std::string value = arguments[++i];
        if (name == "--workload") options.workload = value;
        else if (name == "--peer") options.peer = value;
        else if (name == "--dir") options.directory = value;
        else if (name == "--payload") options.payload = strtoul(value.c_str(), nullptr, 10);
        else if (name == "--callers") options.callers = atoi(value.c_str());
        else if (name == "--seconds") options.seconds = atof(value.c_str());
        else if (name == "--commits") options.commits = atol(value.c_str());
        else fail("there is no option " + name + "; see --help");
    }
    if (options.directory.empty()) fail("--dir is missing; see --help");
    if (options.payload < 1 || options.payload > (64 << 20)) fail("--payload is not 1 to 67108864");
    if (options.callers < 1 || options.callers > 4096) fail("--callers is not 1 to 4096");
    if (options.commits < 1) fail("--commits is not 1 or more");
    if (!(options.seconds > 0)) fail("--seconds is not above 0");
    return options;
}

static void refuseMemory(const Options &options) {
    struct statfs facts;
    if (statfs(options.directory.c_str(), &facts) != 0) fail("cannot look at " + options.directory);
    bool isMemory = facts.f_type == 0x01021994 ||
                    static_cast<unsigned long>(facts.f_type) == 0x858458f6ul;
    if (isMemory && !options.allowsTmpfs) {
        fail(options.directory + " lies in memory (tmpfs or ramfs); give a directory on a disk");
    }
}

static void run(const Options &options) {
    const std::string &workload = options.workload, &peer = options.peer;
    if (workload == "calibrate") return calibrate(options);
    if (workload == "fillings") return fillings(options);
    bool durable = workload == "durable";
    if (durable || workload == "buffered") {
        if (peer == "raw") return rawCommits(options, durable);
        if (peer == "rocksdb") return rocksdbCommits(options, durable);
        if (peer == "leveldb") return leveldbCommits(options, durable);
        if (peer == "lmdb") return lmdbCommits(options, durable);
        if (peer == "sqlite") return sqliteCommits(options, durable);
    } else if (workload == "replay") {
        if (peer == "raw") return rawReplay(options);
        if (peer == "rocksdb") return rocksdbReplay(options);
        if (peer == "leveldb") return leveldbReplay(options);
    } else if (workload == "durable-state" || workload == "graph-write") {
        if (peer == "rocksdb") return rocksdbSmallCommits(options);
        if (peer == "sqlite") return sqliteSmallCommits(options);
    } else if (workload == "read-beside-writer") {
        if (peer == "rocksdb") return rocksdbReads(options);
        if (peer == "sqlite") return sqliteReads(options);
    }
    fail("the peer '" + peer + "' has no workload '" + workload + "'; see --help");
}

int main(int count, char **arguments) {
    if (count == 2 && strcmp(arguments[1], "--versions") == 0) {
        printf("%s\n", versions().c_str());
        return 0;
    }
    Options options = parse(count, arguments);
    std::filesystem::create_directories(options.directory);
    refuseMemory(options);
    options.directory += "/peers-" + std::to_string(getpid());
    std::filesystem::create_directories(options.directory);
    run(options);
    std::filesystem::remove_all(options.directory);
    return 0;
}
