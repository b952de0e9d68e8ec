// SPDX-License-Identifier: Apache-2.0
//
// Each store is set up the way in which it commits fastest without giving up what is measured: a durable
// commit is on the medium when it returns, a buffered one is with the system. Docs/Benchmarks.md says the
// settings.
#include "stores.h"

#include <leveldb/db.h>
#include <lmdb.h>
#include <rocksdb/version.h>
#include <sqlite3.h>

#include <memory>

#include "raw.h"
#include "rocks.h"

// MARK: LevelDB

static std::unique_ptr<leveldb::DB> openLevelDB(const std::string &path) {
    leveldb::Options settings;
    settings.create_if_missing = true;
    settings.write_buffer_size = writeBufferByteCount;
    // Keeps what was replayed in memory, and does not write a table of it first.
    settings.reuse_logs = true;
    leveldb::DB *database = nullptr;
    check(leveldb::DB::Open(settings, path, &database), "leveldb cannot open");
    return std::unique_ptr<leveldb::DB>(database);
}

void leveldbCommits(const Options &options, bool durable) {
    std::string value = payloadText(options.payload);
    auto database = openLevelDB(freshDirectory(options, "leveldb"));
    leveldb::WriteOptions how;
    how.sync = durable;
    Window window(options.seconds);
    Tally tally = runCallers(
        options, window,
        [&](uint64_t number, int) {
            Key key(number);
            check(database->Put(how, leveldb::Slice(key.bytes, 8), value), "leveldb cannot write");
        },
        options.callers);
    printCommits(options, "leveldb", window, tally);
}

void leveldbReplay(const Options &options) {
    std::string value = payloadText(options.payload);
    std::string path = freshDirectory(options, "leveldb");
    auto times = measureReplay(
        options, [&] { return openLevelDB(path); },
        [&](leveldb::DB &database, Key key) {
            check(
                database.Put(leveldb::WriteOptions(), leveldb::Slice(key.bytes, 8), value),
                "leveldb cannot write");
        });
    printReplay(options, "leveldb", times);
}

// MARK: LMDB

static void checkLMDB(int code, const char *what) {
    if (code != 0) fail(std::string(what) + ": " + mdb_strerror(code));
}

void lmdbCommits(const Options &options, bool durable) {
    std::string value = payloadText(options.payload);
    std::string path = freshDirectory(options, "lmdb");
    MDB_env *environment;
    checkLMDB(mdb_env_create(&environment), "lmdb");
    checkLMDB(mdb_env_set_mapsize(environment, size_t(8) << 30), "lmdb");
    checkLMDB(
        mdb_env_open(environment, path.c_str(), durable ? 0 : MDB_NOSYNC, 0600), "lmdb cannot open");
    MDB_txn *first;
    MDB_dbi table;
    checkLMDB(mdb_txn_begin(environment, nullptr, 0, &first), "lmdb");
    checkLMDB(mdb_dbi_open(first, nullptr, 0, &table), "lmdb");
    checkLMDB(mdb_txn_commit(first), "lmdb");
    Window window(options.seconds);
    Tally tally = runCallers(
        options, window,
        [&](uint64_t number, int) {
            Key key(number);
            MDB_txn *transaction;
            checkLMDB(mdb_txn_begin(environment, nullptr, 0, &transaction), "lmdb");
            MDB_val name{8, key.bytes};
            MDB_val content{value.size(), value.data()};
            checkLMDB(mdb_put(transaction, table, &name, &content, 0), "lmdb cannot write");
            checkLMDB(mdb_txn_commit(transaction), "lmdb cannot commit");
        },
        options.callers);
    printCommits(options, "lmdb", window, tally);
    mdb_env_close(environment);
}

std::string versions() {
    return std::string("{\"rocksdb\":\"") + rocksdb::GetRocksVersionAsString(true) +
           "\",\"leveldb\":\"" + std::to_string(leveldb::kMajorVersion) + "." +
           std::to_string(leveldb::kMinorVersion) + "\",\"lmdb\":\"" +
           std::to_string(MDB_VERSION_MAJOR) + "." + std::to_string(MDB_VERSION_MINOR) + "." +
           std::to_string(MDB_VERSION_PATCH) + "\",\"sqlite\":\"" + sqlite3_libversion() + "\"}";
}
