// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The header buffer: parsing and building the logfile header (etl-format section 5).
 */
#include <errno.h>
#include <stdlib.h>

#include "private.h"

#define FIXED64		((uint32_t)sizeof(struct etl_logfile_header))
#define SHRINK32	8u	/* the two pointers of a 32-bit controller */
#define TZ_NAME_UNITS	32u

#define AFTER_POINTERS(field) (offsetof(struct etl_logfile_header, field) - (wide ? 0 : SHRINK32))

/*
 * Ticks to FILETIME units.  Frequencies at which num * den would overflow
 * (above 1.8 THz) lose precision instead.
 */
static void set_timebase(struct etl_timebase *base, uint32_t type, uint64_t freq, uint32_t mhz)
{
	if (type == ETL_CLOCK_SYSTEM) {
		base->num = 1;
		base->den = 1;
	} else if (type == ETL_CLOCK_CYCLES) {
		base->num = 10;
		base->den = mhz;
	} else {
		type = ETL_CLOCK_PERF;
		base->num = 10000000;
		base->den = freq;
	}
	while (base->den && base->num > UINT64_MAX / base->den) {
		base->num >>= 1;
		base->den >>= 1;
	}
	base->type = base->den ? type : 0;
}

/* Units up to the NUL or the end. */
static size_t units_to_nul(const unsigned char *utf16, size_t units)
{
	size_t i;

	for (i = 0; i < units && get16(utf16 + 2 * i); i++)
		;
	return i;
}

/* Converts into *@at and moves it behind the NUL. */
static const char *put_text(char **at, const unsigned char *utf16, size_t units)
{
	char *text = *at;

	*at += etl_utf16_to_utf8(utf16, units, text, 3 * units + 1) + 1;
	return text;
}

static int parse_strings(const unsigned char *payload, size_t fixed, size_t size, bool wide,
			 struct etl_facts *facts, char **text)
{
	const unsigned char *tz = payload + AFTER_POINTERS(tz);
	const unsigned char *names = payload + fixed;
	size_t units = (size - fixed) / 2, first = units_to_nul(names, units);
	size_t skip = first < units ? first + 1 : units;
	size_t second = units_to_nul(names + 2 * skip, units - skip);
	char *at = malloc(3 * (2 * TZ_NAME_UNITS + first + second) + 4);

	if (!at)
		return -ENOMEM;
	*text = at;
	facts->standard_name = put_text(&at, tz + offsetof(struct etl_time_zone, standard_name),
					TZ_NAME_UNITS);
	facts->daylight_name = put_text(&at, tz + offsetof(struct etl_time_zone, daylight_name),
					TZ_NAME_UNITS);
	facts->logger_name = put_text(&at, names, first);
	facts->log_file_name = put_text(&at, names + 2 * skip, second);
	return 0;
}

