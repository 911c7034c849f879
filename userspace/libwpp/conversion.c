// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Conversions of a format, and which go with which type of argument
 * (wpp-tmf 5 and 12.6).
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "private.h"

/* ---- reading -------------------------------------------------------------------- */

static const char *take_modifiers(struct wpp_conversion *c, const char *p)
{
	size_t n = 0;

	for (; *p && strchr("-+ #0123456789.*", *p); p++) {
		if (*p == '*')
			c->starred = true;
		else if (n < sizeof(c->flags) - 1)
			c->flags[n++] = *p;
		else
			c->flags[0] = '\0';	/* nobody means that */
	}
	return p;
}

/* z, Z and S are letters as well: what follows decides. */
static const char *take_length(struct wpp_conversion *c, const char *p)
{
	if (!strncmp(p, "I64", 3) || !strncmp(p, "I32", 3)) {
		c->wide = p[1] == '6';
		return p + 3;
	}
	if (!strncmp(p, "hh", 2) || !strncmp(p, "ll", 2)) {
		c->wide = *p == 'l';
		strcpy(c->narrow, *p == 'h' ? "hh" : "");
		return p + 2;
	}
	if (*p == 'z' && !(p[1] && strchr("diuxXo", p[1])))
		return p;
	if (*p && strchr("hlwztIjLq", *p)) {
		strcpy(c->narrow, *p == 'h' ? "h" : *p == 'w' ? "w" : *p == 'l' ? "l" : "");
		c->natural = strchr("lztI", *p);
		c->wide = strchr("jLq", *p);
		return p + 1;
	}
	return p;
}

bool wpp_conversion_parse(struct wpp_conversion *c, const char *text)
{
	const char *p = text + 1, *end;

	memset(c, 0, sizeof(*c));
	c->text = text;
	p = take_modifiers(c, p);
	if (*p == '!') {
		end = strchr(p + 1, '!');
		if (!end || end == p + 1)
			return false;
		c->name = p + 1;
		c->name_len = end - c->name;
		c->len = end + 1 - text;
		return true;
	}
	p = take_length(c, p);
	if (!isalpha((unsigned char)*p))
		return false;
	c->letter = *p++;
	if (c->letter == 'p' && isalpha((unsigned char)*p)) {	/* the kernel's %pUl and so on */
		c->name = p;
		while (isalnum((unsigned char)*p))
			p++;
		c->name_len = p - c->name;
	} else if (c->letter == 'h') {
		return false;
	}
	c->len = p - text;
	return true;
}

/* ---- types ------------------------------------------------------------------------ */

#define BITS(type)	(1u << (type))
#define INT		(BITS(WPP_TYPE_S32) | BITS(WPP_TYPE_U32))
#define INT64		(BITS(WPP_TYPE_S64) | BITS(WPP_TYPE_U64))

static const char *const type_names[] = {
	[WPP_TYPE_NONE] = "of a type that cannot be logged: cast it",
	[WPP_TYPE_S32] = "an int of 4 bytes",
	[WPP_TYPE_U32] = "an unsigned int of 4 bytes",
	[WPP_TYPE_S64] = "an integer of 8 bytes",
	[WPP_TYPE_U64] = "an unsigned integer of 8 bytes",
	[WPP_TYPE_POINTER] = "a pointer",
	[WPP_TYPE_STRING] = "a char *",
	[WPP_TYPE_WSTRING] = "a WCHAR *",
	[WPP_TYPE_COUNTED] = "a counted string",
	[WPP_TYPE_WCOUNTED] = "a UNICODE_STRING",
	[WPP_TYPE_GUID] = "a GUID *",
	[WPP_TYPE_SID] = "a WPP_SID()",
	[WPP_TYPE_HEX] = "a WPP_HEXDUMP()",
	[WPP_TYPE_IPV6] = "a struct in6_addr *",
	[WPP_TYPE_MAC] = "a WPP_MAC()",
	[WPP_TYPE_PORT] = "a WPP_PORT()",
};

#define BITS_1_TO_8	"1,2,3,4,5,6,7,8"
#define BITS_1_TO_16	BITS_1_TO_8 ",9,10,11,12,13,14,15,16"
#define BITS_1_TO_32	BITS_1_TO_16 ",17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32"

