#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads the JSON that tests/guest/control.sh kept."""

import datetime
import json
import os
import re

FILES = os.environ["FILES"]


def check(ok, text, detail=""):
    print(f"{'ok' if ok else 'not ok'} - {text}")
    if not ok and detail:
        print(f"# {detail}")


def load(name):
    with open(f"{FILES}/{name}.json", encoding="utf-8") as file:
        text = file.read()
    check(text.count("\n") == 1, f"{name}: one line")
    return json.loads(text)


start, query, update, stop = (load(n) for n in ("start", "query", "update", "stop"))
sessions, stopped = load("list"), load("stopped")

with open(os.path.join(os.environ["TOP"], "man/wmitrace-query.1"), encoding="utf-8") as page:
    text = re.sub(r"\s+", " ", page.read())
documented = re.search(r"with these members: (.*?)\. Times", text).group(1)
documented = set(re.findall(r"[a-z_]+", re.sub(r"\([^)]*\)", "", documented)))
check(set(query) | {"stop_time"} == documented, "query has the members that its man page lists",
      set(query) ^ documented)
check({k: query[k] for k in ("name", "id", "guid", "start_time")} ==
      {k: start[k] for k in ("name", "id", "guid", "start_time")}, "start and query: one session")
check(query["name"] == "Demo" and query["guid"] == "01234567-89ab-cdef-0123-456789abcdef",
      "name and GUID as given")
check(query["buffer_size_kb"] == 4 and query["min_buffers"] >= 4, "values in force")
check(query["flush_timer"] == 250 and query["mode"] == 0x8010, "flush timer and mode")
check(update["flush_timer"] == 2000, "update converts seconds")
check(query["attempts"] == query["logged"] + query["lost"], "attempts = logged + lost [A217]")
check([s["name"] for s in sessions] == ["Demo", 'quote"back\\slash'], "list: names, however odd")
check(stop["state"] == "stopped" and stop["stop_time"] > stop["start_time"], "stop: state and times")
check("Demo" in [s["name"] for s in stopped if s["state"] == "stopped"], "list --stopped")
begin = datetime.datetime.strptime(stop["start_time"][:26], "%Y-%m-%dT%H:%M:%S.%f")
check(stop["start_time"].endswith("Z") and begin.year >= 2020, "times are UTC in ISO 8601")
