# SPDX-License-Identifier: Apache-2.0
"""Tools/powercut on the command line."""

import argparse
import shutil
import time
from pathlib import Path

from . import figures, images, programs
from .cuts import Campaign, Plan


def say(text):
    print(text, flush=True)


def parser():
    result = argparse.ArgumentParser(prog="Tools/powercut", description=__doc__)
    what = result.add_mutually_exclusive_group(required=True)
    what.add_argument("--cuts", metavar="FILE-SYSTEM", choices=images.FILE_SYSTEMS)
    result.add_argument("--count", type=int, default=100, help="how many")
    result.add_argument("--cut", type=int, help="this cut, on the image that it belongs to")
    result.add_argument("--seed", type=int, default=1)
    result.add_argument("--run", type=Path, default=Path(".build-powercut/run"), help="where figures go")
    result.add_argument("--minutes", type=float, help="begin nothing after so long")
    result.add_argument("--keep", type=Path, help="where images go that something was found on")
    return result


def cuts(arguments, deadline):
    system = images.FILE_SYSTEMS[arguments.cuts]
    plan = Plan(
        system, programs.everything(), arguments.count, arguments.seed,
        keep=arguments.keep, deadline=deadline,
    )
    if arguments.cut:
        plan.first_cut = plan.last_cut = arguments.cut
    directory = images.workshop()
    name = f"cuts-{system.name}-{arguments.seed}"
    try:
        campaign = Campaign(
            plan, directory, say,
            lambda campaign: figures.save(arguments.run, name, figures.of_cuts(campaign)),
        ).run()
    finally:
        shutil.rmtree(directory)
    for system, tally in sorted(campaign.judge.tallies.items()):
        say(f"{system:32} " + " ".join(f"{key}={value}" for key, value in vars(tally).items() if value))


def main():
    arguments = parser().parse_args()
    deadline = time.monotonic() + arguments.minutes * 60 if arguments.minutes else None
    if arguments.keep:
        arguments.keep.mkdir(parents=True, exist_ok=True)
    cuts(arguments, deadline)