/* %!NAME!: what it takes.  Bytes and shorts of Windows are ints here, by promotion. */
static const struct named {
	const char *name;
	unsigned int types;
	const char *item, *spec;
} names[] = {
	{ "SINT", INT, "ItemLong", "d" },
	{ "UINT", INT, "ItemLong", "u" },
	{ "SBYTE", INT, "ItemLong", "d" },
	{ "UBYTE", INT, "ItemLong", "u" },
	{ "SSHORT", INT, "ItemLong", "d" },
	{ "USHORT", INT, "ItemLong", "u" },
	{ "SLONG", INT, "ItemLong", "d" },
	{ "ULONG", INT, "ItemLong", "u" },
	{ "SINT64", INT64, "ItemLongLong", "I64d" },
	{ "UINT64", INT64, "ItemULongLong", "I64u" },
	{ "XINT", INT, "ItemLong", "08x" },
	{ "XLONG", INT, "ItemLong", "08X" },
	{ "XSHORT", INT, "ItemLong", "04X" },
	{ "XBYTE", INT, "ItemLong", "02x" },
	{ "XINT64", INT64, "ItemLongLongX", "016I64x" },
	{ "OINT", INT, "ItemLong", "o" },
	{ "OINT64", INT64, "ItemLongLongO", "I64o" },
	{ "PTR", BITS(WPP_TYPE_POINTER), "ItemPtr", "p" },
	{ "HANDLE", BITS(WPP_TYPE_POINTER), "ItemPtr", "p" },
	{ "STATUS", INT, "ItemNTSTATUS", "s" },
	{ "status", INT, "ItemNTSTATUS", "s" },
	{ "NTSTATUS", INT, "ItemNTSTATUS", "s" },
	{ "HRESULT", INT, "ItemHRESULT", "s" },
	{ "hresult", INT, "ItemHRESULT", "s" },
	{ "WINERROR", INT, "ItemWINERROR", "s" },
	{ "winerr", INT, "ItemWINERROR", "s" },
	{ "NDIS_STATUS", INT, "ItemNDIS_STATUS", "s" },
	{ "NDIS_OID", INT, "ItemNDIS_OID", "s" },
	{ "ERRNO", INT, "ItemLong", "d" },
	{ "GUID", BITS(WPP_TYPE_GUID), "ItemGuid", "s" },
	{ "IID", BITS(WPP_TYPE_GUID), "ItemIID", "s" },
	{ "CLSID", BITS(WPP_TYPE_GUID), "ItemCLSID", "s" },
	{ "LIBID", BITS(WPP_TYPE_GUID), "ItemLIBID", "s" },
	{ "ASTR", BITS(WPP_TYPE_STRING), "ItemString", "s" },
	{ "WSTR", BITS(WPP_TYPE_WSTRING), "ItemWString", "s" },
	{ "ARSTR", BITS(WPP_TYPE_STRING), "ItemRString", "s" },
	{ "ARWSTR", BITS(WPP_TYPE_WSTRING), "ItemRWString", "s" },
	{ "ANSTR", BITS(WPP_TYPE_COUNTED), "ItemPString", "s" },
	{ "CSTR", BITS(WPP_TYPE_COUNTED), "ItemPString", "s" },
	{ "USTR", BITS(WPP_TYPE_WCOUNTED), "ItemPWString", "s" },
	{ "sid", BITS(WPP_TYPE_SID), "ItemSid", "s" },
	{ "HEXDUMP", BITS(WPP_TYPE_HEX), "ItemHexDump", "s" },
	{ "BIN", BITS(WPP_TYPE_HEX), "ItemHexDump", "s" },
	{ "IPADDR", INT, "ItemIPAddr", "s" },
	{ "ipaddr", INT, "ItemIPAddr", "s" },
	{ "IPV6ADDR", BITS(WPP_TYPE_IPV6), "ItemIPV6Addr", "s" },
	{ "PORT", BITS(WPP_TYPE_PORT), "ItemPort", "s" },
	{ "MACADDR", BITS(WPP_TYPE_MAC), "ItemMACAddr", "s" },
	{ "TIMESTAMP", INT64, "ItemTimestamp", "s" },
	{ "TIME", INT64, "ItemTimestamp", "s" },
	{ "DATE", INT64, "ItemTimestamp", "s" },
	{ "datetime", INT64, "ItemTimestamp", "s" },
	{ "delta", INT64, "ItemTimeDelta", "s" },
	{ "WAITTIME", INT64, "ItemWaitTime", "s" },
	{ "due", INT64, "ItemWaitTime", "s" },
	{ "cccc", INT, "ItemChar4", "s" },
	{ "bool", INT, "ItemListLong(false,true)", "s" },
	{ "BOOLEAN", INT, "ItemListLong(FALSE,TRUE)", "s" },
	{ "bool8", INT, "ItemListLong(false,true)", "s" },
	{ "bool16", INT, "ItemListLong(false,true)", "s" },
	{ "irql", INT, "ItemListLong(Low,APC,DPC)", "s" },
	{ "b1", INT, "ItemSetLong(" BITS_1_TO_8 ")", "s" },
	{ "b2", INT, "ItemSetLong(" BITS_1_TO_16 ")", "s" },
	{ "b4", INT, "ItemSetLong(" BITS_1_TO_32 ")", "s" },
};

/* What the kernel's own %p… forms take here. */
static const struct named pointer_forms[] = {
	{ "Ul", BITS(WPP_TYPE_GUID), "ItemGuid", "s" },
	{ "UL", BITS(WPP_TYPE_GUID), "ItemGuid", "s" },
	{ "I6c", BITS(WPP_TYPE_IPV6), "ItemIPV6Addr", "s" },
	{ "h", BITS(WPP_TYPE_HEX), "ItemHexDump", "s" },
};

