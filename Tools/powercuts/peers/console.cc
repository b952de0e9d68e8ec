// SPDX-License-Identifier: Apache-2.0
#include "console.h"

#include <fcntl.h>
#include <linux/dm-ioctl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

Console::Console(const std::string &mark_device) : device_(mark_device) {
    if (device_.empty()) return;
    control_ = open("/dev/mapper/control", O_RDWR);
    if (control_ < 0) {
        line("E peers no device mapper");
        std::exit(1);
    }
}

void Console::acknowledge(const std::string &system, uint64_t number) const {
    std::string digits = std::to_string(number);
    if (control_ < 0) return line("A " + system + " 0 " + digits);
    union {
        dm_ioctl head;
        char bytes[1024];
    } request = {};
    request.head.version[0] = DM_VERSION_MAJOR;
    request.head.data_size = sizeof request;
    request.head.data_start = sizeof request.head;
    std::strncpy(request.head.name, device_.c_str(), sizeof request.head.name - 1);
    std::string text = "mark A|" + system + "|0|" + digits;
    auto message = reinterpret_cast<dm_target_msg *>(request.bytes + sizeof request.head);
    std::memcpy(message->message, text.c_str(), text.size() + 1);
    if (ioctl(control_, DM_TARGET_MSG, &request) != 0) {
        line("E peers no mark in the block log");
        std::exit(1);
    }
}

void Console::line(const std::string &text) const {
    std::string whole;
    for (char character : text) whole += character == '\n' ? ' ' : character;
    whole += '\n';
    if (write(1, whole.data(), whole.size()) < 0) std::exit(1);
}
