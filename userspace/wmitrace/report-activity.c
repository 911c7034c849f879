// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wmitrace report: interrupts and DPCs, disks, the kernel's images.
 */
#include <stdio.h>
#include <string.h>

#include <etl/kernel.h>

#include "report.h"

/* ---- interrupts and DPCs ------------------------------------------------------ */

static struct report_routine *find_routine(struct report *report, uint16_t hook, uint32_t vector,
					   uint64_t address)
{
	struct report_routine *routine;
	size_t i;

	for (i = 0; i < report->routine_count; i++) {
		routine = &report->routines[i];
		if (routine->hook == hook && routine->vector == vector &&
		    routine->address == address)
			return routine;
	}
	routine = report_grow(report, report->routines, report->routine_count,
			      &report->routine_room, sizeof(*routine));
	if (!routine)
		return NULL;
	report->routines = routine;
	routine += report->routine_count++;
	*routine = (struct report_routine){ .hook = hook, .vector = vector, .address = address };
	return routine;
}

/* Both are logged at their end and carry the time of their beginning. */
void report_interrupt(struct report *report, const struct etl_record *rec)
{
	const bool isr = rec->id == ETL_HOOK_ISR;
	struct report_cpu *cpu = &report->cpus[rec->buffer->cpu];
	uint64_t begin = rec->time, address = 0, vector = 0, ticks;
	const struct report_field wanted[] = {
		{ "InitialTime", &begin, NULL, 0 },
		{ "Routine", &address, NULL, 0 },
		{ "Vector", &vector, NULL, 0 },
	};
	struct report_routine *routine;

	report_fields(rec, wanted, 3);
	routine = find_routine(report, rec->id, (uint32_t)vector, address);
	if (!routine)
		return;
	ticks = rec->time > begin ? rec->time - begin : 0;
	routine->count++;
	routine->time += ticks;
	if (ticks > routine->longest)
		routine->longest = ticks;
	*(isr ? &cpu->interrupts : &cpu->dpcs) += 1;
	*(isr ? &cpu->interrupt_time : &cpu->dpc_time) += ticks;
	if (rec->buffer->cpu >= report->cpu_count)
		report->cpu_count = rec->buffer->cpu + 1u;
}

/* ---- disks ---------------------------------------------------------------------- */

static struct report_disk *find_disk(struct report *report, uint32_t number)
{
	struct report_disk *disk;
	size_t i;

	for (i = 0; i < report->disk_count; i++)
		if (report->disks[i].number == number)
			return &report->disks[i];
	disk = report_grow(report, report->disks, report->disk_count, &report->disk_room,
			   sizeof(*disk));
	if (!disk)
		return NULL;
	report->disks = disk;
	disk += report->disk_count++;
	*disk = (struct report_disk){ .number = number };
	return disk;
}

void report_disk(struct report *report, const struct etl_record *rec)
{
	uint64_t number = 0, bytes = 0, ticks = 0;
	const struct report_field wanted[] = {
		{ "DiskNumber", &number, NULL, 0 },
		{ "TransferSize", &bytes, NULL, 0 },
		{ "HighResResponseTime", &ticks, NULL, 0 },
	};
	struct report_disk *disk;
	struct report_transfers *kind;

	report_fields(rec, wanted, 3);
	disk = find_disk(report, (uint32_t)number);
	if (!disk)
		return;
	kind = rec->id == ETL_HOOK_DISK_READ ? &disk->reads :
	       rec->id == ETL_HOOK_DISK_WRITE ? &disk->writes : &disk->flushes;
	kind->count++;
	kind->bytes += bytes;
	kind->time += ticks;
	if (ticks > kind->longest)
		kind->longest = ticks;
}

/* ---- images --------------------------------------------------------------------- */

/* Loaded, or there at start or end: the kernel's, which are process 0's. */
void report_image(struct report *report, const struct etl_record *rec)
{
	uint64_t base = 0, size = 0, pid = 1;
	char path[4096] = "";
	const struct report_field wanted[] = {
		{ "ImageBase", &base, NULL, 0 },
		{ "ImageSize", &size, NULL, 0 },
		{ "ProcessId", &pid, NULL, 0 },
		{ "FileName", NULL, path, sizeof(path) },
	};
	struct report_image *image;
	const char *name;

	report_fields(rec, wanted, 4);
	if (pid || report_image_at(report, base))
		return;
	image = report_grow(report, report->images, report->image_count, &report->image_room,
			    sizeof(*image));
	if (!image)
		return;
	report->images = image;
	image += report->image_count++;
	image->base = base;
	image->size = size;
	name = strrchr(path, '/');
	snprintf(image->name, sizeof(image->name), "%.*s", REPORT_NAME - 1, name ? name + 1 : path);
}

const char *report_image_at(const struct report *report, uint64_t address)
{
	size_t i;

	for (i = 0; i < report->image_count; i++)
		if (address - report->images[i].base < report->images[i].size)
			return report->images[i].name;
	return NULL;
}