static const struct named strings[] = {
	{ "s", BITS(WPP_TYPE_STRING), "ItemString", "s" },
	{ "s", BITS(WPP_TYPE_COUNTED), "ItemPString", "s" },
	{ "hs", BITS(WPP_TYPE_STRING), "ItemString", "s" },
	{ "S", BITS(WPP_TYPE_WSTRING), "ItemWString", "s" },
	{ "ls", BITS(WPP_TYPE_WSTRING), "ItemWString", "s" },
	{ "ws", BITS(WPP_TYPE_WSTRING), "ItemWString", "s" },
	{ "z", BITS(WPP_TYPE_COUNTED), "ItemPString", "s" },
	{ "hZ", BITS(WPP_TYPE_COUNTED), "ItemPString", "s" },
	{ "Z", BITS(WPP_TYPE_WCOUNTED), "ItemPWString", "s" },
	{ "wZ", BITS(WPP_TYPE_WCOUNTED), "ItemPWString", "s" },
};

/* ---- matching ------------------------------------------------------------------------ */

struct match {
	const struct wpp_conversion *c;
	enum wpp_type type;
	const char **item;
	char *spec;
	char *reason;
	size_t size;
};

static const char *differ(const struct match *m)
{
	snprintf(m->reason, m->size, "the argument is %s", type_names[m->type]);
	return m->reason;
}

static const char *accept(const struct match *m, const char *item, const char *spec)
{
	*m->item = item;
	snprintf(m->spec, 24, "%s%s", m->c->flags, spec);
	return NULL;
}

/* Looks @name up among those of @table that take the argument. */
static const char *match_name(const struct match *m, const struct named *table, size_t count,
			      const char *name, size_t len)
{
	bool found = false;
	size_t i;

	for (i = 0; i < count; i++) {
		if (strncmp(table[i].name, name, len) || table[i].name[len])
			continue;
		found = true;
		if (table[i].types & BITS(m->type))
			return accept(m, table[i].item, table[i].spec);
	}
	if (found)
		return differ(m);
	return "no such conversion in WPP";
}

#define COUNT(table)	(sizeof(table) / sizeof((table)[0]))

static const char *match_integer(const struct match *m)
{
	static const char letters[] = "diuxXo";
	static const char *const items[] = {
		"ItemLongLong", "ItemLongLong", "ItemULongLong", "ItemLongLongX", "ItemLongLongXX",
		"ItemLongLongO",
	};
	const struct wpp_conversion *c = m->c;
	char spec[8];

	if (BITS(m->type) & INT) {
		if (c->wide)
			return differ(m);
		/* "l" says nothing to a decoder that knows 4 bytes. */
		snprintf(spec, sizeof(spec), "%s%c", c->narrow[0] == 'h' ? c->narrow : "", c->letter);
		return accept(m, "ItemLong", spec);
	}
	if (!(BITS(m->type) & INT64) || (!c->wide && !c->natural) || c->letter == 'c')
		return differ(m);
	snprintf(spec, sizeof(spec), "I64%c", c->letter == 'i' ? 'd' : c->letter);
	return accept(m, items[strchr(letters, c->letter) - letters], spec);
}

static const char *match_string(const struct match *m)
{
	char name[4];

	snprintf(name, sizeof(name), "%s%c", m->c->narrow, m->c->letter);
	return match_name(m, strings, COUNT(strings), name, strlen(name));
}

static const char *match_pointer(const struct match *m, unsigned int pointer_size)
{
	if (m->c->name)
		return match_name(m, pointer_forms, COUNT(pointer_forms), m->c->name, m->c->name_len);
	if (m->type == WPP_TYPE_POINTER ||
	    (BITS(m->type) & (pointer_size == 8 ? INT64 : INT)))
		return accept(m, "ItemPtr", "p");
	if (m->type == WPP_TYPE_STRING || m->type == WPP_TYPE_WSTRING) {
		snprintf(m->reason, m->size, "the argument is %s: cast it to (void *)",
			 type_names[m->type]);
		return m->reason;
	}
	return differ(m);
}

const char *wpp_conversion_match(const struct wpp_conversion *c, enum wpp_type type,
				 unsigned int pointer_size, const char **item, char spec[24],
				 char *reason, size_t size)
{
	struct match m = { c, type < WPP_TYPES ? type : WPP_TYPE_NONE, item, spec, reason, size };
	bool dump = c->letter == 'p' && c->name_len == 1 && *c->name == 'h';

	if (c->starred && !dump)
		return "width and precision cannot come from arguments; WPP_COUNTED() takes a length";
	if (!c->letter)
		return match_name(&m, names, COUNT(names), c->name, c->name_len);
	switch (c->letter) {
	case 'd': case 'i': case 'u': case 'x': case 'X': case 'o': case 'c':
		return match_integer(&m);
	case 'p':
		return match_pointer(&m, pointer_size);
	case 's': case 'S': case 'z': case 'Z':
		return match_string(&m);
	case 'e': case 'f': case 'g': case 'E': case 'G': case 'F': case 'a': case 'A':
		return "the kernel has no floating point";
	default:
		return "no such conversion in WPP";
	}
}