static void parse_numbers(const unsigned char *p, bool wide, uint64_t raw0, struct etl_facts *facts)
{
	const unsigned char *tz = p + AFTER_POINTERS(tz);

	facts->buffer_size = get32(p + offsetof(struct etl_logfile_header, buffer_size));
	facts->os_major = p[offsetof(struct etl_logfile_header, os_major)];
	facts->os_minor = p[offsetof(struct etl_logfile_header, os_minor)];
	facts->layout_major = p[offsetof(struct etl_logfile_header, layout_major)];
	facts->layout_minor = p[offsetof(struct etl_logfile_header, layout_minor)];
	facts->os_build = get32(p + offsetof(struct etl_logfile_header, os_build));
	facts->processors = get32(p + offsetof(struct etl_logfile_header, processors));
	facts->end_time = get64(p + offsetof(struct etl_logfile_header, end_time));
	facts->timer_resolution = get32(p + offsetof(struct etl_logfile_header, timer_resolution));
	facts->mode = get32(p + offsetof(struct etl_logfile_header, mode));
	facts->max_file_size = (uint64_t)get32(p + offsetof(struct etl_logfile_header, max_file_size))
			       << (facts->mode & ETL_MODE_KBYTES ? 10 : 20);
	facts->buffers_written = get32(p + offsetof(struct etl_logfile_header, buffers_written));
	facts->start_buffers = get32(p + offsetof(struct etl_logfile_header, start_buffers));
	facts->pointer_size = get32(p + offsetof(struct etl_logfile_header, pointer_size));
	facts->events_lost = get32(p + offsetof(struct etl_logfile_header, events_lost));
	facts->cpu_mhz = get32(p + offsetof(struct etl_logfile_header, cpu_mhz));
	facts->bias = (int32_t)get32(tz + offsetof(struct etl_time_zone, bias));
	facts->standard_bias = (int32_t)get32(tz + offsetof(struct etl_time_zone, standard_bias));
	facts->daylight_bias = (int32_t)get32(tz + offsetof(struct etl_time_zone, daylight_bias));
	facts->boot_time = get64(p + AFTER_POINTERS(boot_time));
	facts->perf_freq = get64(p + AFTER_POINTERS(perf_freq));
	facts->start_time = get64(p + AFTER_POINTERS(start_time));
	facts->buffers_lost = get32(p + AFTER_POINTERS(buffers_lost));
	facts->timebase.raw0 = raw0;
	facts->timebase.start = facts->start_time;
	set_timebase(&facts->timebase, get32(p + AFTER_POINTERS(clock_type)), facts->perf_freq,
		     facts->cpu_mhz);
}

int etl_facts_parse(const unsigned char *data, size_t avail, struct etl_facts *facts, char **text,
		    const char **reason)
{
	const unsigned char *rec = data + BUFFER_HEADER;
	const uint32_t head = sizeof(struct etl_system_header);
	uint32_t size, fixed;
	bool wide;
	int ret;

	*reason = "the logfile header is cut off";
	if (avail < BUFFER_HEADER + head)
		return -EBADMSG;
	*reason = "the first record is no logfile header";
	wide = rec[2] == ETL_HEADER_SYSTEM64;
	if (rec[3] != ETL_MARKER_EVENT || (!wide && rec[2] != ETL_HEADER_SYSTEM32) || get16(rec + 6))
		return -EBADMSG;
	*reason = "the logfile header is too short";
	size = get16(rec + 4);
	fixed = wide ? FIXED64 : FIXED64 - SHRINK32;
	if (size < head + fixed)
		return -EBADMSG;
	*reason = "the logfile header is cut off";
	if (size > avail - BUFFER_HEADER)
		return -EBADMSG;
	ret = parse_strings(rec + head, fixed, size - head, wide, facts, text);
	if (ret)
		return ret;
	parse_numbers(rec + head, wide, get64(rec + 0x10), facts);
	facts->flags |= ETL_FACTS_HEADER;
	if (facts->end_time && facts->buffers_written)
		facts->flags |= ETL_FACTS_FINALISED;
	if (facts->mode & ETL_MODE_COMPRESSED)
		facts->flags |= ETL_FACTS_COMPRESSED;
	return 0;
}

/* A time zone name: 31 units and a NUL. */
static void build_tz_name(unsigned char *to, const char *name)
{
	if (name)
		etl_utf8_to_utf16(name, strlen(name), to, TZ_NAME_UNITS - 1);
}

