# SPDX-License-Identifier: Apache-2.0
"""LoraDB in a machine whose power is cut: lora.py ROOT BOOT GATE COUNT

Its package has one policy for a log: written with each commit, synced every 50 ms beside. So an acknowledgement says
less than elsewhere, and the report says so.
"""

import os
import sys
import time

from lora_python import Database

ROOT, BOOT, GATE, COUNT = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
CREATE = "CREATE (:Entry {number: $number, boot: $boot})"
READ = "MATCH (e:Entry) RETURN e.number AS number, e.boot AS boot ORDER BY number"


def say(text):
    """One call of `write`, so that lines of other processes do not come in between."""
    os.write(1, (" ".join(text.split("\n")) + "\n").encode())


def lane(database):
    """The runs of boots, as text, and how many entries there are."""
    runs, count = [], 0
    for row in database.execute(READ)["rows"]:
        if row["number"] != count + 1:
            say(f"F loradb entry-{row['number']}-after-{count}")
        count += 1
        if not runs or runs[-1][0] != row["boot"]:
            runs.append([row["boot"], 0])
        runs[-1][1] += 1
    return "+".join(f"{boot}*{number}" for boot, number in runs), count


def main():
    path = ROOT + "/loradb"
    verdict = "clean" if os.path.exists(path) else "absent"
    start = time.monotonic()
    try:
        database = Database.open_wal(path, {})
        text, count = lane(database)
    except Exception as error:  # whatever keeps it from opening is the finding
        say(f"N loradb {error}")
        say("S loradb unverified refused - 0")
        say("C lora")
        return
    say(
        f"S loradb {verdict} open {'0=' + text if text else '-'} {(time.monotonic() - start) * 1e3:.0f}"
    )
    say("C lora")
    open(f"{GATE}/{os.getpid()}", "w").close()
    while len(os.listdir(GATE)) < COUNT:
        time.sleep(0.002)
    try:
        while True:
            count += 1
            database.execute(CREATE, {"number": count, "boot": BOOT})
            say(f"A loradb 0 {count}")
    except Exception as error:
        say(f"E loradb {error}")


main()
