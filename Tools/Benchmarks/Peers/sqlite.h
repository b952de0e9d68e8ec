// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string>

// A connection in WAL mode with one statement, prepared once.
class Connection {
public:
    // `table` is made when it is missing.
    Connection(
        const std::string &path, bool durable, const std::string &table,
        const std::string &statement);
    ~Connection();
    Connection(const Connection &) = delete;

    // Values of the statement, from 1.
    void bind(int index, int64_t value);
    void bindText(int index, const std::string &value);
    void bindBlob(int index, const std::string &value);

    // Runs the statement, which is a transaction of its own. True when it found a row, whose first
    // column `value` then has.
    bool step(int64_t *value = nullptr);

private:
    void run(const std::string &statement);
    sqlite3 *database_ = nullptr;
    sqlite3_stmt *statement_ = nullptr;
};
