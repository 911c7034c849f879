# SPDX-License-Identifier: GPL-2.0-or-later
"""What tests/companions/hammer.c logs, and the table of what it tried.

Every record proves itself: a CRC-32 over its payload, which names the source (CPU,
context, routine), the session it was sent to and the number of that attempt.
"""

import collections
import struct
import zlib

import etl_records

PAYLOAD = struct.Struct("<IIHHBBHQ")
MAGIC = 0x31524d48
CONTEXTS = ("process", "softirq", "hardirq", "nmi")
ROUTINES = ("message", "event")

Tally = collections.namedtuple("Tally", "attempts logged no_memory invalid_handle other")


def read_table(path, session):
    """Tallies of one session by source, from hammer.ko's file `result`."""
    table = {}
    for line in path.read_text().splitlines()[1:]:
        cpu, context, routine, at, *counts = line.split()
        if int(at) == session:
            table[int(cpu), context, routine] = Tally(*map(int, counts))
    return table


def read_log(log, session):
    """Numbers by source in the order of the file; and what is wrong with the records."""
    found, faults, newest = collections.defaultdict(list), [], {}
    for record in log.records():
        body = record.payload
        magic, crc, length, cpu, context, routine, at, number = PAYLOAD.unpack_from(
            body.ljust(PAYLOAD.size))
        if magic != MAGIC or length != len(body) or zlib.crc32(body[8:]) != crc:
            faults.append(f"{record.where}: the check value is wrong")
            continue
        if at != session:
            faults.append(f"{record.where}: sent to session {at}, found in {session}")
        if (record.kind == "message") != (ROUTINES[routine] == "message"):
            faults.append(f"{record.where}: {ROUTINES[routine]} made a {record.kind}")
        if record.time < newest.get(record.buffer.cpu, 0):
            faults.append(f"{record.where}: time steps back")
        newest[record.buffer.cpu] = record.time
        found[cpu, CONTEXTS[context], ROUTINES[routine]].append(number)
    return found, faults


def differences(found, table):
    """Sources of which the log does not hold just what was logged, each once."""
    wrong = [f"{source}: in the log, but nothing was tried" for source in found
             if source not in table]
    for source, tally in table.items():
        numbers = sorted(found.get(source, []))
        if len(set(numbers)) != len(numbers) or len(numbers) != tally.logged or \
                numbers and numbers[-1] >= tally.attempts:
            wrong.append(f"{source}: {len(numbers)} numbers, {len(set(numbers))} different, up to "
                         f"{numbers[-1:]}; {tally}")
    return wrong


def check(good, text, details=()):
    """One TAP line, with what is wrong."""
    print(f"{'ok' if good else 'not ok'} - {text}")
    if not good:
        for detail in list(details)[:10]:
            print(f"# {detail}")


def read_stats(path):
    """Columns of the line `all` of a logger's stats file."""
    head, *lines = [line.split() for line in path.read_text().splitlines()]
    total = next(line for line in lines if line[0] == "all")
    return {name: int(value) for name, value in zip(head[1:], total[1:])}


def check_session(folder, session, row):
    """
    A whole log, SESSION.etl, against the table `result` and SESSION.stats: it
    holds what the sources were told is logged, record for record.
    """
    found, faults = read_log(etl_records.File(folder / f"{session}.etl"), session)
    records = sum(map(len, found.values()))
    check(records and not faults, f"session {session}: {records} records are whole [A93] [{row}]",
          faults)
    table = read_table(folder / "result", session)
    wrong = differences(found, table)
    check(not wrong, f"session {session}: they are what {len(table)} sources logged [{row}]", wrong)
    stats = read_stats(folder / f"{session}.stats")
    accepted = sum(t.attempts - t.invalid_handle for t in table.values())
    check(stats["attempts"] == stats["logged"] + stats["lost"] == accepted,
          f"session {session}: attempts = logged + lost = what had a valid handle [A217]",
          [f"{stats}, {accepted} of the sources"])
