/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a session in the kernel to a writer for its log file. */
#ifndef LIBWMITRACE_LOG_FILE_H
#define LIBWMITRACE_LOG_FILE_H

#include "control.h"
#include "etl.h"

/* log_file_open() flags */
#define LOG_FILE_RESUME		0x1u	/* go on with what an earlier drain of the session left */
#define LOG_FILE_CAREFUL	0x2u	/* -EEXIST rather than replace a file that is no trace */

/*
 * Reads the session's header buffer from @folder and puts the system's time
 * zone into it.  The caller frees *@header, of session->s.buffer_size KB.
 */
int log_file_header(const char *folder, const struct control_session *session, void **header,
		    struct etl_error *err);

/*
 * Opens @path for the session that @header describes: goes on, appends to an
 * older session's file (mode APPEND), or begins a new file.
 */
int log_file_open(struct etl_writer **writer, const char *path,
		  const struct control_session *session, const void *header, unsigned int flags,
		  struct etl_error *err);

#endif /* LIBWMITRACE_LOG_FILE_H */