static void build_numbers(unsigned char *p, const struct etl_facts *facts)
{
	const bool wide = true;
	unsigned char *tz = p + AFTER_POINTERS(tz);
	bool kbytes = facts->mode & ETL_MODE_KBYTES;

	put32(p + offsetof(struct etl_logfile_header, buffer_size), facts->buffer_size);
	p[offsetof(struct etl_logfile_header, os_major)] = facts->os_major;
	p[offsetof(struct etl_logfile_header, os_minor)] = facts->os_minor;
	p[offsetof(struct etl_logfile_header, layout_major)] = facts->layout_major;
	p[offsetof(struct etl_logfile_header, layout_minor)] = facts->layout_minor;
	put32(p + offsetof(struct etl_logfile_header, os_build), facts->os_build);
	put32(p + offsetof(struct etl_logfile_header, processors), facts->processors);
	put64(p + offsetof(struct etl_logfile_header, end_time), facts->end_time);
	put32(p + offsetof(struct etl_logfile_header, timer_resolution), facts->timer_resolution);
	put32(p + offsetof(struct etl_logfile_header, max_file_size),
	      (uint32_t)(facts->max_file_size >> (kbytes ? 10 : 20)));
	put32(p + offsetof(struct etl_logfile_header, mode), facts->mode);
	put32(p + offsetof(struct etl_logfile_header, buffers_written), facts->buffers_written);
	put32(p + offsetof(struct etl_logfile_header, start_buffers), facts->start_buffers);
	put32(p + offsetof(struct etl_logfile_header, pointer_size), facts->pointer_size);
	put32(p + offsetof(struct etl_logfile_header, events_lost), facts->events_lost);
	put32(p + offsetof(struct etl_logfile_header, cpu_mhz), facts->cpu_mhz);
	put32(tz + offsetof(struct etl_time_zone, bias), (uint32_t)facts->bias);
	put32(tz + offsetof(struct etl_time_zone, standard_bias), (uint32_t)facts->standard_bias);
	put32(tz + offsetof(struct etl_time_zone, daylight_bias), (uint32_t)facts->daylight_bias);
	build_tz_name(tz + offsetof(struct etl_time_zone, standard_name), facts->standard_name);
	build_tz_name(tz + offsetof(struct etl_time_zone, daylight_name), facts->daylight_name);
	put64(p + AFTER_POINTERS(boot_time), facts->boot_time);
	put64(p + AFTER_POINTERS(perf_freq), facts->perf_freq);
	put64(p + AFTER_POINTERS(start_time), facts->timebase.start);
	put32(p + AFTER_POINTERS(clock_type), facts->timebase.type);
	put32(p + AFTER_POINTERS(buffers_lost), facts->buffers_lost);
}

/* The two names, each with its NUL; returns the units or 0 if they do not fit @units. */
static size_t build_names(unsigned char *to, size_t units, const struct etl_facts *facts)
{
	const char *names[2] = { facts->logger_name, facts->log_file_name };
	size_t used = 0;
	int i;

	for (i = 0; i < 2; i++) {
		if (names[i])
			used += etl_utf8_to_utf16(names[i], strlen(names[i]), to + 2 * used,
						  used < units ? units - used : 0);
		if (used >= units)
			return 0;
		put16(to + 2 * used++, 0);
	}
	return used;
}

int etl_header_build(void *data, uint32_t size, const struct etl_facts *facts, uint32_t thread,
		     uint32_t process, uint16_t logger_id)
{
	struct etl_record rec = {
		.header = ETL_HEADER_SYSTEM64,
		.version = 2,
		.thread = thread,
		.process = process,
		.time = facts->timebase.raw0,
	};
	bool compressed = facts->mode & ETL_MODE_COMPRESSED;
	unsigned char payload[0x8000];
	struct etl_block block;
	size_t units;

	if (facts->buffer_size != size && !compressed)
		return -EINVAL;
	memset(payload, 0, FIXED64);
	build_numbers(payload, facts);
	units = build_names(payload + FIXED64, (sizeof(payload) - FIXED64) / 2, facts);
	if (!units)
		return -EINVAL;
	rec.payload = payload;
	rec.payload_size = FIXED64 + 2 * (uint32_t)units;
	etl_block_begin(&block, data, size, 0, logger_id, 0);
	if (etl_block_put(&block, &rec) < 0)
		return -EINVAL;
	put16(block.data + offsetof(struct etl_buffer_header, type), ETL_BUFFER_HEADER);
	put16(block.data + offsetof(struct etl_buffer_header, flags),
	      compressed ? ETL_BUFFER_FLUSH_MARKER
			 : ETL_BUFFER_FLUSH_MARKER | ETL_BUFFER_PROC_INDEX);
	etl_block_end(&block, 0);
	put32(block.data + offsetof(struct etl_buffer_header, current_offset), block.used);
	return 0;
}
