/* SPDX-License-Identifier: GPL-2.0-only */
/* Include before the header whose DEFINE_GUID lines this file shall define. */
#ifndef INITGUID
#define INITGUID
#endif
#include "guiddef.h"
