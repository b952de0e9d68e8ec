// SPDX-License-Identifier: Apache-2.0
//
// RocksDB with `sync`, and a memtable so small that logs, flushes and compactions are part of every boot.
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include "store.h"

namespace {
class Rocks : public Store {
public:
    explicit Rocks(const std::string &path) {
        rocksdb::Options options;
        options.create_if_missing = true;
        options.write_buffer_size = 64 << 10;
        options.paranoid_checks = true;
        options.max_background_jobs = 2;
        options.info_log_level = rocksdb::FATAL_LEVEL;
        options.keep_log_file_num = 2;
        rocksdb::DB *database = nullptr;
        check(rocksdb::DB::Open(options, path, &database));
        database_.reset(database);
    }

    Lane read() override {
        Lane lane;
        uint64_t head = 0;
        rocksdb::ReadOptions options;
        options.verify_checksums = true;
        std::unique_ptr<rocksdb::Iterator> entries(database_->NewIterator(options));
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
        rocksdb::WriteBatch batch;
        batch.Put(entry_key(number), value);
        batch.Put("head", entry_key(number));
        rocksdb::WriteOptions options;
        options.sync = true;
        check(database_->Write(options, &batch));
    }

    void verify() override { check(database_->VerifyChecksum()); }

private:
    std::unique_ptr<rocksdb::DB> database_;

    static void check(const rocksdb::Status &status) {
        if (!status.ok()) throw std::runtime_error(status.ToString());
    }
};
}  // namespace

std::unique_ptr<Store> open_rocksdb(const std::string &path) {
    return std::make_unique<Rocks>(path);
}
