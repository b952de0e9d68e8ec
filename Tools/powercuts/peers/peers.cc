// SPDX-License-Identifier: Apache-2.0
//
// The peers in a machine whose power is cut:
//
//     peers ROOT BOOT [--check] [--marks DEVICE] [--gate DIRECTORY COUNT] SYSTEM…
//
// Each is opened, checked and reported in one line as `crashlab power` does it; then written to by a thread of its
// own, once COUNT processes have left a file in DIRECTORY. With --check nothing is written; a root in each line of the input is checked then.
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <thread>
#include <vector>

#include "console.h"
#include "store.h"

namespace {
std::unique_ptr<Store> open_store(const std::string &system, const std::string &root) {
    if (system == "rocksdb") return open_rocksdb(root + "/rocksdb");
    if (system == "leveldb") return open_leveldb(root + "/leveldb");
    if (system == "lmdb") return open_lmdb(root + "/lmdb");
    if (system.rfind("raw-", 0) == 0) return open_raw(root + "/" + system);
    if (system == "sqlite-full") return open_sqlite(root + "/sqlite-full", "FULL");
    if (system == "sqlite-normal") return open_sqlite(root + "/sqlite-normal", "NORMAL");
    throw std::runtime_error("there is no system " + system);
}

struct Opened {
    std::string system;
    std::unique_ptr<Store> store;
    uint64_t count;
};

void report(
    const std::string &system, const std::string &root, const Console &console, std::vector<Opened> &opened
) {
    auto start = std::chrono::steady_clock::now();
    try {
        auto store = open_store(system, root);
        Lane lane = store->read();
        std::string verdict = "clean";
        try {
            store->verify();
        } catch (const std::exception &error) {
            verdict = "corruption";
            console.line("V " + system + " " + error.what());
        }
        if (!lane.flaw().empty()) console.line("F " + system + " " + lane.flaw());
        auto time = std::chrono::steady_clock::now() - start;
        auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
        console.line(
            "S " + system + " " + verdict + " open " + lane.text() + " " + std::to_string(milliseconds));
        opened.push_back({system, std::move(store), lane.count()});
    } catch (const std::exception &error) {
        console.line("N " + system + " " + error.what());
        console.line("S " + system + " unverified refused - 0");
    }
}

void write(const Opened &opened, uint64_t boot, const Console &console) {
    try {
        for (uint64_t number = opened.count + 1;; number++) {
            opened.store->commit(number, entry_value(number, boot));
            console.acknowledge(opened.system, number);
        }
    } catch (const std::exception &error) {
        console.line("E " + opened.system + " " + error.what());
    }
}

// Checking is as quick as it can be while no caller writes.
void wait_at_gate(const std::string &gate, long wanted) {
    if (gate.empty()) return;
    std::ofstream(gate + "/" + std::to_string(getpid())).flush();
    auto count = [&] {
        return std::distance(std::filesystem::directory_iterator(gate), std::filesystem::directory_iterator());
    };
    while (count() < wanted) std::this_thread::sleep_for(std::chrono::milliseconds(2));
}
}  // namespace

int main(int count, char **words) {
    std::vector<std::string> systems;
    std::string device, gate;
    long gate_count = 1;
    bool only_checks = false;
    for (int index = 3; index < count; index++) {
        std::string word = words[index];
        if (word == "--check") only_checks = true;
        else if (word == "--marks" && index + 1 < count) device = words[++index];
        else if (word == "--gate" && index + 2 < count) {
            gate = words[++index];
            gate_count = std::stol(words[++index]);
        } else systems.push_back(word);
    }
    if (count < 3 || systems.empty()) {
        std::cerr << "usage: peers ROOT BOOT [--check] [--marks DEVICE] SYSTEM...\n";
        return 2;
    }
    Console console(device);
    std::string root = words[1];
    do {
        std::vector<Opened> opened;
        for (auto &system : systems) report(system, root, console, opened);
        if (!only_checks) {
            console.line("C peers");
            wait_at_gate(gate, gate_count);
            std::vector<std::thread> threads;
            for (auto &one : opened) {
                threads.emplace_back([&] { write(one, std::stoull(words[2]), console); });
            }
            for (auto &thread : threads) thread.join();
            console.line("D peers");
            return 0;
        }
        opened.clear();
        console.line("C peers");
    } while (std::getline(std::cin, root));
}
