/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sub-commands of wmitrace: cmd_NAME is in NAME.c and in main.c's table.
 * argv[0] is the sub-command's name.  The return value is the exit status.
 */
#ifndef WMITRACE_COMMAND_H
#define WMITRACE_COMMAND_H

#define COMMAND_OK	0
#define COMMAND_FAILED	1	/* the request was understood and failed */
#define COMMAND_USAGE	2	/* the command line made no sense */
#define COMMAND_LOSS	3	/* done, but --fail-on-loss and something was lost */
#define COMMAND_UNKNOWN	4	/* done, but some messages had no format */

struct command {
	const char *name;
	const char *help;	/* one line, no full stop */
	int (*run)(int argc, char **argv);
};

int cmd_convert(int argc, char **argv) __attribute__((weak));	/* not in static programs */
int cmd_disable(int argc, char **argv);
int cmd_capture_state(int argc, char **argv);
int cmd_dump(int argc, char **argv);
int cmd_enable(int argc, char **argv);
int cmd_format(int argc, char **argv);
int cmd_flush(int argc, char **argv);
int cmd_info(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_monitor(int argc, char **argv);
int cmd_providers(int argc, char **argv);
int cmd_query(int argc, char **argv);
int cmd_record(int argc, char **argv);
int cmd_recover(int argc, char **argv);
int cmd_release(int argc, char **argv);
int cmd_repack(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_start(int argc, char **argv);
int cmd_stop(int argc, char **argv);
int cmd_tmf(int argc, char **argv);
int cmd_trace(int argc, char **argv);
int cmd_update(int argc, char **argv);
int cmd_verify(int argc, char **argv);

#endif /* WMITRACE_COMMAND_H */
