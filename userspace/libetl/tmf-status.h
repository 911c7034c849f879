/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables of status codes, sorted by code. */
#ifndef ETL_TMF_STATUS_H
#define ETL_TMF_STATUS_H

#include <stddef.h>
#include <stdint.h>

struct tmf_code {
	uint32_t code;
	const char *name;
};

extern const struct tmf_code tmf_ntstatus[];
extern const size_t tmf_ntstatus_count;
extern const struct tmf_code tmf_winerror[];
extern const size_t tmf_winerror_count;
extern const struct tmf_code tmf_hresult[];
extern const size_t tmf_hresult_count;
extern const struct tmf_code tmf_ndis_status[];
extern const size_t tmf_ndis_status_count;
extern const struct tmf_code tmf_ndis_oid[];
extern const size_t tmf_ndis_oid_count;

#endif /* ETL_TMF_STATUS_H */
