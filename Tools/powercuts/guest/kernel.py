# SPDX-License-Identifier: Apache-2.0
"""What a machine without udev, kmod and dmsetup needs of its kernel: modules, mounts, and the device mapper."""

import ctypes
import fcntl
import os
import struct

_libc = ctypes.CDLL(None, use_errno=True)
_FINIT_MODULE = {"x86_64": 313}
DEVICE_CREATE, DEVICE_REMOVE, DEVICE_SUSPEND, TABLE_LOAD, TARGET_MESSAGE = 3, 4, 6, 9, 14
_SUSPEND_FLAG = 2
_SKIP_LOCKFS_FLAG = 1 << 10
_HEAD = 312  # struct dm_ioctl


def _check(result, what):
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


def load_modules(*names):
    """Loads modules of the device mapper; one that is there already is passed over."""
    machine = os.uname()
    folder = f"/usr/lib/uml/modules/{machine.release}/kernel/drivers/md"
    for name in names:
        with open(f"{folder}/{name}.ko", "rb") as file:
            number = _FINIT_MODULE[machine.machine]
            if _libc.syscall(number, file.fileno(), b"", 0) != 0 and ctypes.get_errno() != 17:
                _check(-1, name)


def mount(device, path, kind, options):
    """Mounts a file system; `noatime` is a flag of the call and not of the file system."""
    words = [word for word in options.split(",") if word]
    flags = 1024 if "noatime" in words else 0
    data = ",".join(word for word in words if word != "noatime")
    _check(
        _libc.mount(device.encode(), path.encode(), kind.encode(), flags, data.encode()),
        f"mount {device}",
    )


def unmount(path):
    _check(_libc.umount2(path.encode(), 0), f"unmount {path}")


def forget_devices():
    """Makes btrfs forget the generation that a disk had when its last writes failed: it would refuse an older one."""
    if os.path.exists("/dev/btrfs-control"):
        descriptor = os.open("/dev/btrfs-control", os.O_RDWR)
        fcntl.ioctl(descriptor, 0x50009405, bytearray(4096))
        os.close(descriptor)


def sector_count(device):
    descriptor = os.open(device, os.O_RDONLY)
    try:
        return os.lseek(descriptor, 0, os.SEEK_END) // 512
    finally:
        os.close(descriptor)


class DeviceMapper:
    """Devices of one target each."""

    def __init__(self):
        self.control = os.open("/dev/mapper/control", os.O_RDWR)

    def _call(self, command, name, flags=0, targets=0, payload=b""):
        size = max(_HEAD + len(payload), 512)
        head = struct.pack(
            "<10IQ128s129s7x",
            *(4, 0, 0, size, _HEAD, targets, 0, flags, 0, 0),
            *(0, name.encode(), b""),
        )
        request = bytearray(head + payload).ljust(size, b"\0")
        fcntl.ioctl(self.control, 0xC138FD00 | command, request)
        return struct.unpack_from("<Q", request, 40)[0]

    def create(self, name, length, target, arguments):
        """Makes a device, and returns its path."""
        device = self._call(DEVICE_CREATE, name)
        self.load(name, length, target, arguments)
        self.resume(name)
        return f"/dev/dm-{(device & 0xFF) | (device >> 12 & 0xFFF00)}"

    def load(self, name, length, target, arguments):
        """Gives a device another table, which holds when it is resumed."""
        text = arguments.encode() + b"\0"
        padded = text.ljust(-(-len(text) // 8) * 8, b"\0")
        spec = struct.pack("<QQiI16s", 0, length, 0, 40 + len(padded), target.encode())
        self._call(TABLE_LOAD, name, targets=1, payload=spec + padded)

    def suspend(self, name):
        """Without freezing the file system, which would write to it first."""
        self._call(DEVICE_SUSPEND, name, flags=_SUSPEND_FLAG | _SKIP_LOCKFS_FLAG)

    def resume(self, name):
        self._call(DEVICE_SUSPEND, name, flags=_SKIP_LOCKFS_FLAG)

    def remove(self, name):
        self._call(DEVICE_REMOVE, name)
