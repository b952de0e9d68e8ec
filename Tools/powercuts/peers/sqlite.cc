// SPDX-License-Identifier: Apache-2.0
//
// SQLite with a write-ahead log that is checkpointed every hundred pages. With `FULL` a commit is synced; with
// `NORMAL` only checkpoints are, and SQLite's documentation says that a power cut may take commits back.
#include <sqlite3.h>

#include "store.h"

namespace {
class Lite : public Store {
public:
    Lite(const std::string &path, const std::string &synchronous) {
        if (sqlite3_open(path.c_str(), &database_) != SQLITE_OK) fail();
        run("PRAGMA journal_mode=WAL");
        run("PRAGMA synchronous=" + synchronous);
        run("PRAGMA wal_autocheckpoint=100");
        run("CREATE TABLE IF NOT EXISTS entries (number INTEGER PRIMARY KEY, value BLOB)");
        run("CREATE TABLE IF NOT EXISTS head (id INTEGER PRIMARY KEY, number INTEGER)");
        insert_ = prepare("INSERT INTO entries VALUES (?, ?)");
        move_ = prepare("INSERT OR REPLACE INTO head VALUES (1, ?)");
    }

    ~Lite() override {
        sqlite3_finalize(insert_);
        sqlite3_finalize(move_);
        sqlite3_close(database_);
    }

    Lane read() override {
        Lane lane;
        sqlite3_stmt *entries = prepare("SELECT number, value FROM entries ORDER BY number");
        int status;
        while ((status = sqlite3_step(entries)) == SQLITE_ROW) {
            auto bytes = static_cast<const char *>(sqlite3_column_blob(entries, 1));
            size_t count = static_cast<size_t>(sqlite3_column_bytes(entries, 1));
            lane.append(static_cast<uint64_t>(sqlite3_column_int64(entries, 0)), std::string(bytes, count));
        }
        sqlite3_finalize(entries);
        if (status != SQLITE_DONE) fail();
        sqlite3_stmt *head = prepare("SELECT number FROM head");
        uint64_t number = 0;
        if (sqlite3_step(head) == SQLITE_ROW) number = static_cast<uint64_t>(sqlite3_column_int64(head, 0));
        sqlite3_finalize(head);
        check_head(lane, number);
        return lane;
    }

    void commit(uint64_t number, const std::string &value) override {
        run("BEGIN IMMEDIATE");
        sqlite3_bind_int64(insert_, 1, static_cast<int64_t>(number));
        sqlite3_bind_blob(insert_, 2, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
        step(insert_);
        sqlite3_bind_int64(move_, 1, static_cast<int64_t>(number));
        step(move_);
        run("COMMIT");
    }

    void verify() override {
        sqlite3_stmt *check = prepare("PRAGMA integrity_check(1)");
        std::string text = "nothing";
        if (sqlite3_step(check) == SQLITE_ROW) {
            text = reinterpret_cast<const char *>(sqlite3_column_text(check, 0));
        }
        sqlite3_finalize(check);
        if (text != "ok") throw std::runtime_error("integrity_check: " + text);
    }

private:
    sqlite3 *database_ = nullptr;
    sqlite3_stmt *insert_ = nullptr, *move_ = nullptr;

    [[noreturn]] void fail() { throw std::runtime_error(sqlite3_errmsg(database_)); }

    void run(const std::string &sql) {
        if (sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail();
    }

    sqlite3_stmt *prepare(const char *sql) {
        sqlite3_stmt *statement;
        if (sqlite3_prepare_v2(database_, sql, -1, &statement, nullptr) != SQLITE_OK) fail();
        return statement;
    }

    void step(sqlite3_stmt *statement) {
        int status = sqlite3_step(statement);
        sqlite3_reset(statement);
        if (status != SQLITE_DONE) fail();
    }
};
}  // namespace

std::unique_ptr<Store> open_sqlite(const std::string &path, const char *synchronous) {
    return std::make_unique<Lite>(path, synchronous);
}
