// SPDX-License-Identifier: Apache-2.0
#include "sqlite.h"

#include <memory>
#include <mutex>

#include "stores.h"

Connection::Connection(
    const std::string &path, bool durable, const std::string &table, const std::string &statement) {
    if (sqlite3_open(path.c_str(), &database_) != SQLITE_OK) fail("sqlite cannot open");
    sqlite3_busy_timeout(database_, 60000);
    run("pragma journal_mode=wal");
    run(durable ? "pragma synchronous=full" : "pragma synchronous=off");
    run("create table if not exists " + table);
    if (sqlite3_prepare_v2(database_, statement.c_str(), -1, &statement_, nullptr) != SQLITE_OK) {
        fail(sqlite3_errmsg(database_));
    }
}

Connection::~Connection() {
    sqlite3_finalize(statement_);
    sqlite3_close(database_);
}

void Connection::bind(int index, int64_t value) { sqlite3_bind_int64(statement_, index, value); }

void Connection::bindText(int index, const std::string &value) {
    sqlite3_bind_text(
        statement_, index, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
}

void Connection::bindBlob(int index, const std::string &value) {
    sqlite3_bind_blob(
        statement_, index, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
}

bool Connection::step(int64_t *value) {
    int code = sqlite3_step(statement_);
    if (code != SQLITE_DONE && code != SQLITE_ROW) fail(sqlite3_errmsg(database_));
    if (value != nullptr && code == SQLITE_ROW) *value = sqlite3_column_int64(statement_, 0);
    sqlite3_reset(statement_);
    return code == SQLITE_ROW;
}

void Connection::run(const std::string &statement) {
    if (sqlite3_exec(database_, statement.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
        fail(sqlite3_errmsg(database_));
    }
}

void sqliteCommits(const Options &options, bool durable) {
    std::string value = payloadText(options.payload);
    std::string path = freshDirectory(options, "sqlite") + "/file.db";
    // A connection of its own for each caller.
    std::vector<std::unique_ptr<Connection>> connections;
    for (int i = 0; i < options.callers; i++) {
        connections.push_back(std::make_unique<Connection>(
            path, durable, "entries(key integer primary key, value blob)",
            "insert into entries values(?, ?)"));
    }
    // SQLite has one writer at a time and lets the others poll. They wait less behind a mutex.
    std::mutex mutex;
    Window window(options.seconds);
    Tally tally = runCallers(
        options, window,
        [&](uint64_t number, int caller) {
            std::lock_guard<std::mutex> lock(mutex);
            connections[caller]->bind(1, static_cast<int64_t>(number));
            connections[caller]->bindBlob(2, value);
            connections[caller]->step();
        },
        options.callers);
    printCommits(options, "sqlite-wal", window, tally);
}
