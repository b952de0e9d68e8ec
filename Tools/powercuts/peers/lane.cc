// SPDX-License-Identifier: Apache-2.0
#include "lane.h"

std::string entry_key(uint64_t number) {
    std::string key(8, '\0');
    for (int index = 7; index >= 0; index--, number >>= 8) key[index] = static_cast<char>(number);
    return key;
}

uint64_t entry_number(const std::string &key) {
    uint64_t number = 0;
    for (unsigned char byte : key) number = number << 8 | byte;
    return number;
}

std::string entry_value(uint64_t number, uint64_t boot) {
    std::string value = entry_key(boot);
    uint64_t word = number * 0x9e3779b97f4a7c15u ^ boot * 0xbf58476d1ce4e5b9u;
    for (uint64_t left = 20 + number * 2654435761u % 250; left > 0; left--) {
        word = word * 6364136223846793005u + 1442695040888963407u;
        value.push_back(static_cast<char>(word >> 56));
    }
    return value;
}

void Lane::append(uint64_t number, const std::string &value) {
    std::string name = std::to_string(number);
    if (number != count_ + 1) note("entry-" + name + "-after-" + std::to_string(count_));
    uint64_t boot = value.size() < 8 ? 0 : entry_number(value.substr(0, 8));
    if (value != entry_value(number, boot)) note("bytes-of-" + name);
    if (!runs_.empty() && runs_.back().first > boot) note("entry-" + name + "-of-an-older-boot");
    count_ += 1;
    if (runs_.empty() || runs_.back().first != boot) runs_.emplace_back(boot, 0);
    runs_.back().second += 1;
}

void Lane::note(const std::string &text) {
    if (flaw_.empty()) flaw_ = text;
}

std::string Lane::text() const {
    std::string text;
    for (auto &[boot, count] : runs_) {
        text += (text.empty() ? "0=" : "+") + std::to_string(boot) + "*" + std::to_string(count);
    }
    return text.empty() ? "-" : text;
}
