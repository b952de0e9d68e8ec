// SPDX-License-Identifier: Apache-2.0
//
// Small durable transactions, and reads beside them. The names and the rows are those of
// Sources/CairnBench/SmallData.swift.
#include <array>
#include <memory>
#include <mutex>

#include "rocks.h"
#include "sqlite.h"
#include "stores.h"

static const int64_t points = 3;
// Bytes of the values that fill the logs before something is measured.
static const size_t fillPayload = 1024;
// Nanoseconds between two reads.
static const uint64_t readPause = 20000;
static const std::string readPlayer = "ada";

// The names of 1,000 players, all of one length.
static std::vector<std::string> playerNames() {
    std::vector<std::string> names;
    for (int i = 0; i < 1000; i++) {
        std::array<char, 16> text;
        snprintf(text.data(), text.size(), "player-%04d", i);
        names.push_back(text.data());
    }
    return names;
}

static bool isGraph(const Options &options) { return options.workload == "graph-write"; }

// The options with the bytes of such a row: a number of eight bytes and a name.
static Options withRowSize(const Options &options) {
    Options copy = options;
    copy.payload = 8 + playerNames()[0].size();
    return copy;
}

static std::string number64(uint64_t number) { return std::string(Key(number).bytes, 8); }

// MARK: RocksDB

static void put(rocksdb::DB &database, const std::string &key, const std::string &value) {
    rocksdb::WriteOptions how;
    how.sync = true;
    check(database.Put(how, key, value), "rocksdb cannot write");
}

void rocksdbSmallCommits(const Options &given) {
    Options options = withRowSize(given);
    auto database = openRocksDB(freshDirectory(options, "rocksdb"), true);
    uint64_t filled = fillLogs(*database, fillPayload);
    std::vector<std::string> names = playerNames();
    bool writesNodes = isGraph(options);
    Window window(options.seconds);
    Tally tally = runCallers(
        options, window,
        [&](uint64_t number, int) {
            const std::string &name = names[number % names.size()];
            if (writesNodes) put(*database, number64(filled + number), number64(number) + name);
            else put(*database, name, number64(number));
        },
        options.callers);
    printCommits(options, "rocksdb", window, tally);
}

// MARK: SQLite

static const char *scoresTable = "scores(player text primary key, points integer) without rowid";
static const char *upsert =
    "insert into scores values(?, ?) "
    "on conflict(player) do update set points = points + excluded.points";

static void score(Connection &connection, const std::string &player) {
    connection.bindText(1, player);
    connection.bind(2, points);
    connection.step();
}

void sqliteSmallCommits(const Options &given) {
    Options options = withRowSize(given);
    std::string path = freshDirectory(options, "sqlite") + "/file.db";
    std::vector<std::string> names = playerNames();
    bool writesNodes = isGraph(options);
    std::vector<std::unique_ptr<Connection>> connections;
    for (int i = 0; i < options.callers; i++) {
        connections.push_back(std::make_unique<Connection>(
            path, true,
            writesNodes ? "nodes(id integer primary key, number integer, name text)" : scoresTable,
            writesNodes ? "insert into nodes(number, name) values(?, ?)" : upsert));
    }
    // One writer at a time; the others wait behind a mutex and do not poll.
    std::mutex mutex;
    Window window(options.seconds);
    Tally tally = runCallers(
        options, window,
        [&](uint64_t number, int caller) {
            const std::string &name = names[number % names.size()];
            std::lock_guard<std::mutex> lock(mutex);
            Connection &connection = *connections[caller];
            if (!writesNodes) return score(connection, name);
            connection.bind(1, static_cast<int64_t>(number));
            connection.bindText(2, name);
            connection.step();
        },
        options.callers);
    printCommits(options, "sqlite-wal", window, tally);
}

// MARK: One reader, alone and beside a writer

static void measureReads(
    const Options &options, const std::string &peer,
    const std::function<void(uint64_t)> &writer, const std::function<void()> &reader) {
    for (bool hasWriter : {false, true}) {
        Window window(options.seconds);
        Tally tally = runBeside(window, hasWriter ? writer : nullptr, reader, readPause);
        std::string beside = hasWriter ? "writer" : "alone";
        printCommits(
            options, peer, window, tally,
            ",\"what\":\"points of a player\",\"beside\":\"" + beside + "\"");
    }
}

void rocksdbReads(const Options &given) {
    Options options = withRowSize(given);
    auto database = openRocksDB(freshDirectory(options, "rocksdb"), true);
    fillLogs(*database, fillPayload);
    std::vector<std::string> names = playerNames();
    for (auto &name : names) put(*database, name, number64(points));
    put(*database, readPlayer, number64(points));
    std::string value;
    measureReads(
        options, "rocksdb",
        [&](uint64_t number) { put(*database, names[number % names.size()], number64(number)); },
        [&] {
            check(database->Get(rocksdb::ReadOptions(), readPlayer, &value), "rocksdb cannot read");
        });
}

void sqliteReads(const Options &given) {
    Options options = withRowSize(given);
    std::string path = freshDirectory(options, "sqlite") + "/file.db";
    std::vector<std::string> names = playerNames();
    Connection writer(path, true, scoresTable, upsert);
    for (auto &name : names) score(writer, name);
    score(writer, readPlayer);
    Connection reader(path, true, scoresTable, "select points from scores where player = ?");
    reader.bindText(1, readPlayer);
    measureReads(
        options, "sqlite-wal",
        [&](uint64_t number) { score(writer, names[number % names.size()]); },
        [&] {
            int64_t value = 0;
            if (!reader.step(&value) || value != points) fail("sqlite does not find a row");
        });
}
