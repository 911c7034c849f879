// SPDX-License-Identifier: LGPL-2.1-or-later
/* Names of status codes. */
#include "tmf-private.h"
#include "tmf-status.h"

#define HRESULT_NT		0x10000000u	/* an NTSTATUS inside an HRESULT */
#define HRESULT_FACILITY	0xffff0000u
#define HRESULT_WIN32		0x80070000u

static const char *name_of(const struct tmf_code *table, size_t count, uint32_t code)
{
	size_t low = 0, high = count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (table[middle].code == code)
			return table[middle].name;
		if (table[middle].code < code)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const char *etl_ntstatus_name(uint32_t status)
{
	return name_of(tmf_ntstatus, tmf_ntstatus_count, status);
}

const char *etl_winerror_name(uint32_t error)
{
	return name_of(tmf_winerror, tmf_winerror_count, error);
}

const char *etl_ndis_oid_name(uint32_t oid)
{
	return name_of(tmf_ndis_oid, tmf_ndis_oid_count, oid);
}

const char *etl_ndis_status_name(uint32_t status)
{
	const char *name = name_of(tmf_ndis_status, tmf_ndis_status_count, status);

	return name ? name : etl_ntstatus_name(status);
}

/* Win32 errors and NTSTATUS values that were wrapped have their own names. */
const char *etl_hresult_name(uint32_t result)
{
	const char *name = NULL;

	if ((result & HRESULT_FACILITY) == HRESULT_WIN32)
		name = etl_winerror_name(result & 0xffff);
	if (!name)
		name = name_of(tmf_hresult, tmf_hresult_count, result);
	if (!name && (result & HRESULT_NT))
		name = etl_ntstatus_name(result & ~HRESULT_NT);
	return name;
}
