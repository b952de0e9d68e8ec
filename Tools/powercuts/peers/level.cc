// SPDX-License-Identifier: Apache-2.0
//
// LevelDB with `sync`, paranoid, and with the smallest write buffer it takes.
#include <leveldb/db.h>
#include <leveldb/write_batch.h>

#include "store.h"

namespace {
class Level : public Store {
public:
    explicit Level(const std::string &path) {
        leveldb::Options options;
        options.create_if_missing = true;
        options.write_buffer_size = 64 << 10;
        options.paranoid_checks = true;
        leveldb::DB *database = nullptr;
        check(leveldb::DB::Open(options, path, &database));
        database_.reset(database);
    }

    Lane read() override {
        Lane lane;
        uint64_t head = 0;
        leveldb::ReadOptions options;
        options.verify_checksums = true;
        std::unique_ptr<leveldb::Iterator> entries(database_->NewIterator(options));
        for (entries->SeekToFirst(); entries->Valid(); entries->Next()) {
            std::string key = entries->key().ToString();
            if (key == "head") head = entry_number(entries->value().ToString());
            else lane.append(entry_number(key), entries->value().ToString());
        }
        check(entries->status());
        check_head(lane, head);
        return lane;
    }

    void commit(uint64_t number, const std::string &value) override {
        leveldb::WriteBatch batch;
        batch.Put(entry_key(number), value);
        batch.Put("head", entry_key(number));
        leveldb::WriteOptions options;
        options.sync = true;
        check(database_->Write(options, &batch));
    }

private:
    std::unique_ptr<leveldb::DB> database_;

    static void check(const leveldb::Status &status) {
        if (!status.ok()) throw std::runtime_error(status.ToString());
    }
};
}  // namespace

std::unique_ptr<Store> open_leveldb(const std::string &path) {
    return std::make_unique<Level>(path);
}
