# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 600
# The hot paths cost no more instructions than tests/bench/budget.json allows
# (and 2 %).  Counted by an emulator: the same on every machine, in every boot.

"$TOP/scripts/bench" --budget --no-build
