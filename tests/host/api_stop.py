#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: FILES=DIR api_stop.py

Checks the log of each session that tests/guest/api_stop.sh stopped under fire.
"""

import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))
from hammer_records import check, check_session  # noqa: E402

FILES = pathlib.Path(os.environ["FILES"])
sessions = sorted(int(path.stem) for path in FILES.glob("*.etl"))
check(len(sessions) == 6, f"{len(sessions)} sessions left their logs [A218]")
for session in sessions:
    check_session(FILES, session, "A218")
