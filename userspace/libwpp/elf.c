// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Relocatable objects of any class and byte order: sections by name, and what
 * the pointers of one section will point at.
 *
 * The type of a relocation is not looked at: on every architecture one that
 * fills a whole pointer in data is "address of symbol + addend".
 */
#include <errno.h>
#include <gelf.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>

#include "private.h"

struct wpp_elf {
	Elf *elf;
	size_t names;			/* section of section names */
	bool big;
	unsigned int pointer_size;
	/* relocations of one section, sorted by offset */
	int section;
	struct slot *slots;
	size_t slot_count;
};

struct slot {
	uint64_t offset;
	int section;			/* of the target */
	uint64_t at;			/* offset in it */
};

int wpp_elf_open(struct wpp_elf **out, const void *data, size_t size, const char *name,
		 struct etl_error *err)
{
	struct wpp_elf *e = calloc(1, sizeof(*e));
	GElf_Ehdr header;

	if (!e)
		return etl_fail(err, -ENOMEM, name, ETL_NO_OFFSET, "out of memory");
	elf_version(EV_CURRENT);
	e->section = -1;
	e->elf = elf_memory((char *)data, size);
	if (!e->elf || elf_kind(e->elf) != ELF_K_ELF || !gelf_getehdr(e->elf, &header) ||
	    header.e_type != ET_REL || elf_getshdrstrndx(e->elf, &e->names)) {
		wpp_elf_close(e);
		return etl_fail(err, -EBADMSG, name, ETL_NO_OFFSET, "not a kernel module");
	}
	e->big = header.e_ident[EI_DATA] == ELFDATA2MSB;
	e->pointer_size = header.e_ident[EI_CLASS] == ELFCLASS64 ? 8 : 4;
	*out = e;
	return 0;
}

void wpp_elf_close(struct wpp_elf *e)
{
	if (!e)
		return;
	elf_end(e->elf);
	free(e->slots);
	free(e);
}

unsigned int wpp_elf_pointer_size(const struct wpp_elf *e)
{
	return e->pointer_size;
}

uint16_t wpp_elf_u16(const struct wpp_elf *e, const void *at)
{
	const unsigned char *p = at;

	return e->big ? p[0] << 8 | p[1] : p[1] << 8 | p[0];
}

uint32_t wpp_elf_u32(const struct wpp_elf *e, const void *at)
{
	const unsigned char *p = at;
	uint32_t first = wpp_elf_u16(e, p), second = wpp_elf_u16(e, p + 2);

	return e->big ? first << 16 | second : second << 16 | first;
}

static uint64_t load_pointer(const struct wpp_elf *e, const unsigned char *p)
{
	uint64_t first = wpp_elf_u32(e, p), second;

	if (e->pointer_size == 4)
		return first;
	second = wpp_elf_u32(e, p + 4);
	return e->big ? first << 32 | second : second << 32 | first;
}

static struct wpp_span content_of(Elf_Scn *scn)
{
	struct wpp_span none = { NULL, 0 };
	GElf_Shdr header;
	Elf_Data *data;

	if (!scn || !gelf_getshdr(scn, &header) || header.sh_type == SHT_NOBITS ||
	    (header.sh_flags & SHF_COMPRESSED))
		return none;
	data = elf_rawdata(scn, NULL);
	if (!data || !data->d_buf || data->d_size > header.sh_size)
		return none;
	return (struct wpp_span){ data->d_buf, data->d_size };
}

int wpp_elf_section(const struct wpp_elf *e, const char *name, int after, struct wpp_span *content)
{
	Elf_Scn *scn = after ? elf_getscn(e->elf, after) : NULL;
	const char *found;
	GElf_Shdr header;

	while ((scn = elf_nextscn(e->elf, scn))) {
		if (!gelf_getshdr(scn, &header))
			continue;
		found = elf_strptr(e->elf, e->names, header.sh_name);
		if (!found || strcmp(found, name))
			continue;
		*content = content_of(scn);
		if (content->data)
			return elf_ndxscn(scn);
	}
	return -1;
}

