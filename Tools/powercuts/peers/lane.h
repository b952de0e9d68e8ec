// SPDX-License-Identifier: Apache-2.0
//
// What a writer wrote and what a cut left of it: entries 1, 2, 3, …, each with the boot in which it was written and
// bytes that follow from both. The judge outside compares the runs of boots with those that were there before.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

class Lane {
public:
    // Adds the entry that the store has next; notes what does not belong there.
    void append(uint64_t number, const std::string &value);
    void note(const std::string &text);
    uint64_t count() const { return count_; }
    const std::string &flaw() const { return flaw_; }
    // `BOOT*COUNT+BOOT*COUNT`, or `-`.
    std::string text() const;

private:
    uint64_t count_ = 0;
    std::vector<std::pair<uint64_t, uint64_t>> runs_;
    std::string flaw_;
};

// The value of an entry: its boot and some bytes.
std::string entry_value(uint64_t number, uint64_t boot);
// Eight bytes in which numbers sort as they should.
std::string entry_key(uint64_t number);
uint64_t entry_number(const std::string &key);
