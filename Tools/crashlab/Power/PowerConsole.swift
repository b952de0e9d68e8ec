// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where a guest says what it was acknowledged: the console, whose lines the host has even when the machine dies with
/// the next instruction, or marks in the block log beneath the file system.
final class PowerConsole: Sendable {
    private let marks: DeviceMarks?

    /// - Parameter markDevice: The device of `dm-log-writes` that acknowledgements become marks of.
    init(markDevice: String? = nil) throws {
        marks = try markDevice.map { try DeviceMarks(device: $0) }
    }

    /// Number `number` of a lane was acknowledged, and so all before it.
    func acknowledge(_ system: String, lane: Int, _ number: UInt64) {
        if let marks {
            marks.write("A|\(system)|\(lane)|\(number)")
        } else {
            line("A \(system) \(lane) \(number)")
        }
    }

    /// One call of `write`, so that lines of other processes do not come in between.
    func line(_ text: String) {
        let visible = text.replacing("\n", with: " ")
        let bytes = Array((visible + "\n").utf8)
        var start = 0
        while start < bytes.count {
            let written = bytes[start...].withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
            guard written > 0 else { return }
            start += written
        }
    }
}

/// Puts marks into the log of a `dm-log-writes` device, by the ioctl of the device mapper.
private final class DeviceMarks: Sendable {
    private let control: Int32
    private let device: String
    /// `_IOWR(0xfd, 14, struct dm_ioctl)`, whose size is 312 bytes.
    private static let targetMessage: UInt = 0xc138_fd0e

    init(device: String) throws {
        #if os(Linux)
        control = open("/dev/mapper/control", O_RDWR)
        guard control >= 0 else { throw Complaint("/dev/mapper/control: errno \(errno)") }
        self.device = device
        #else
        throw Complaint("the device mapper is Linux's")
        #endif
    }

    func write(_ mark: String) {
        var bytes = [UInt8](repeating: 0, count: 1024)
        func put(_ value: UInt32, at offset: Int) {
            withUnsafeBytes(of: value.littleEndian) {
                bytes.replaceSubrange(offset..<offset + 4, with: $0)
            }
        }
        // struct dm_ioctl: version, data_size, data_start; the name of the device from byte 48 on. Behind it
        // struct dm_target_msg: the sector, then the message.
        put(4, at: 0)
        put(UInt32(bytes.count), at: 12)
        put(312, at: 16)
        bytes.replaceSubrange(48..<48 + device.utf8.count, with: device.utf8)
        let message = Array("mark \(mark)".utf8)
        bytes.replaceSubrange(320..<320 + message.count, with: message)
        #if os(Linux)
        guard
            bytes.withUnsafeMutableBytes({ ioctl(control, Self.targetMessage, $0.baseAddress!) })
                == 0
        else { fatalError("no mark in the block log: errno \(errno)") }
        #endif
    }
}
