// SPDX-License-Identifier: Apache-2.0
//
// LMDB as it is by default: each commit is synced.
#include <lmdb.h>
#include <sys/stat.h>

#include "store.h"

namespace {
void check(int status) {
    if (status != 0) throw std::runtime_error(mdb_strerror(status));
}

MDB_val view(const std::string &text) {
    return MDB_val{text.size(), const_cast<char *>(text.data())};
}

std::string copy(const MDB_val &value) {
    return std::string(static_cast<const char *>(value.mv_data), value.mv_size);
}

class Lightning : public Store {
public:
    explicit Lightning(const std::string &path) {
        mkdir(path.c_str(), 0700);
        check(mdb_env_create(&environment_));
        check(mdb_env_set_mapsize(environment_, 64 << 20));
        check(mdb_env_open(environment_, path.c_str(), 0, 0600));
        MDB_txn *transaction;
        check(mdb_txn_begin(environment_, nullptr, 0, &transaction));
        check(mdb_dbi_open(transaction, nullptr, 0, &table_));
        check(mdb_txn_commit(transaction));
    }

    ~Lightning() override { mdb_env_close(environment_); }

    Lane read() override {
        Lane lane;
        uint64_t head = 0;
        MDB_txn *transaction;
        check(mdb_txn_begin(environment_, nullptr, MDB_RDONLY, &transaction));
        MDB_cursor *cursor;
        check(mdb_cursor_open(transaction, table_, &cursor));
        MDB_val key, value;
        int status;
        while ((status = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0) {
            std::string name = copy(key);
            if (name == "head") head = entry_number(copy(value));
            else lane.append(entry_number(name), copy(value));
        }
        mdb_cursor_close(cursor);
        mdb_txn_abort(transaction);
        if (status != MDB_NOTFOUND) check(status);
        check_head(lane, head);
        return lane;
    }

    void commit(uint64_t number, const std::string &value) override {
        std::string name = entry_key(number), head = "head";
        MDB_val key = view(name), data = view(value), head_key = view(head), head_data = view(name);
        MDB_txn *transaction;
        check(mdb_txn_begin(environment_, nullptr, 0, &transaction));
        check(mdb_put(transaction, table_, &key, &data, 0));
        check(mdb_put(transaction, table_, &head_key, &head_data, 0));
        check(mdb_txn_commit(transaction));
    }

private:
    MDB_env *environment_ = nullptr;
    MDB_dbi table_ = 0;
};
}  // namespace

std::unique_ptr<Store> open_lmdb(const std::string &path) {
    return std::make_unique<Lightning>(path);
}
