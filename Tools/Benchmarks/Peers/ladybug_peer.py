#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures LadybugDB: one node with two properties in each transaction, one caller.

A statement is a transaction of its own, which syncs the log when it commits.
"""

import argparse
import os
import shutil

import ladybug
from timing import PLAYERS, print_commits

TABLE = "CREATE NODE TABLE Person(id SERIAL, number INT64, name STRING, PRIMARY KEY(id))"
CREATE = "CREATE (:Person {number: $number, name: $name})"


def graph_write(args, path):
    database = ladybug.Database(os.path.join(path, "graph"))
    connection = ladybug.Connection(database)
    connection.execute(TABLE)

    def create(number):
        name = PLAYERS[number % len(PLAYERS)]
        connection.execute(CREATE, {"number": number, "name": name}).close()

    print_commits("graph-write", "ladybug", args.seconds, create)
    connection.close()
    database.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workload", choices=["graph-write", "version"], required=True)
    parser.add_argument("--dir", default="cairn-bench-data")
    parser.add_argument("--seconds", type=float, default=3)
    args = parser.parse_args()
    if args.workload == "version":
        print(ladybug.__version__)
        return
    path = os.path.join(args.dir, f"ladybug-{os.getpid()}")
    os.makedirs(path)
    try:
        graph_write(args, path)
    finally:
        shutil.rmtree(path, ignore_errors=True)


if __name__ == "__main__":
    main()
