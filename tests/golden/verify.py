# SPDX-License-Identifier: GPL-2.0-or-later
"""`wmitrace verify`: files by Windows and by us break no rule, and each rule is
named when something breaks it.

Offsets are those of docs/etl-format.md: buffer header fields, and the logfile
header at 0x68 of the file.
"""

import gzip
import json
import os
import pathlib
import shutil
import struct
import subprocess

SAMPLES = pathlib.Path(os.environ.get("SAMPLES", "../shared/etl-samples"))
GENERATE = os.path.join(os.environ["TOP"], "build/tests/etl_generate")
SIZE = 4096


def verify(path, *options):
    """Status and rules."""
    done = subprocess.run(["wmitrace", "verify", "--json", *options, path], capture_output=True,
                          text=True, timeout=60, check=False)
    report, = json.loads(done.stdout)
    return done.returncode, report


def say(good, what, *details):
    print("ok" if good else "not ok", "-", what)
    if not good:
        for detail in details:
            print("#", detail)


def sound(path, what):
    status, report = verify(path)
    say(status == 0 and report["breaches"] == 0, what, report["breach"][:5])


def windows_files():
    samples = sorted(SAMPLES.glob("*.etl*"))
    if not samples:
        print(f"ok - files by Windows # SKIP no samples in {SAMPLES}")
    for sample in samples:
        path = sample
        if sample.suffix == ".gz":
            path = pathlib.Path(sample.stem)
            with gzip.open(sample) as packed, open(path, "wb") as plain:
                shutil.copyfileobj(packed, plain)
        sound(path, f"{path.name} keeps every rule")


def message(data, index):
    """Offset of message @index in the second buffer; they follow each other from 0x48 on."""
    at = SIZE + 0x48
    for _ in range(index):
        size, = struct.unpack_from("<H", data, at)
        at += (size + 7) & ~7
    return at


def put(form, at, value):
    return lambda data: struct.pack_into(form, data, at, value)


def swap_buffers(data):
    """The first two buffers of one CPU change places."""
    cpus = {}
    for at in range(SIZE, len(data), SIZE):
        cpu, = struct.unpack_from("<H", data, at + 0x28)
        if cpu in cpus:
            first = cpus[cpu]
            data[first:first + SIZE], data[at:at + SIZE] = data[at:at + SIZE], data[first:first + SIZE]
            return
        cpus[cpu] = at
    raise ValueError("no CPU has two buffers")


def step_back(data):
    """The second message of the second buffer becomes older than the first."""
    time, = struct.unpack_from("<Q", data, message(data, 0) + 0x18)
    struct.pack_into("<Q", data, message(data, 1) + 0x18, time - 1)


def raise_used(data):
    used, = struct.unpack_from("<I", data, SIZE + 0x30)
    struct.pack_into("<I", data, SIZE + 0x30, used + 8)
    struct.pack_into("<I", data, SIZE + 0x04, used + 8)


def same_sequence(data):
    number, = struct.unpack_from("<Q", data, 2 * SIZE + 0x18)
    struct.pack_into("<Q", data, SIZE + 0x18, number)


# rule, what is done to a sound file of messages
BREACHES = [
    ("logfile-header", put("<H", 0x4e, 0x30)),
    ("header-buffer", put("<H", SIZE + 0x36, 4)),
    ("buffer-type", put("<H", SIZE + 0x36, 1)),
    ("saved-offset", put("<I", SIZE + 0x04, 0)),
    ("reference-count", put("<I", SIZE + 0x0c, 1)),
    ("state", put("<I", SIZE + 0x2c, 1)),
    ("processor", put("<H", SIZE + 0x28, 9)),
    ("processors", put("<I", 0x74, 0)),
    ("sequence", put("<Q", SIZE + 0x18, 0)),
    ("sequence", same_sequence),
    ("sequence", swap_buffers),
    ("flush-order", swap_buffers),
    ("flush-order", put("<Q", 2 * SIZE + 0x10, 1)),
    ("flush-time", put("<Q", SIZE + 0x10, 1)),
    ("flush-marker", put("<H", 0x34, 0x20)),
    ("flush-marker", put("<H", SIZE + 0x34, 0x21)),
    ("flush-marker", put("<H", -SIZE + 0x34, 0x20)),
    ("fill", put("<B", 2 * SIZE - 1, 0)),
    ("offset", raise_used),
    ("buffers-written", put("<I", 0x8c, 3)),
    ("start-buffers", put("<I", 0x90, 2)),
    ("pointer-size", put("<I", 0x94, 6)),
    ("perf-freq", put("<Q", 0x168, 0)),
    ("layout", put("<I", 0x88, 0x04000000)),
    ("end-time", put("<Q", 0x78, 5)),
    ("time-order", step_back),
    ("before-start", lambda data: struct.pack_into("<Q", data, message(data, 0) + 0x18, 1)),
    ("message", lambda data: struct.pack_into("<B", data, message(data, 1) + 2, 1)),
    ("damage", lambda data: struct.pack_into("<B", data, message(data, 1) + 3, 0)),
    ("damage", put("<I", SIZE, 0)),
    ("damage", lambda data: data.__delitem__(slice(-100, None))),
]


def our_files():
    subprocess.run([GENERATE, "--records=400", "--buffer-size=4", "m.etl"], check=True)
    subprocess.run([GENERATE, "--kinds", "--records=9", "k.etl"], check=True)
    sound("m.etl", "a file of messages by our writer keeps every rule")
    sound("k.etl", "a file of all kinds of records does")
    content = pathlib.Path("m.etl").read_bytes()
    for rule, damage in BREACHES:
        data = bytearray(content)
        damage(data)
        pathlib.Path("b.etl").write_bytes(data)
        status, report = verify("b.etl")
        rules = sorted({breach["rule"] for breach in report["breach"]})
        say(status == 1 and rule in rules, f"{rule} is named", f"status {status}, rules {rules}")


def unfinished():
    data = bytearray(pathlib.Path("m.etl").read_bytes())
    struct.pack_into("<Q", data, 0x78, 0)
    struct.pack_into("<I", data, 0x8c, 0)
    struct.pack_into("<H", data, len(data) - SIZE + 0x34, 0x20)
    pathlib.Path("u.etl").write_bytes(data)
    sound("u.etl", "a file that was not finalised breaks no rule")
    status, report = verify("u.etl", "--finalised")
    say(status == 1 and [b["rule"] for b in report["breach"]] == ["finalised"],
        "but does with --finalised", report["breach"])
    done = subprocess.run(["wmitrace", "verify", "--quiet", "b.etl"], capture_output=True, check=False)
    say(done.returncode == 1 and not done.stdout, "--quiet says nothing")


def torn_buffer_has_the_right_size():
    """Was told to have as its BufferSize what is left of it."""
    content = pathlib.Path("m.etl").read_bytes()
    pathlib.Path("t.etl").write_bytes(content[:-100])
    _, report = verify("t.etl")
    rules = [breach["rule"] for breach in report["breach"]]
    say("damage" in rules and "buffer-size" not in rules, "a torn buffer has the right size", rules)


def main():
    windows_files()
    our_files()
    torn_buffer_has_the_right_size()
    unfinished()


main()
