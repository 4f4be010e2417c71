/* A guest hypervisor: a table of scenarios, each of which runs a guest of its own, or executes one VMX instruction, and prints what happened.
 *
 * Everything is by the Intel SDM, vol. 3, chapters 23-30 and appendices A-C. What processors may do differently is not printed.
 */
#ifndef VMX_H
#define VMX_H

#include "fields.h"
#include "hypervisor.h"

/* What the tests write into an image (found by its mark): the first seed of the random mode, how many, how many fields each changes.
 * No seeds: the scenarios; seeds without fields: traces. */
struct settings {
    char mark[16];
    u32 first_seed, seeds, fields;
};
extern volatile struct settings settings;

/* --- VMX instructions, each with its outcome --- */
enum outcome { DONE = 0, FAIL_INVALID = 1, FAIL_VALID = 2 }; /* or vector + 256 */
u32 vmx_on(u64 address);
u32 vmx_on_at(const u64 *operand);
u32 vmx_off(void);
u32 vmcs_clear(u64 address);
u32 vmcs_clear_at(const u64 *operand);
u32 vmcs_load(u64 address);
u32 vmcs_load_at(const u64 *operand);
u32 vmcs_store(u64 *address);
u32 vm_read(u32 field, u32 *value);
u32 vm_write(u32 field, u32 value);
u32 vm_write_at(u32 field, const u32 *operand);
u32 vm_call(void);
u32 vm_launch(void);
u32 vm_resume(void);
u32 inv_ept(u32 type, const u64 descriptor[2]);
u32 inv_vpid(u32 type, const u64 descriptor[2]);
void say_outcome(const char *what, u32 outcome); /* one line, with the instruction error of VMfailValid */

/* --- VMCS and controls (vmcs.c) --- */
extern u8 vmxon_region[4096], vmcs_a[4096], vmcs_b[4096];
extern u8 io_bitmaps[2][4096], msr_bitmap[4096], virtual_apic[4096];
extern struct msr_entry { u32 index, reserved, low, high; } msr_area[3][4];
extern u64 basic_msr, ept_capabilities, misc_msr;
void read_capabilities(void);
u32 address_bits(void);  /* of the VMXON region, VMCSs, bitmaps and areas */
u32 physical_bits(void); /* of memory: EPT */
int pin_offers(u32 bits);
int primary_offers(u32 bits);
int secondary_offers(u32 bits);
u32 get(u32 field);
void set(u32 field, u32 value);
void set64(u32 field, u64 value);
void pin_set(u32 bits);
void primary_set(u32 bits);
void primary_clear(u32 bits);
void secondary_set(u32 bits);
void prepare_region(u8 *region);
void make_vmcs(const void *entry); /* vmcs_a cleared, current, and complete */
void guest_in_ring_3(void); /* changes the VMCS */
u64 control_capability(u32 field); /* allowed 0 settings in the low half, allowed 1 settings in the high */
u32 adjust(u32 field, u32 wanted);

/* --- entry and exit (machine.S) --- */
u32 vm_enter(struct guest_registers *r, u32 resume);
extern u8 vm_exit[];

/* --- EPT (ept.c) --- */
extern u64 ept_root[512], ept_entries[32][512], ept_regions[512], ept_gigabytes[512];
void ept_identity(int large); /* builds the tables, switches EPT on */
u64 *ept_entry(u32 address);
u64 ept_pointer(void);
void ept_flush(void);

/* --- scenarios --- */
enum action { DEFAULT = 0, GO, SKIP, STOP };
enum need {
    NEED_EPT = 1, NEED_UNRESTRICTED = 2, NEED_TIMER = 4, NEED_VIRTUAL_NMI = 8, NEED_VPID = 16, NEED_DESCRIPTOR = 32, NEED_EPT_2M = 64,
    NEED_EPT_AD = 128, NEED_HLT_ACTIVITY = 256, NEED_TRAP_FLAG = 512, NEED_EXECUTE_ONLY = 1024, NEED_TPR_SHADOW = 2048,
    NEED_SHUTDOWN_ACTIVITY = 4096,
};
struct scenario {
    const char *name;
    const u8 *code;                   /* the guest; null: setup is all there is */
    void (*setup)(void);
    enum action (*handle)(u32 reason); /* null: default_action */
    u32 needs;
};
int offered(u32 needs);
void run_guest(const struct scenario *scenario);
enum action default_action(u32 reason);
enum action show_resume_flag(u32 reason); /* reports every exit but VMCALL with RFLAGS.RF, and goes on (events.c) */
void skip_instruction(void);
void report_exit(u32 reason);
void run_random(void);
void run_traces(void);
extern u32 information_ignored; /* for traces: bits of the instruction information that are not reported */

extern const struct scenario instruction_scenarios[], field_scenarios[], exit_scenarios[], register_scenarios[], io_scenarios[],
    event_scenarios[], injection_scenarios[], check_scenarios[], ept_scenarios[], mode_scenarios[], kernel_scenarios[], task_scenarios[];

#endif
