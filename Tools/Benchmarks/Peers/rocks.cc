// SPDX-License-Identifier: Apache-2.0
#include "rocks.h"

#include "raw.h"
#include "stores.h"

// Of memtables and logs where logs are recycled.
static const size_t recycledByteCount = size_t(8) << 20;

std::unique_ptr<rocksdb::DB> openRocksDB(const std::string &path, bool recycles) {
    rocksdb::Options settings;
    settings.create_if_missing = true;
    settings.avoid_flush_during_shutdown = true;
    settings.avoid_flush_during_recovery = true;
    settings.enable_pipelined_write = true;
    if (recycles) {
        // Logs are retired with their memtables and overwritten: a sync of written blocks is faster.
        settings.recycle_log_file_num = 4;
        settings.wal_recovery_mode = rocksdb::WALRecoveryMode::kSkipAnyCorruptedRecords;
        settings.write_buffer_size = recycledByteCount;
    } else {
        settings.write_buffer_size = writeBufferByteCount;
        settings.max_total_wal_size = uint64_t(1) << 40;
    }
    rocksdb::DB *database = nullptr;
    check(rocksdb::DB::Open(settings, path, &database), "rocksdb cannot open");
    if (recycles && database->GetDBOptions().recycle_log_file_num == 0) {
        fail("rocksdb does not recycle its logs with these settings");
    }
    return std::unique_ptr<rocksdb::DB>(database);
}

uint64_t fillLogs(rocksdb::DB &database, size_t payload) {
    std::string value = payloadText(payload);
    uint64_t count = recycledByteCount * 4 / (payload + 20);
    for (uint64_t number = 0; number < count; number++) {
        Key key(number);
        check(
            database.Put(rocksdb::WriteOptions(), rocksdb::Slice(key.bytes, 8), value),
            "rocksdb cannot write");
    }
    return count;
}

void rocksdbCommits(const Options &options, bool durable) {
    std::string value = payloadText(options.payload);
    bool recycles = durable;
    auto database = openRocksDB(freshDirectory(options, "rocksdb"), recycles);
    rocksdb::WriteOptions how;
    uint64_t filled = recycles ? fillLogs(*database, options.payload) : 0;
    how.sync = durable;
    Window window(options.seconds);
    Tally tally = runCallers(
        options, window,
        [&](uint64_t number, int) {
            Key key(filled + number);
            check(database->Put(how, rocksdb::Slice(key.bytes, 8), value), "rocksdb cannot write");
        },
        options.callers);
    printCommits(options, "rocksdb", window, tally);
}

void rocksdbReplay(const Options &options) {
    std::string value = payloadText(options.payload);
    std::string path = freshDirectory(options, "rocksdb");
    auto times = measureReplay(
        options, [&] { return openRocksDB(path, false); },
        [&](rocksdb::DB &database, Key key) {
            check(
                database.Put(rocksdb::WriteOptions(), rocksdb::Slice(key.bytes, 8), value),
                "rocksdb cannot write");
        });
    printReplay(options, "rocksdb", times);
}
