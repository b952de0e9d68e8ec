// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

#include "lane.h"

// A store whose commit is on the medium when it returns, as far as the store has that.
class Store {
public:
    virtual ~Store() = default;
    // All entries in order, and the head that each commit moves with its entry.
    virtual Lane read() = 0;
    // Entry `number` and the head, in one transaction.
    virtual void commit(uint64_t number, const std::string &value) = 0;
    // Throws what the store's own check finds.
    virtual void verify() {}
};

// Throws what keeps it from opening.
std::unique_ptr<Store> open_rocksdb(const std::string &path);
std::unique_ptr<Store> open_leveldb(const std::string &path);
std::unique_ptr<Store> open_lmdb(const std::string &path);
std::unique_ptr<Store> open_raw(const std::string &path);
std::unique_ptr<Store> open_sqlite(const std::string &path, const char *synchronous);

inline void check_head(Lane &lane, uint64_t head) {
    if (head != lane.count()) lane.note("the-head-says-" + std::to_string(head));
}
