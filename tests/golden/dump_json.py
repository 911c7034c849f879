# SPDX-License-Identifier: GPL-2.0-or-later
"""`wmitrace dump --json` against the goldens of files that Windows wrote.

Each line, in file order, equals the golden's in every key (ft: +-1, as the
samples' README allows); in time order the same records come, none before an
earlier one.
"""

import gzip
import hashlib
import json
import os
import pathlib
import shutil
import subprocess

SAMPLES = pathlib.Path(os.environ.get("SAMPLES", "../shared/etl-samples"))


def open_text(path):
    packed = path.with_name(path.name + ".gz")
    return open(path, encoding="utf-8") if path.exists() else gzip.open(packed, "rt", encoding="utf-8")


def unpacked(path):
    """The sample itself, or its content in the current folder."""
    if path.suffix != ".gz":
        return path
    with gzip.open(path) as packed, open(path.stem, "wb") as plain:
        shutil.copyfileobj(packed, plain)
    return pathlib.Path(path.stem)


def dump(path, *options):
    done = subprocess.run(["wmitrace", "dump", "--json", *options, path], capture_output=True,
                          text=True, timeout=120, check=False)
    if done.returncode:
        raise AssertionError(f"status {done.returncode}: {done.stderr.strip()}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def compare(got, wanted):
    if len(got) != len(wanted):
        raise AssertionError(f"{len(got)} records, the golden has {len(wanted)}")
    for mine, golden in zip(got, wanted):
        for key, value in golden.items():
            same = abs(mine[key] - value) <= 1 if key == "ft" else mine[key] == value
            if not same:
                raise AssertionError(f"record {golden['i']}: {key} is {mine[key]}, "
                                     f"the golden says {value}")
        payload = bytes.fromhex(mine["payload"])
        if len(payload) != golden["len"] or hashlib.sha256(payload).hexdigest() != golden["sha256"]:
            raise AssertionError(f"record {golden['i']}: payload differs from its hash")


def compare_times(got, wanted):
    for before, after in zip(got, got[1:]):
        if before["ts"] > after["ts"]:
            raise AssertionError(f"record {after['i']} ({after['ts']}) comes after {before['ts']}")
    compare(sorted(got, key=lambda record: record["i"]), wanted)


def report(what, check, *arguments):
    try:
        check(*arguments)
        print("ok -", what)
    except (AssertionError, KeyError, OSError, ValueError) as error:
        print("not ok -", what)
        print("#", error)


def main():
    goldens = sorted((SAMPLES / "golden").glob("*.jsonl*"))
    if not goldens:
        print(f"1..0 # SKIP no samples in {SAMPLES}")
        return
    for golden in goldens:
        name = golden.name.split(".jsonl")[0]
        source = unpacked(next(SAMPLES.glob(name + ".etl*")))
        with open_text(golden.with_name(name + ".jsonl")) as lines:
            wanted = [json.loads(line) for line in lines]
        report(f"{name} in file order", lambda: compare(dump(source, "--file-order"), wanted))
        report(f"{name} in time order", lambda: compare_times(dump(source), wanted))


main()
