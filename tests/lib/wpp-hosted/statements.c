// SPDX-License-Identifier: GPL-2.0-or-later
/* Statements whose arguments compilers could disagree about (wpp-tmf 12.3). */
#include "kernel.h"

#define WPP_CONTROL_GUIDS							\
	WPP_DEFINE_CONTROL_GUID(Hosted, (00c0ffee,0001,4d5e,829e,02f454bc2bd7),	\
		WPP_DEFINE_BIT(ON) WPP_DEFINE_BIT(OFF))
#include <wmitrace/wpp.h>

struct fields {
	unsigned int small : 3;
	int negative : 5;
	bool flag : 1;
};

enum colour { RED, GREEN = 7 };
enum temperature { COLD = -4, WARM = 4 };

void statements(void);

void statements(void)
{
	volatile struct fields f = { .small = 5, .negative = -3, .flag = 1 };
	volatile u8 byte = 0xfe;
	const u64 constant = 0xdeadbeefcafeull;
	enum temperature t = COLD;
	enum colour c = GREEN;
	bool yes = true;
	char array[8] = "array";
	const char *literal = "comma, \"quoted\"";
	static const WCHAR wide[] = { 'w', 0 };
	static const u8 bytes[3] = { 1, 2, 3 };

	DoTraceMessage(ON, "fields %u %d %d", f.small, f.negative, f.flag);
	DoTraceMessage(ON, "small %d %d %d %c", byte, (s8)-8, (s16)-300, 'c');
	DoTraceMessage(ON, "enums %d %d %d", t, c, RED);
	DoTraceMessage(ON, "bool %d %d", yes, byte == 1);
	DoTraceMessage(ON, "const %llx %llu", constant, 1ull);
	DoTraceMessage(ON, "long %ld %lu %zu", -1L, 2UL, sizeof(f));
	DoTraceMessage(ON, "text %s %s %s %s", array, literal, "a, b", __func__);
	DoTraceMessage(ON, "null %p %s", NULL, (char *)NULL);
	DoTraceMessage(ON, "pointers %p %p %p", (void *)0x1234, &statements, (volatile void *)0);
	DoTraceMessage(ON, "wide %S %!HEXDUMP!", wide, WPP_HEXDUMP(bytes, 3));
	DoTraceMessage(ON, "none");
	DoTraceMessage(OFF, "never %d", f.small++);
	if (yes)
		DoTraceMessage(ON, "\"quotes\" \\ %% and\ttabs\n");
	else
		DoTraceMessage(ON, "not reached");
}
