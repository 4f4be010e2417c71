/* Checks on the guest-state area (SDM vol. 3, 26.3.1). */
#include "checks.h"

#define EVENT_TO(value) { ENTRY_EVENT, TO, 0x80000000u | (value) }

static void debug_controls(void) { set(ENTRY_CONTROLS, get(ENTRY_CONTROLS) | ENTRY_LOAD_DEBUG); }
static void no_debug_controls(void) { set(ENTRY_CONTROLS, get(ENTRY_CONTROLS) & ~ENTRY_LOAD_DEBUG); }
static int debug_controls_must_load(void) { return (u32)control_capability(ENTRY_CONTROLS) & ENTRY_LOAD_DEBUG ? 1 : 0; }

const struct check guest_register_checks[] = {
    { "CR0.NE clear", "33", { { GUEST_CR0, WITHOUT, 0x20 } } },
    { "CR0.PG clear", "33", { { GUEST_CR0, WITHOUT, 1u << 31 } } },
    { "CR0.PE clear", "33", { { GUEST_CR0, WITHOUT, 1 } } },
    { "CR0.PE clear, CR0.PG set, unrestricted", "33", { { GUEST_CR0, WITHOUT, 1 } }, .needs = NEED_UNRESTRICTED },
    { "CR0.PG clear, unrestricted", "ok", { { GUEST_CR0, WITHOUT, 1u << 31 } }, .needs = NEED_UNRESTRICTED },
    { "CR0.NE clear, unrestricted", "33", { { GUEST_CR0, WITHOUT, 0x20 } }, .needs = NEED_UNRESTRICTED },
    { "CR0.NW set, CR0.CD clear", "ok", { { GUEST_CR0, OR, 1 << 29 } } },
    { "CR0.WP, CR0.AM and CR0.TS set", "ok", { { GUEST_CR0, OR, 0x50008 } } },
    { "CR4.VMXE clear", "33", { { GUEST_CR4, WITHOUT, 0x2000 } } },
    { "CR4 bit 31", "33", { { GUEST_CR4, OR, 1u << 31 } } },
    { "CR4 bit 15", "33", { { GUEST_CR4, OR, 1u << 15 } } },
    { "DEBUGCTL bit 20", "33", { { GUEST_DEBUGCTL, OR, 1 << 20 } }, .before = debug_controls },
    { "DEBUGCTL bit 63", "33", { { GUEST_DEBUGCTL + 1, OR, 1u << 31 } }, .before = debug_controls },
    { "DEBUGCTL bit 20, not loaded", "ok", { { GUEST_DEBUGCTL, OR, 1 << 20 } }, .before = no_debug_controls, .unless = debug_controls_must_load },
    { "RFLAGS bit 1 clear", "33", { { GUEST_RFLAGS, WITHOUT, 2 } } },
    { "RFLAGS bit 3", "33", { { GUEST_RFLAGS, OR, 8 } } },
    { "RFLAGS bit 5", "33", { { GUEST_RFLAGS, OR, 0x20 } } },
    { "RFLAGS bit 15", "33", { { GUEST_RFLAGS, OR, 0x8000 } } },
    { "RFLAGS bit 22", "33", { { GUEST_RFLAGS, OR, 1 << 22 } } },
    { "RFLAGS bit 31", "33", { { GUEST_RFLAGS, OR, 1u << 31 } } },
    { "RFLAGS.VM", "33", { { GUEST_RFLAGS, OR, 1 << 17 } } },
    { "every other flag but TF", "ok", { { GUEST_RFLAGS, OR, 0x3D7ED7 & ~0x20100 } } },
    { "external interrupt, RFLAGS.IF clear", "33", { EVENT_TO(0x20) } },
    { 0 } };

