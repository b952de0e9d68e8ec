// SPDX-License-Identifier: Apache-2.0
//
// Where a guest says what it was acknowledged: the console, or marks in the block log beneath the file system.
#pragma once

#include <cstdint>
#include <string>

class Console {
public:
    // An empty name stands for the console; otherwise acknowledgements become marks of this device of dm-log-writes.
    explicit Console(const std::string &mark_device);
    void acknowledge(const std::string &system, uint64_t number) const;
    // One call of `write`, so that lines of other processes do not come in between.
    void line(const std::string &text) const;

private:
    std::string device_;
    int control_ = -1;
};
