/* A guest hypervisor for AMD's SVM: a table of scenarios, each of which runs a guest of its own, or executes SVM instructions, and prints what happened.
 *
 * Everything is by the AMD64 Architecture Programmer's Manual, vol. 2, chapter 15 and appendices B and C. What processors may do differently is not printed.
 */
#ifndef SVM_H
#define SVM_H

#include "hypervisor.h"

/* Offsets into a VMCB: the control area (APM vol. 2, table B-1). */
enum vmcb_control {
    CR_INTERCEPTS = 0x000, DR_INTERCEPTS = 0x004, EXCEPTION_INTERCEPTS = 0x008, INTERCEPTS_1 = 0x00C, INTERCEPTS_2 = 0x010,
    IO_MAP = 0x040, MSR_MAP = 0x048, TSC_OFFSET = 0x050, GUEST_ASID = 0x058, TLB_CONTROL = 0x05C, VIRTUAL_INTERRUPT = 0x060,
    VIRTUAL_VECTOR = 0x064, INTERRUPT_SHADOW = 0x068, EXIT_CODE = 0x070, EXIT_INFO_1 = 0x078, EXIT_INFO_2 = 0x080, EXIT_EVENT = 0x088,
    NESTED_PAGING = 0x090, EVENT_INJECTION = 0x0A8, NESTED_CR3 = 0x0B0, CLEAN_BITS = 0x0C0,
};
/* ... and the state-save area (table B-2). A segment is selector, attributes (16 bits each), limit, base (64 bits). */
enum vmcb_state {
    SAVE_ES = 0x400, SAVE_CS = 0x410, SAVE_SS = 0x420, SAVE_DS = 0x430, SAVE_FS = 0x440, SAVE_GS = 0x450, SAVE_GDTR = 0x460, SAVE_LDTR = 0x470,
    SAVE_IDTR = 0x480, SAVE_TR = 0x490, SAVE_CPL = 0x4CB, SAVE_EFER = 0x4D0, SAVE_CR4 = 0x548, SAVE_CR3 = 0x550, SAVE_CR0 = 0x558,
    SAVE_DR7 = 0x560, SAVE_DR6 = 0x568, SAVE_RFLAGS = 0x570, SAVE_RIP = 0x578, SAVE_RSP = 0x5D8, SAVE_RAX = 0x5F8, SAVE_SYSENTER_CS = 0x628,
    SAVE_SYSENTER_ESP = 0x630, SAVE_SYSENTER_EIP = 0x638, SAVE_CR2 = 0x640, SAVE_PAT = 0x668,
};

/* Intercepts of the first and the second vector. */
#define I1_INTR (1u << 0)
#define I1_VINTR (1u << 4)
#define I1_CR0_SELECTIVE (1u << 5)
#define I1_TABLES (0xFFu << 6)
#define I1_RDTSC (1u << 14)
#define I1_RDPMC (1u << 15)
#define I1_PUSHF (1u << 16)
#define I1_POPF (1u << 17)
#define I1_CPUID (1u << 18)
#define I1_IRET (1u << 20)
#define I1_INT (1u << 21)
#define I1_INVD (1u << 22)
#define I1_PAUSE (1u << 23)
#define I1_HLT (1u << 24)
#define I1_INVLPG (1u << 25)
#define I1_INVLPGA (1u << 26)
#define I1_IO (1u << 27)
#define I1_MSR (1u << 28)
#define I1_TASK (1u << 29)
#define I1_SHUTDOWN (1u << 31)
#define I2_VMRUN (1u << 0)
#define I2_VMMCALL (1u << 1)
#define I2_ALL 0x7Fu /* VMRUN, VMMCALL, VMLOAD, VMSAVE, STGI, CLGI, SKINIT */
#define I2_ICEBP (1u << 8)
#define I2_WBINVD (1u << 9)

enum exit_code {
    EXIT_CR_READ = 0x00, EXIT_CR_WRITE = 0x10, EXIT_DR_READ = 0x20, EXIT_DR_WRITE = 0x30, EXIT_EXCEPTION = 0x40, EXIT_INTR = 0x60,
    EXIT_VINTR = 0x64, EXIT_CR0_SELECTIVE = 0x65, EXIT_TABLE_READ = 0x66, EXIT_TABLE_WRITE = 0x6A, EXIT_RDTSC = 0x6E, EXIT_RDPMC = 0x6F,
    EXIT_PUSHF = 0x70, EXIT_POPF = 0x71, EXIT_CPUID = 0x72, EXIT_IRET = 0x74, EXIT_INT = 0x75, EXIT_INVD = 0x76, EXIT_PAUSE = 0x77, EXIT_HLT = 0x78,
    EXIT_INVLPG = 0x79, EXIT_INVLPGA = 0x7A, EXIT_IO = 0x7B, EXIT_MSR = 0x7C, EXIT_TASK = 0x7D, EXIT_SHUTDOWN = 0x7F, EXIT_VMRUN = 0x80,
    EXIT_VMMCALL = 0x81, EXIT_SKINIT = 0x86, EXIT_ICEBP = 0x88, EXIT_WBINVD = 0x89, EXIT_NESTED_FAULT = 0x400,
};

#define MSR_EFER 0xC0000080u
#define EFER_SVME 0x1000u
#define MSR_VM_CR 0xC0010114u
#define MSR_HOST_SAVE 0xC0010117u

/* --- VMCBs (vmcb.c) --- */
extern u8 vmcb[4096], host_vmcb[4096], other_vmcb[4096], io_map[3 * 4096], msr_map[2 * 4096];
extern u32 svm_features;
static inline u32 get(u32 offset) { return *(volatile u32 *)(vmcb + offset); }
static inline void set(u32 offset, u32 value) { *(volatile u32 *)(vmcb + offset) = value; }
static inline void or(u32 offset, u32 bits) { set(offset, get(offset) | bits); }
static inline void and_not(u32 offset, u32 bits) { set(offset, get(offset) & ~bits); }
void set_segment(u32 offset, u32 selector, u32 rights, u32 limit, u32 base);
void make_vmcb(const void *entry);
void guest_in_ring_3(void);
void vm_run(struct guest_registers *r, u32 vmcb_address); /* machine.S; between CLGI and STGI */

/* --- nested paging: tables of 32-bit entries, as the host pages without PAE --- */
void nested_identity(void);
u32 *nested_entry(u32 address);

/* --- scenarios --- */
enum action { DEFAULT = 0, GO, SKIP, STOP };
enum need { NEED_NESTED = 1 };
struct scenario {
    const char *name;
    const u8 *code;                  /* the guest; null: setup is all there is */
    void (*setup)(void);
    enum action (*handle)(u32 code); /* null: default_action */
    u32 needs;
};
void run_guest(const struct scenario *scenario);
enum action default_action(u32 code);
u32 instruction_length(u32 code);
void report_exit(u32 code);
extern const struct scenario instruction_scenarios[], check_scenarios[], exit_scenarios[], event_scenarios[], memory_scenarios[], last_scenarios[];

#endif
