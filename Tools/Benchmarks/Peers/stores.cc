// SPDX-License-Identifier: Apache-2.0
//
// Each store is set up the way in which it commits fastest without giving up what is measured: a durable
// commit is on the medium when it returns, a buffered one is with the system. Docs/Benchmarks.md says the
// settings.
#include "stores.h"

#include <leveldb/db.h>
#include <lmdb.h>
#include <rocksdb/db.h>
#include <rocksdb/version.h>
#include <sqlite3.h>

#include <memory>
#include <mutex>

#include "raw.h"

// Large enough that no memtable is flushed while something is measured.
static const size_t writeBufferByteCount = size_t(1) << 30;

// Of RocksDB's memtables and logs where it recycles logs.
static const size_t recycledByteCount = size_t(8) << 20;

template <class Status>
static void check(const Status &status, const char *what) {
    if (!status.ok()) fail(std::string(what) + ": " + status.ToString());
}

// MARK: RocksDB

static std::unique_ptr<rocksdb::DB> openRocksDB(const std::string &path, bool recycles) {
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

void rocksdbCommits(const Options &options, bool durable) {
    std::string value = payloadText(options.payload);
    bool recycles = durable;
    auto database = openRocksDB(freshDirectory(options, "rocksdb"), recycles);
    rocksdb::WriteOptions how;
    uint64_t filled = 0;
    if (recycles) {
        // So many bytes that the log which is measured has been written before.
        uint64_t count = recycledByteCount * 4 / (options.payload + 20);
        for (; filled < count; filled++) {
            Key key(filled);
            check(database->Put(how, rocksdb::Slice(key.bytes, 8), value), "rocksdb cannot write");
        }
    }
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

template <class Open, class Write>
static std::vector<double> measureReplay(const Options &options, Open open, Write write) {
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

// MARK: SQLite

namespace {
// A connection of its own for each caller.
class Connection {
public:
    Connection(const std::string &path, bool durable) {
        if (sqlite3_open(path.c_str(), &database_) != SQLITE_OK) fail("sqlite cannot open");
        sqlite3_busy_timeout(database_, 60000);
        run("pragma journal_mode=wal");
        run(durable ? "pragma synchronous=full" : "pragma synchronous=off");
        run("create table if not exists entries(key integer primary key, value blob)");
        if (sqlite3_prepare_v2(
                database_, "insert into entries values(?, ?)", -1, &insert_, nullptr) != SQLITE_OK) {
            fail(sqlite3_errmsg(database_));
        }
    }
    ~Connection() {
        sqlite3_finalize(insert_);
        sqlite3_close(database_);
    }
    Connection(const Connection &) = delete;

    void insert(uint64_t key, const std::string &value) {
        sqlite3_bind_int64(insert_, 1, static_cast<sqlite3_int64>(key));
        sqlite3_bind_blob(insert_, 2, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
        if (sqlite3_step(insert_) != SQLITE_DONE) fail(sqlite3_errmsg(database_));
        sqlite3_reset(insert_);
    }

private:
    void run(const char *statement) {
        if (sqlite3_exec(database_, statement, nullptr, nullptr, nullptr) != SQLITE_OK) {
            fail(sqlite3_errmsg(database_));
        }
    }
    sqlite3 *database_ = nullptr;
    sqlite3_stmt *insert_ = nullptr;
};
}  // namespace

void sqliteCommits(const Options &options, bool durable) {
    std::string value = payloadText(options.payload);
    std::string path = freshDirectory(options, "sqlite") + "/file.db";
    std::vector<std::unique_ptr<Connection>> connections;
    for (int i = 0; i < options.callers; i++) {
        connections.push_back(std::make_unique<Connection>(path, durable));
    }
    // SQLite has one writer at a time and lets the others poll. They wait less behind a mutex.
    std::mutex mutex;
    Window window(options.seconds);
    Tally tally = runCallers(
        options, window,
        [&](uint64_t number, int caller) {
            std::lock_guard<std::mutex> lock(mutex);
            connections[caller]->insert(number, value);
        },
        options.callers);
    printCommits(options, "sqlite-wal", window, tally);
}

std::string versions() {
    return std::string("{\"rocksdb\":\"") + rocksdb::GetRocksVersionAsString(true) +
           "\",\"leveldb\":\"" + std::to_string(leveldb::kMajorVersion) + "." +
           std::to_string(leveldb::kMinorVersion) + "\",\"lmdb\":\"" +
           std::to_string(MDB_VERSION_MAJOR) + "." + std::to_string(MDB_VERSION_MINOR) + "." +
           std::to_string(MDB_VERSION_PATCH) + "\",\"sqlite\":\"" + sqlite3_libversion() + "\"}";
}
