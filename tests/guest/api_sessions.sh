# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 2 4
# mem: 2048
# timeout: 180
# insmod: wmitrace
# Sessions over the control ABI: api_sessions.c holds the rows.

api_sessions
