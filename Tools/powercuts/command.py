# SPDX-License-Identifier: Apache-2.0
"""Cuts the power of machines that write to stores, and judges what is left."""

import argparse
import platform
import signal
import subprocess
import sys
import time
from pathlib import Path

from . import figures, images, programs
from .cuts import Campaign, Plan
from .report import Report, verdict

ROOT = Path(__file__).resolve().parents[2]


def say(text):
    print(text, flush=True)


def parser():
    result = argparse.ArgumentParser(prog="Tools/powercut", description=__doc__)
    what = result.add_mutually_exclusive_group(required=True)
    what.add_argument("--report", action="store_true", help="everything, and Docs/PowerCuts.md")
    what.add_argument("--document", action="store_true", help="the page again, from the figures")
    what.add_argument("--ci", action="store_true", help="a minute of it")
    what.add_argument("--cuts", metavar="FILE-SYSTEM", choices=images.FILE_SYSTEMS)
    what.add_argument("--prefixes", metavar="FILE-SYSTEM", choices=images.FILE_SYSTEMS)
    what.add_argument("--faults", metavar="FILE-SYSTEM", choices=images.FILE_SYSTEMS)
    what.add_argument("--lazyfs", action="store_true", help="unsynced bytes dropped by LazyFS")
    result.add_argument("--count", type=int, default=100, help="how many cuts are looked at")
    result.add_argument("--cut", type=int, help="only this cut, on the image that it belongs to")
    result.add_argument("--writes", type=int, default=1150, help="how many writes are recorded")
    result.add_argument("--seed", type=int, default=1)
    result.add_argument(
        "--run", type=Path, default=ROOT / ".build-powercut/run", help="where figures go"
    )
    result.add_argument("--minutes", type=float, default=110, help="begin nothing after so long")
    result.add_argument("--keep", type=Path, help="where images go that something was found on")
    return result


def show(tallies):
    for system, tally in sorted(tallies.items()):
        values = (f"{name} {value}" for name, value in vars(tally).items() if value)
        say(f"{system:32} {', '.join(values)}")


def one_cut(report, file_system, seed, cut):
    """The cuts of one image up to that one, since it goes on from what they left."""
    plan = Plan(
        images.FILE_SYSTEMS[file_system], report.programs, 0, seed,
        keep=report.keep, first_cut=cut, last_cut=cut,
    )  # fmt: skip
    with images.workshop() as directory:
        return Campaign(plan, directory, say).run()


def ci(report):
    """A dozen cuts and the images of a short log, on one file system."""
    subprocess.run([str(ROOT / "Tools/powercuts/test"), "--quiet"], check=True)
    campaign = report.cut("ext4", 12, report.seed, with_bugs=False)
    show(campaign.judge.tallies)
    recording = report.record("ext4", 0)
    show(recording.tallies)
    checked = campaign.judge.tally("cairn/single").cuts
    wrong = verdict(figures.Figures(report.run))
    if checked < 6 or recording.images < 60:
        wrong.append(f"only {checked} cuts and {recording.images} images in the time there is")
    return wrong


def work(arguments):
    if arguments.keep:
        arguments.keep.mkdir(parents=True, exist_ok=True)
    everything = programs.ours if arguments.ci else programs.everything
    if arguments.document:
        return Report(programs.there(), arguments.run, say).write()
    if arguments.ci:
        arguments.run = ROOT / ".build-powercut/ci"
        arguments.minutes = 2.5
    if arguments.ci or arguments.report:
        for old in arguments.run.glob("*.json"):
            old.unlink()
    report = Report(
        programs.checked(everything()), arguments.run, say, arguments.seed,
        writes=90 if arguments.ci else arguments.writes,
        deadline=time.monotonic() + arguments.minutes * 60, keep=arguments.keep,
    )  # fmt: skip
    if arguments.ci:
        return ci(report)
    if arguments.report:
        return report.make()
    if arguments.prefixes:
        show(report.record(arguments.prefixes, arguments.seed).tallies)
    elif arguments.lazyfs:
        show(judge.tallies if (judge := report.drop()) else {})
    elif arguments.faults:
        show(report.fail(arguments.faults).tallies)
    elif arguments.cut:
        show(one_cut(report, arguments.cuts, arguments.seed, arguments.cut).judge.tallies)
    else:
        show(report.cut(arguments.cuts, arguments.count, arguments.seed).judge.tallies)
    return []


def main():
    arguments = parser().parse_args()
    # So that the machines end, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        say(f"No power cuts: user-mode Linux is for x86_64, and this is {platform.platform()}.")
        return 0
    wrong = work(arguments)
    for sentence in wrong:
        say(f"WRONG: {sentence}")
    return 1 if wrong else 0
