/* Extended page tables: an identity mapping of all memory, page by page, that scenarios change. */
#include "vmx.h"

u64 ept_root[512] __attribute__((aligned(4096))), ept_gigabytes[512] __attribute__((aligned(4096)));
u64 ept_regions[512] __attribute__((aligned(4096))), ept_entries[32][512] __attribute__((aligned(4096)));

#define WRITE_BACK 6u
#define CAPABILITY_WRITE_BACK (1u << 14)

u64 *ept_entry(u32 address) { return &ept_entries[address >> 21][address >> 12 & 511]; }

u64 ept_pointer(void) { return (u32)ept_root | 3 << 3 | (ept_capabilities & CAPABILITY_WRITE_BACK ? WRITE_BACK : 0); }

/* Regions of 2 MiB that hold the guest's pages stay split. */
void ept_identity(int large)
{
    u32 type = ept_capabilities & CAPABILITY_WRITE_BACK ? WRITE_BACK << 3 : 0;
    memset(ept_root, 0, sizeof ept_root);
    memset(ept_gigabytes, 0, sizeof ept_gigabytes);
    memset(ept_regions, 0, sizeof ept_regions);
    ept_root[0] = (u32)ept_gigabytes | 7;
    ept_gigabytes[0] = (u32)ept_regions | 7;
    for (u32 region = 0; region < MEMORY_SIZE >> 21; region++)
    {
        for (u32 page = 0; page < 512; page++)
            ept_entries[region][page] = region << 21 | page << 12 | type | 7;
        ept_regions[region] = large && (region < (u32)pages >> 21 || region > ((u32)pages + sizeof pages - 1) >> 21) ? (region << 21 | 0x80 | type | 7) : ((u32)ept_entries[region] | 7);
    }
    set64(EPT_POINTER, ept_pointer());
    secondary_set(SEC_EPT);
    ept_flush();
}

/* All mappings if that is offered, otherwise those of this pointer. */
void ept_flush(void)
{
    u64 descriptor[2] = { ept_pointer(), 0 };
    if (ept_capabilities >> 20 & 1)
        inv_ept(ept_capabilities >> 26 & 1 ? 2 : 1, descriptor);
}
