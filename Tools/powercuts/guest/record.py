# SPDX-License-Identifier: Apache-2.0
"""Writes to stores on a disk whose writes are logged, until the machine is cut: /dev/ubda is the disk, /dev/ubdb the
log, and acknowledgements are marks in it."""

import os
import subprocess
import time

import kernel

environment = os.environ
kernel.load_modules("dm-mod", "dm-log-writes")
length = kernel.sector_count("/dev/ubda")
device = kernel.DeviceMapper().create("logged", length, "log-writes", "/dev/ubda /dev/ubdb")
kernel.mount(device, "/mnt", environment["POWER_FS"], environment["POWER_OPTIONS"])
print("M", flush=True)
workloads = [f"--workload={name}" for name in environment["POWER_WORKLOADS"].split(",")]
subprocess.Popen(
    [environment["POWER_CRASHLAB"], "power", "--root=/mnt", "--mark-device=logged", *workloads]
)
if peers := environment.get("POWER_PEERS"):
    systems = environment["POWER_SYSTEMS"].split(",")
    subprocess.Popen([peers, "/mnt", "1", "--marks", "logged", *systems])
while True:
    time.sleep(1000)
