// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * daemon_faults NAME START LENGTH TARGET ARGUMENTS [START LENGTH TARGET ARGUMENTS]...
 *
 * Gives the device-mapper disk NAME this table, in sectors of 512 bytes; a disk that is
 * not there is made.  Prints its device.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/dm-ioctl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>

static union {
	struct dm_ioctl head;
	char bytes[4096];
} data;

static int control;

/* One of @name's ioctls; what the head of @data has else is the caller's. */
static int call(unsigned long number, const char *name)
{
	data.head.version[0] = DM_VERSION_MAJOR;
	data.head.data_size = sizeof(data);
	data.head.data_start = sizeof(data.head);
	snprintf(data.head.name, sizeof(data.head.name), "%s", name);
	return ioctl(control, number, &data) ? errno : 0;
}

static void must(int error, const char *what)
{
	if (!error)
		return;
	fprintf(stderr, "daemon_faults: %s: %s\n", what, strerror(error));
	exit(1);
}

/* Appends a target at @at, of four words; returns where the next one goes. */
static char *add_target(char *at, char **words)
{
	struct dm_target_spec *spec = (void *)at;
	char *arguments = at + sizeof(*spec), *next;

	spec->sector_start = strtoull(words[0], NULL, 10);
	spec->length = strtoull(words[1], NULL, 10);
	snprintf(spec->target_type, sizeof(spec->target_type), "%s", words[2]);
	next = arguments + snprintf(arguments, 256, "%s", words[3]) + 1;
	next += -(uintptr_t)next & 7;
	spec->next = next - at;
	return next;
}

int main(int argc, char **argv)
{
	char *at = data.bytes + sizeof(data.head);
	int error, i;

	if (argc < 6 || (argc - 2) % 4) {
		fprintf(stderr, "usage: daemon_faults NAME START LENGTH TARGET ARGUMENTS...\n");
		return 2;
	}
	control = open("/dev/mapper/control", O_RDWR);
	must(control < 0 ? errno : 0, "/dev/mapper/control");
	error = call(DM_DEV_CREATE, argv[1]);
	must(error == EBUSY ? 0 : error, "create");

	memset(&data, 0, sizeof(data));
	for (i = 2; i < argc; i += 4, data.head.target_count++)
		at = add_target(at, argv + i);
	must(call(DM_TABLE_LOAD, argv[1]), "load");
	/* What the old table still has under way ends before the new one counts. */
	memset(&data, 0, sizeof(data));
	data.head.flags = DM_SUSPEND_FLAG | DM_SKIP_LOCKFS_FLAG;
	must(call(DM_DEV_SUSPEND, argv[1]), "suspend");
	memset(&data, 0, sizeof(data));
	must(call(DM_DEV_SUSPEND, argv[1]), "resume");
	printf("/dev/dm-%u\n", minor(data.head.dev));
	return 0;
}
