// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wmitraced: drains every session that has a log file.  One thread, one loop.
 */
#include <errno.h>
#include <getopt.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "background.h"
#include "control.h"
#include "message.h"
#include "notify.h"
#include "service.h"
#include "sessions.h"

#define EXIT_USAGE	2

struct options {
	bool foreground;
	bool exit_when_idle;
	bool verbose;
	const char *pidfile;
};

static const char usage[] =
	"Usage: wmitraced [OPTIONS]\n"
	"Write the log files of wmitrace sessions.\n\n"
	"  -f, --foreground        do not go into the background; messages to standard error\n"
	"      --exit-when-idle    end when no session with a log file is left\n"
	"  -v, --verbose           tell about every file\n"
	"      --pidfile FILE      write the process id there\n"
	"      --version           print the version\n"
	"  -h, --help              print this\n";

static int parse(int argc, char **argv, struct options *options)
{
	enum { EXIT_WHEN_IDLE = 256, PIDFILE, PRINT_VERSION };
	static const struct option known[] = {
		{ "foreground", no_argument, NULL, 'f' },
		{ "exit-when-idle", no_argument, NULL, EXIT_WHEN_IDLE },
		{ "verbose", no_argument, NULL, 'v' },
		{ "pidfile", required_argument, NULL, PIDFILE },
		{ "version", no_argument, NULL, PRINT_VERSION },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 }
	};
	int option;

	while ((option = getopt_long(argc, argv, "fvh", known, NULL)) != -1) {
		switch (option) {
		case 'f':
			options->foreground = true;
			break;
		case EXIT_WHEN_IDLE:
			options->exit_when_idle = true;
			break;
		case 'v':
			options->verbose = true;
			break;
		case PIDFILE:
			options->pidfile = optarg;
			break;
		case PRINT_VERSION:
			puts("wmitraced " WMITRACE_VERSION);
			exit(EXIT_SUCCESS);
		case 'h':
			fputs(usage, stdout);
			exit(EXIT_SUCCESS);
		default:
			fputs("'wmitraced --help' tells more.\n", stderr);
			return -EINVAL;
		}
	}
	if (optind == argc)
		return 0;
	fprintf(stderr, "wmitraced: one word too many: '%s'\n'wmitraced --help' tells more.\n",
		argv[optind]);
	return -EINVAL;
}

static int block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* 31 sessions have that many files for each CPU. */
static void allow_many_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static int open_device(void)
{
	int device = control_open();

	if (device < 0) {
		message(LOG_ERR, "cannot open " WMITRACE_DEVICE ": %s%s", strerror(-device),
			device == -ENOENT ? "; is the module loaded? try 'modprobe wmitrace'" : "");
		return -1;
	}
	if (service_claim(device)) {
		message(LOG_ERR, "another wmitraced is running");
		close(device);
		return -1;
	}
	return device;
}

/* Until a signal, or until nothing is left to do if that is wanted. */
static int loop(int device, int signals, struct sessions *sessions, const struct options *options)
{
	struct pollfd fds[2 + WMITRACE_LOGGERS] = {
		{ .fd = signals, .events = POLLIN },
		{ .fd = device, .events = POLLPRI },
	};
	int timeout, err = sessions_update(sessions);
	unsigned int count;

	while (!err && !(options->exit_when_idle && !sessions_count(sessions))) {
		count = sessions_wait(sessions, fds + 2, &timeout);
		if (poll(fds, 2 + count, timeout) < 0 && errno != EINTR)
			return -errno;
		if (fds[0].revents)
			return 0;
		sessions_step(sessions, fds + 2, count);
		if (fds[1].revents)
			err = sessions_update(sessions);
	}
	return err;
}

static int serve(int device, int signals, const struct options *options)
{
	struct sessions *sessions = sessions_new(device);
	int err;

	if (!sessions) {
		message(LOG_ERR, "out of memory");
		return EXIT_FAILURE;
	}
	message(LOG_INFO, "ready");
	background_ready();
	notify_manager("READY=1");
	err = loop(device, signals, sessions, options);
	if (err)
		message(LOG_ERR, "cannot go on: %s", strerror(-err));
	notify_manager("STOPPING=1");
	sessions_suspend(sessions);
	sessions_free(sessions);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	struct options options = { .foreground = false };
	int device, signals, status;
	char *pidfile = NULL;

	if (parse(argc, argv, &options))
		return EXIT_USAGE;
	message_setup(false, options.verbose);
	allow_many_files();
	/* Log files are their users'; of the service's own groups those know nothing. */
	if (!geteuid() && setgroups(0, NULL))
		message(LOG_WARNING, "cannot leave supplementary groups: %s", strerror(errno));
	signals = block_signals();
	device = open_device();
	if (signals < 0 || device < 0)
		return EXIT_FAILURE;
	if (!options.foreground) {
		if (background_start()) {
			message(LOG_ERR, "cannot go into the background: %s", strerror(errno));
			return EXIT_FAILURE;
		}
		message_setup(true, options.verbose);
	}
	if (options.pidfile) {
		pidfile = background_pidfile(options.pidfile);
		if (!pidfile) {
			message(LOG_ERR, "cannot write %s: %s", options.pidfile, strerror(errno));
			return EXIT_FAILURE;
		}
	}
	status = serve(device, signals, &options);
	if (pidfile)
		unlink(pidfile);
	free(pidfile);
	return status;
}
