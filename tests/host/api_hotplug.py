#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: FILES=DIR api_hotplug.py

Checks the log of the session during which tests/guest/api_hotplug.sh took CPUs
away and brought them back.
"""

import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))
from hammer_records import check_session, check, read_stats  # noqa: E402

FILES = pathlib.Path(os.environ["FILES"])
check_session(FILES, 2, "A219")
lost = read_stats(FILES / "2.stats")["lost"]
check(lost == 0, "nothing was lost: there was room for all [A219]", [f"{lost} lost"])