/* Of a data segment register: null where it is unusable. */
#define DATA_CHECKS(name, segment) \
    { name " not accessed", "33", { { segment##_RIGHTS, TO, 0xC092 } } }, \
    { name " code, not readable", "33", { { segment##_RIGHTS, TO, 0xC099 } } }, \
    { name " code, readable", "ok", { { segment##_RIGHTS, TO, 0xC09B } } }, \
    { name " read-only", "ok", { { segment##_RIGHTS, TO, 0xC091 } } }, \
    { name " of the system", "33", { { segment##_RIGHTS, TO, 0xC083 } } }, \
    { name " absent", "33", { { segment##_RIGHTS, TO, 0xC013 } } }, \
    { name " DPL 0, RPL 3", "33", { { segment, OR, 3 } } }, \
    { name " DPL 3, RPL 3", "ok", { { segment, OR, 3 }, { segment##_RIGHTS, OR, 0x60 } } }, \
    { name " conforming, DPL 0, RPL 3", "ok", { { segment, OR, 3 }, { segment##_RIGHTS, TO, 0xC09F } } }, \
    { name " rights bit 8", "33", { { segment##_RIGHTS, OR, 0x100 } } }, \
    { name " rights bit 17", "33", { { segment##_RIGHTS, OR, 1 << 17 } } }, \
    { name " rights bit 31", "33", { { segment##_RIGHTS, OR, 1u << 31 } } }, \
    { name " granular, limit's low bits clear", "33", { { segment##_LIMIT, TO, 0xFFFFF000 } } }, \
    { name " not granular, limit's high bits set", "33", { { segment##_RIGHTS, WITHOUT, 0x8000 } } }, \
    { name " not granular, limit 0xFFFFF", "ok", { { segment##_RIGHTS, WITHOUT, 0x8000 }, { segment##_LIMIT, TO, 0xFFFFF } } }, \
    { name " unusable, nothing right", "ok", { { segment##_RIGHTS, TO, 0x10000 }, { segment, TO, 3 }, { segment##_LIMIT, TO, 0xF0000000 } } }

#define V86 { GUEST_RFLAGS, OR, 1 << 17 }
static void virtual_8086(void)
{
    for (u32 i = 0; i < 12; i += 2)
    {
        set(GUEST_ES + i, 0x1000);
        set(GUEST_ES_BASE + i, 0x10000);
        set(GUEST_ES_LIMIT + i, 0xFFFF);
        set(GUEST_ES_RIGHTS + i, 0xF3);
    }
    set(GUEST_CS, LOW_CODE >> 4);
    set(GUEST_CS_BASE, LOW_CODE);
    set(GUEST_RIP, 0);
    memcpy((void *)LOW_CODE, "\x66\xB8\x44\x4E\x45\x00\x0F\x01\xC1", 9); /* mov eax, END; vmcall */
    set(GUEST_RFLAGS, 0x20002);
}

static void local_table(void)
{
    set(GUEST_LDTR, 0x50);
    set(GUEST_LDTR_LIMIT, 0xFF);
    set(GUEST_LDTR_RIGHTS, 0x82);
}

const struct check guest_segment_checks[] = {
    { "CS not accessed", "33", { { GUEST_CS_RIGHTS, TO, 0xC09A } } },
    { "CS not readable", "ok", { { GUEST_CS_RIGHTS, TO, 0xC099 } } },
    { "CS conforming", "ok", { { GUEST_CS_RIGHTS, TO, 0xC09F } } },
    { "CS data", "33", { { GUEST_CS_RIGHTS, TO, 0xC093 } } },
    { "CS data, unrestricted", "ok", { { GUEST_CS_RIGHTS, TO, 0xC093 } }, .needs = NEED_UNRESTRICTED },
    { "CS data of DPL 3, unrestricted", "33", { { GUEST_CS_RIGHTS, TO, 0xC0F3 } }, .needs = NEED_UNRESTRICTED },
    { "CS expand-down data, unrestricted", "33", { { GUEST_CS_RIGHTS, TO, 0xC097 } }, .needs = NEED_UNRESTRICTED },
    { "CS of the system", "33", { { GUEST_CS_RIGHTS, TO, 0xC08B } } },
    { "CS absent", "33", { { GUEST_CS_RIGHTS, TO, 0xC01B } } },
    { "CS DPL 3, SS DPL 0", "33", { { GUEST_CS_RIGHTS, OR, 0x60 } } },
    { "CS conforming, DPL 1, SS DPL 0", "33", { { GUEST_CS_RIGHTS, TO, 0xC0BF } } },
    { "CS rights bit 9", "33", { { GUEST_CS_RIGHTS, OR, 0x200 } } },
    { "CS rights bit 20", "33", { { GUEST_CS_RIGHTS, OR, 1 << 20 } } },
    { "CS granular, limit's low bits clear", "33", { { GUEST_CS_LIMIT, TO, 0xFFFF0000 } } },
    { "CS not granular, limit's high bits set", "33", { { GUEST_CS_RIGHTS, WITHOUT, 0x8000 } } },
    { "CS RPL 3", "33", { { GUEST_CS, OR, 3 } } },
    { "SS RPL 3", "33", { { GUEST_SS, OR, 3 } } },
    { "SS RPL 3, unrestricted", "ok", { { GUEST_SS, OR, 3 } }, .needs = NEED_UNRESTRICTED },
    { "SS DPL 3", "33", { { GUEST_SS_RIGHTS, OR, 0x60 } } },
    { "SS read-only", "33", { { GUEST_SS_RIGHTS, TO, 0xC091 } } },
    { "SS expand-down", "ok", { { GUEST_SS_RIGHTS, TO, 0xC097 }, { GUEST_SS_LIMIT, TO, 0xFFF } } },
    { "SS code", "33", { { GUEST_SS_RIGHTS, TO, 0xC09B } } },
    { "SS not accessed", "33", { { GUEST_SS_RIGHTS, TO, 0xC092 } } },
    { "SS absent", "33", { { GUEST_SS_RIGHTS, TO, 0xC013 } } },
    { "SS unusable", "ok", { { GUEST_SS_RIGHTS, TO, 0x10000 } } },
    { "ring 3", "ok", { { GUEST_CS, TO, USER_CODE }, { GUEST_SS, TO, USER_DATA }, { GUEST_CS_RIGHTS, TO, 0xC0FB }, { GUEST_SS_RIGHTS, TO, 0xC0F3 } } },
    { "ring 3, CS DPL 2", "33", { { GUEST_CS, TO, USER_CODE }, { GUEST_SS, TO, USER_DATA }, { GUEST_CS_RIGHTS, TO, 0xC0DB }, { GUEST_SS_RIGHTS, TO, 0xC0F3 } } },
    DATA_CHECKS("DS", GUEST_DS), DATA_CHECKS("ES", GUEST_ES), DATA_CHECKS("FS", GUEST_FS), DATA_CHECKS("GS", GUEST_GS),
    { "TR with TI", "33", { { GUEST_TR, OR, 4 } } },
    { "TR null", "ok", { { GUEST_TR, TO, 0 } } },
    { "TR available", "33", { { GUEST_TR_RIGHTS, TO, 0x89 } } },
    { "TR 16 bits, busy", "ok", { { GUEST_TR_RIGHTS, TO, 0x83 } } },
    { "TR 16 bits, available", "33", { { GUEST_TR_RIGHTS, TO, 0x81 } } },
    { "TR not of the system", "33", { { GUEST_TR_RIGHTS, TO, 0x9B } } },
    { "TR absent", "33", { { GUEST_TR_RIGHTS, TO, 0x0B } } },
    { "TR unusable", "33", { { GUEST_TR_RIGHTS, OR, 0x10000 } } },
    { "TR rights bit 8", "33", { { GUEST_TR_RIGHTS, OR, 0x100 } } },
    { "TR rights bit 17", "33", { { GUEST_TR_RIGHTS, OR, 1 << 17 } } },
    { "TR granular, limit's low bits clear", "33", { { GUEST_TR_RIGHTS, OR, 0x8000 } } },
    { "TR not granular, limit's high bits set", "33", { { GUEST_TR_LIMIT, OR, 1 << 20 } } },
    { "LDTR usable", "ok", .before = local_table },
    { "LDTR with TI", "33", { { GUEST_LDTR, OR, 4 } }, .before = local_table },
    { "LDTR with TI, unusable", "ok", { { GUEST_LDTR, OR, 4 } } },
    { "LDTR of type 3", "33", { { GUEST_LDTR_RIGHTS, TO, 0x83 } }, .before = local_table },
    { "LDTR not of the system", "33", { { GUEST_LDTR_RIGHTS, OR, 0x10 } }, .before = local_table },
    { "LDTR absent", "33", { { GUEST_LDTR_RIGHTS, TO, 0x02 } }, .before = local_table },
    { "LDTR rights bit 10", "33", { { GUEST_LDTR_RIGHTS, OR, 0x400 } }, .before = local_table },
    { "LDTR granular, limit's low bits clear", "33", { { GUEST_LDTR_RIGHTS, OR, 0x8000 }, { GUEST_LDTR_LIMIT, TO, 0xF00 } }, .before = local_table },
    { "virtual-8086", "ok", .before = virtual_8086 },
    { "virtual-8086, CS base", "33", { { GUEST_CS_BASE, OR, 0x10 } }, .before = virtual_8086 },
    { "virtual-8086, SS base", "33", { { GUEST_SS_BASE, OR, 1 } }, .before = virtual_8086 },
    { "virtual-8086, DS limit", "33", { { GUEST_DS_LIMIT, TO, 0xFFFFF } }, .before = virtual_8086 },
    { "virtual-8086, ES limit", "33", { { GUEST_ES_LIMIT, TO, 0xFFFE } }, .before = virtual_8086 },
    { "virtual-8086, FS rights", "33", { { GUEST_FS_RIGHTS, TO, 0x93 } }, .before = virtual_8086 },
    { "virtual-8086, GS unusable", "33", { { GUEST_GS_RIGHTS, OR, 0x10000 } }, .before = virtual_8086 },
    { "virtual-8086, CS rights", "33", { { GUEST_CS_RIGHTS, TO, 0xFB } }, .before = virtual_8086 },
    { "GDTR limit", "33", { { GUEST_GDTR_LIMIT, OR, 1 << 16 } } },
    { "IDTR limit", "33", { { GUEST_IDTR_LIMIT, OR, 1u << 31 } } },
    { 0 } };

#define STI_BLOCKING 1
#define MOV_SS_BLOCKING 2
#define SMI_BLOCKING 4
#define NMI_BLOCKING 8
#define IF { GUEST_RFLAGS, OR, 0x200 }
static int halts(void) { return !(misc_msr >> 6 & 1); }
static int no_halts(void) { return !halts(); }
static int no_shutdown(void) { return !(misc_msr >> 7 & 1); }
static int no_sipi(void) { return !(misc_msr >> 8 & 1); }
static void virtual_nmis(void) { pin_set(PIN_NMI | PIN_VIRTUAL_NMI); }
static void link_to(u64 address) { set64(LINK_POINTER, address); }
static void link_to_b(void) { prepare_region(vmcs_b); link_to((u32)vmcs_b); }
static void link_misaligned(void) { prepare_region(vmcs_b); link_to((u32)vmcs_b + 8); }
static void link_beyond(void) { prepare_region(vmcs_b); link_to(1ull << 63 | (u32)vmcs_b); }
static void link_other_revision(void) { prepare_region(vmcs_b); *(u32 *)vmcs_b ^= 1; link_to((u32)vmcs_b); }
static void link_to_current(void) { link_to((u32)vmcs_a); }
static void pae(void)
{
    u64 *pointers = (u64 *)pages[8], *directory = (u64 *)pages[9];
    pointers[0] = (u32)directory | 1;
    pointers[1] = pointers[2] = pointers[3] = 0;
    for (u32 i = 0; i < MEMORY_SIZE >> 21; i++)
        directory[i] = i << 21 | 0x87;
    set(GUEST_CR3, (u32)pointers);
    set(GUEST_CR4, 0x2030);
    if (secondary_offers(SEC_EPT))
        for (u32 i = 0; i < 4; i++)
            set64(GUEST_PDPTE0 + 2 * i, pointers[i]);
}
static void pae_reserved(void) { pae(); ((u64 *)pages[8])[2] = 3; }
static void pae_beyond(void) { pae(); ((u64 *)pages[8])[0] |= 1ull << 62; }
static void pae_absent(void) { pae(); ((u64 *)pages[8])[3] = 0x1E6; }

const struct check guest_other_checks[] = {
    { "activity 4", "33", { { GUEST_ACTIVITY, TO, 4 } } },
    { "activity bit 31", "33", { { GUEST_ACTIVITY, TO, 1u << 31 } } },
    { "HLT where it is not offered", "33", { { GUEST_ACTIVITY, TO, 1 } }, .unless = no_halts },
    { "HLT in ring 3", "33", { { GUEST_ACTIVITY, TO, 1 }, { GUEST_CS, TO, USER_CODE }, { GUEST_SS, TO, USER_DATA }, { GUEST_CS_RIGHTS, TO, 0xC0FB },
        { GUEST_SS_RIGHTS, TO, 0xC0F3 } } },
    { "HLT with blocking by STI", "33", { { GUEST_ACTIVITY, TO, 1 }, { GUEST_INTERRUPTIBILITY, TO, STI_BLOCKING }, IF } },
    { "HLT with blocking by MOV SS", "33", { { GUEST_ACTIVITY, TO, 1 }, { GUEST_INTERRUPTIBILITY, TO, MOV_SS_BLOCKING } } },
    { "HLT and #PF", "33", { { GUEST_ACTIVITY, TO, 1 }, EVENT_TO(0xB0E) } },
    { "HLT and a software interrupt", "33", { { GUEST_ACTIVITY, TO, 1 }, EVENT_TO(0x440), { ENTRY_LENGTH, TO, 2 } } },
    { "HLT and an interrupt", "ok", { { GUEST_ACTIVITY, TO, 1 }, EVENT_TO(0x20), IF }, .unless = halts },
    { "HLT and an NMI", "ok", { { GUEST_ACTIVITY, TO, 1 }, EVENT_TO(0x202) }, .unless = halts },
    { "HLT and #DB", "ok", { { GUEST_ACTIVITY, TO, 1 }, EVENT_TO(0x301) }, .unless = halts },
    { "HLT and #MC", "ok", { { GUEST_ACTIVITY, TO, 1 }, EVENT_TO(0x312) }, .unless = halts },
    { "shutdown and an interrupt", "33", { { GUEST_ACTIVITY, TO, 2 }, EVENT_TO(0x20), IF } },
    { "shutdown and an NMI", "ok", { { GUEST_ACTIVITY, TO, 2 }, EVENT_TO(0x202) }, .unless = no_shutdown },
    { "shutdown with blocking by MOV SS", "33", { { GUEST_ACTIVITY, TO, 2 }, { GUEST_INTERRUPTIBILITY, TO, MOV_SS_BLOCKING } } },
    { "wait-for-SIPI and an interrupt", "33", { { GUEST_ACTIVITY, TO, 3 }, EVENT_TO(0x20), IF } },
    { "wait-for-SIPI and an NMI", "33", { { GUEST_ACTIVITY, TO, 3 }, EVENT_TO(0x202) }, .unless = no_sipi },
    { "interruptibility bit 5", "33", { { GUEST_INTERRUPTIBILITY, TO, 0x20 } } },
    { "interruptibility bit 31", "33", { { GUEST_INTERRUPTIBILITY, TO, 1u << 31 } } },
    { "blocking by STI and MOV SS", "33", { { GUEST_INTERRUPTIBILITY, TO, STI_BLOCKING | MOV_SS_BLOCKING }, IF } },
    { "blocking by STI, IF clear", "33", { { GUEST_INTERRUPTIBILITY, TO, STI_BLOCKING } } },
    { "blocking by STI", "ok", { { GUEST_INTERRUPTIBILITY, TO, STI_BLOCKING }, IF } },
    { "blocking by MOV SS", "ok", { { GUEST_INTERRUPTIBILITY, TO, MOV_SS_BLOCKING } } },
    { "blocking by SMI", "33", { { GUEST_INTERRUPTIBILITY, TO, SMI_BLOCKING } } },
    { "blocking by NMI", "ok", { { GUEST_INTERRUPTIBILITY, TO, NMI_BLOCKING } } },
    { "interrupt with blocking by STI", "33", { { GUEST_INTERRUPTIBILITY, TO, STI_BLOCKING }, IF, EVENT_TO(0x20) } },
    { "interrupt with blocking by MOV SS", "33", { { GUEST_INTERRUPTIBILITY, TO, MOV_SS_BLOCKING }, IF, EVENT_TO(0x20) } },
    { "NMI with blocking by MOV SS", "33", { { GUEST_INTERRUPTIBILITY, TO, MOV_SS_BLOCKING }, EVENT_TO(0x202) } },
    { "NMI with blocking by NMI, virtual", "33", { { GUEST_INTERRUPTIBILITY, TO, NMI_BLOCKING }, EVENT_TO(0x202) }, .needs = NEED_VIRTUAL_NMI,
        .before = virtual_nmis },
    { "NMI with blocking by NMI", "ok", { { GUEST_INTERRUPTIBILITY, TO, NMI_BLOCKING }, EVENT_TO(0x202) } },
    { "software interrupt with blocking by MOV SS", "ok", { { GUEST_INTERRUPTIBILITY, TO, MOV_SS_BLOCKING }, EVENT_TO(0x440), { ENTRY_LENGTH, TO, 2 } } },
    { "pending debug bit 5", "33", { { GUEST_PENDING_DEBUG, TO, 0x20 } } },
    { "pending debug bit 13", "33", { { GUEST_PENDING_DEBUG, TO, 0x2000 } } },
    { "pending debug bit 31", "33", { { GUEST_PENDING_DEBUG, TO, 1u << 31 } } },
    { "pending single step without TF, blocked", "33", { { GUEST_PENDING_DEBUG, TO, 0x4000 }, { GUEST_INTERRUPTIBILITY, TO, MOV_SS_BLOCKING } } },
    { "TF without a pending single step, blocked", "33", { { GUEST_RFLAGS, OR, 0x100 }, { GUEST_INTERRUPTIBILITY, TO, MOV_SS_BLOCKING } } },
    { "TF without a pending single step, HLT", "33", { { GUEST_RFLAGS, OR, 0x300 }, { GUEST_ACTIVITY, TO, 1 } }, .unless = halts },
    { "link pointer to another VMCS", "ok", .before = link_to_b },
    { "link pointer misaligned", "33", .qualification = 4, .before = link_misaligned },
    { "link pointer beyond the physical addresses", "33", .qualification = 4, .before = link_beyond },
    { "link pointer, another revision", "33", .qualification = 4, .before = link_other_revision },
    { "link pointer to the current VMCS", "33", .qualification = 4, .before = link_to_current },
    { "PAE", "ok", .before = pae },
    { "PAE, reserved bit of a PDPTE", "33", .qualification = 2, .before = pae_reserved },
    { "PAE, PDPTE beyond the physical addresses", "33", .qualification = 2, .before = pae_beyond },
    { "PAE, reserved bits of an absent PDPTE", "ok", .before = pae_absent },
    { "PAE with EPT", "ok", .needs = NEED_EPT, .before = pae },
    { "PAE with EPT, reserved bit of a PDPTE", "33", { { GUEST_PDPTE1, TO, 3 } }, .qualification = 2, .needs = NEED_EPT, .before = pae },
    { "PAE with EPT, reserved bits of an absent PDPTE", "ok", { { GUEST_PDPTE3, TO, 0x1E6 } }, .needs = NEED_EPT, .before = pae },
    { 0 } };