/* ---- relocations ------------------------------------------------------------------- */

static bool resolve(Elf_Data *symbols, size_t index, uint64_t addend, struct slot *slot)
{
	GElf_Sym symbol;

	if (index > INT32_MAX || !gelf_getsym(symbols, index, &symbol) ||
	    symbol.st_shndx == SHN_UNDEF || symbol.st_shndx >= SHN_LORESERVE)
		return false;
	slot->section = symbol.st_shndx;
	slot->at = symbol.st_value + addend;
	return true;
}

/* Relocation @i of @data.  With REL the addend lies in the section itself. */
static bool read_slot(const struct wpp_elf *e, const struct wpp_span *content, Elf_Data *data,
		      bool rela, size_t i, Elf_Data *symbols, struct slot *slot)
{
	GElf_Rela with;
	GElf_Rel without;

	if (rela) {
		if (!gelf_getrela(data, i, &with))
			return false;
		slot->offset = with.r_offset;
		return resolve(symbols, GELF_R_SYM(with.r_info), with.r_addend, slot);
	}
	if (!gelf_getrel(data, i, &without) || content->size < e->pointer_size ||
	    without.r_offset > content->size - e->pointer_size)
		return false;
	slot->offset = without.r_offset;
	return resolve(symbols, GELF_R_SYM(without.r_info),
		       load_pointer(e, content->data + without.r_offset), slot);
}

static void take_relocations(struct wpp_elf *e, Elf_Scn *scn, const GElf_Shdr *header,
			     const struct wpp_span *content)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	Elf_Data *symbols = elf_getdata(elf_getscn(e->elf, header->sh_link), NULL);
	bool rela = header->sh_type == SHT_RELA;
	size_t count, i;
	struct slot *more;

	if (!data || !symbols || symbols->d_type != ELF_T_SYM ||
	    data->d_type != (rela ? ELF_T_RELA : ELF_T_REL) || !header->sh_entsize)
		return;
	count = data->d_size / gelf_fsize(e->elf, data->d_type, 1, EV_CURRENT);
	if (count > content->size)	/* not one a byte */
		return;
	more = reallocarray(e->slots, e->slot_count + count, sizeof(*more));
	if (!more)
		return;
	e->slots = more;
	for (i = 0; i < count; i++)
		if (read_slot(e, content, data, rela, i, symbols, &e->slots[e->slot_count]))
			e->slot_count++;
}

static int by_offset(const void *a, const void *b)
{
	const struct slot *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* Finds the relocations of @section, once. */
static void load_relocations(struct wpp_elf *e, int section)
{
	struct wpp_span content = content_of(elf_getscn(e->elf, section));
	Elf_Scn *scn = NULL;
	GElf_Shdr header;

	free(e->slots);
	e->slots = NULL;
	e->slot_count = 0;
	e->section = section;
	while ((scn = elf_nextscn(e->elf, scn)))
		if (gelf_getshdr(scn, &header) && header.sh_info == (GElf_Word)section &&
		    (header.sh_type == SHT_RELA || header.sh_type == SHT_REL))
			take_relocations(e, scn, &header, &content);
	if (e->slot_count)
		qsort(e->slots, e->slot_count, sizeof(*e->slots), by_offset);
}

struct wpp_span wpp_elf_target(struct wpp_elf *e, int section, size_t offset)
{
	struct wpp_span none = { NULL, 0 }, content;
	struct slot key = { .offset = offset }, *slot;

	if (e->section != section)
		load_relocations(e, section);
	if (!e->slot_count)
		return none;
	slot = bsearch(&key, e->slots, e->slot_count, sizeof(*e->slots), by_offset);
	if (!slot)
		return none;
	content = content_of(elf_getscn(e->elf, slot->section));
	if (!content.data || slot->at >= content.size)
		return none;
	content.data += slot->at;
	content.size -= slot->at;
	return content;
}
