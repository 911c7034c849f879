#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Counts the events of a file with a reader in Python.

usage: python_readers.py dissect.etl|etl-parser FILE EVENTS

Fails if there are not at least EVENTS.
"""
import sys


def dissect(path):
    """dissect.etl: each event's header is parsed."""
    from dissect.etl import ETL

    with open(path, "rb") as file:
        return sum(1 for event in ETL(file) if event.header)


def etl_parser(path):
    """etl-parser: an observer is called for each."""
    from etl.etl import IEtlFileObserver, build_from_stream

    class Counter(IEtlFileObserver):
        """Counts."""
        count = 0

        def on_event_record(self, event):
            self.count += 1

        on_perfinfo_trace = on_system_trace = on_trace_record = on_event_record
        on_win_trace = on_message_trace = on_event_record

    counter = Counter()
    with open(path, "rb") as file:
        build_from_stream(file.read()).parse(counter)
    return counter.count


def main():
    """See the top."""
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    found = {"dissect.etl": dissect, "etl-parser": etl_parser}[sys.argv[1]](sys.argv[2])
    if found < int(sys.argv[3]):
        sys.exit(f"{sys.argv[1]}: {found} events of {sys.argv[3]}")


if __name__ == "__main__":
    main()
