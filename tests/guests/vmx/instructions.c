/* VMX instructions outside VMX operation, in ring 3, and in root operation with each failure that can be provoked (SDM vol. 3, chapter 30). */
#include "vmx.h"

#define ABSENT 0x3C000000u /* linear, not mapped in the host */
#define VMXE 0x2000u

static u32 cr0(void) { u32 v; __asm__ volatile("movl %%cr0, %0" : "=r"(v)); return v; }
static u32 cr4(void) { u32 v; __asm__ volatile("movl %%cr4, %0" : "=r"(v)); return v; }

static void enter_operation(void)
{
    prepare_region(vmxon_region);
    vmx_on((u32)vmxon_region);
}

static void every_instruction(void)
{
    static const u64 descriptor[2];
    u64 pointer = 0;
    u32 value = 0;
    say_outcome("vmxoff", vmx_off());
    say_outcome("vmclear", vmcs_clear((u32)vmcs_a));
    say_outcome("vmptrld", vmcs_load((u32)vmcs_a));
    say_outcome("vmptrst", vmcs_store(&pointer));
    say_outcome("vmread", vm_read(GUEST_CS, &value));
    say_outcome("vmwrite", vm_write(GUEST_CS, 0));
    say_outcome("vmcall", vm_call());
    say_outcome("vmlaunch", vm_launch());
    say_outcome("vmresume", vm_resume());
    say_outcome("invept", inv_ept(2, descriptor));
    say_outcome("invvpid", inv_vpid(2, descriptor));
}

static void without_enable(void)
{
    vmx_off();
    write_cr4(cr4() & ~VMXE);
    prepare_region(vmxon_region);
    say_outcome("vmxon", vmx_on((u32)vmxon_region));
    every_instruction();
    write_cr4(cr4() | VMXE);
    enter_operation();
}

static void outside(void)
{
    vmx_off();
    every_instruction();
    enter_operation();
}

/* EBX: eight bytes that hold a pointer. Each ends with an instruction that faults if the first did not. */
#define USER(name, text) GUEST(name, text "\nhlt")
USER(user_vmxon, "vmxon (%ebx)");
USER(user_vmxoff, "vmxoff");
USER(user_vmclear, "vmclear (%ebx)");
USER(user_vmptrld, "vmptrld (%ebx)");
USER(user_vmptrst, "vmptrst (%ebx)");
USER(user_vmread, "movl $0x802, %eax\nvmread %eax, %ecx");
USER(user_vmwrite, "movl $0x802, %eax\nvmwrite %ecx, %eax");
USER(user_vmcall, "vmcall");
USER(user_vmlaunch, "vmlaunch");
USER(user_vmresume, "vmresume");
USER(user_invept, "movl $2, %eax\ninvept (%ebx), %eax");
USER(user_invvpid, "movl $2, %eax\ninvvpid (%ebx), %eax");

static const struct { const char *name; const u8 *code; } in_ring_3[] = {
    { "vmxon", user_vmxon }, { "vmxoff", user_vmxoff }, { "vmclear", user_vmclear }, { "vmptrld", user_vmptrld }, { "vmptrst", user_vmptrst },
    { "vmread", user_vmread }, { "vmwrite", user_vmwrite }, { "vmcall", user_vmcall }, { "vmlaunch", user_vmlaunch },
    { "vmresume", user_vmresume }, { "invept", user_invept }, { "invvpid", user_invvpid } };

static void ring_3(void)
{
    memset(host_page, 0, sizeof host_page);
    *(u64 *)host_page = (u32)vmcs_b;
    for (u32 i = 0; i < sizeof in_ring_3 / sizeof *in_ring_3; i++)
        say_outcome(in_ring_3[i].name, user_try(in_ring_3[i].code, (u32)host_page));
}

static void ring_3_outside(void)
{
    vmx_off();
    ring_3();
    enter_operation();
}

static void vmxon_failures(void)
{
    vmx_off();
    prepare_region(vmxon_region);
    say_outcome("misaligned", vmx_on((u32)vmxon_region + 8));
    say_outcome("beyond the physical addresses", vmx_on(1ull << 63 | (u32)vmxon_region));
    if (address_bits() < 63)
        say_outcome("just beyond the physical addresses", vmx_on(1ull << address_bits() | (u32)vmxon_region));
    *(u32 *)vmxon_region ^= 1;
    say_outcome("another revision", vmx_on((u32)vmxon_region));
    *(u32 *)vmxon_region ^= 0x80000001u;
    say_outcome("bit 31 of the revision", vmx_on((u32)vmxon_region));
    prepare_region(vmxon_region);
    write_cr0(cr0() & ~0x20u);
    say_outcome("CR0.NE clear", vmx_on((u32)vmxon_region));
    write_cr0(cr0() | 0x20);
    say_outcome("as demanded", vmx_on((u32)vmxon_region));
    say_outcome("again, without a current VMCS", vmx_on((u32)vmxon_region));
    prepare_region(vmcs_a);
    vmcs_clear((u32)vmcs_a);
    vmcs_load((u32)vmcs_a);
    say_outcome("again, with a current VMCS", vmx_on((u32)vmxon_region));
    say_outcome("again, misaligned", vmx_on((u32)vmxon_region + 8));
    say_outcome("vmxoff", vmx_off());
    say_outcome("vmxoff again", vmx_off());
    enter_operation();
}

static void fixed_bits(void)
{
    say_outcome("clear CR0.NE", write_cr0(cr0() & ~0x20u));
    say_outcome("clear CR0.PG", write_cr0(cr0() & ~0x80000000u));
    say_outcome("clear CR0.PG and CR0.PE", write_cr0(cr0() & ~0x80000001u));
    say_outcome("clear CR4.VMXE", write_cr4(cr4() & ~VMXE));
    say_outcome("set CR0.WP", write_cr0(cr0() | 0x10000));
    say_outcome("clear CR0.WP", write_cr0(cr0() & ~0x10000u));
    vmx_off();
    say_outcome("clear CR0.NE after vmxoff", write_cr0(cr0() & ~0x20u));
    say_outcome("set CR0.NE", write_cr0(cr0() | 0x20));
    enter_operation();
}

static void no_current(void)
{
    u64 pointer = 0;
    u32 value = 0;
    prepare_region(vmcs_a);
    vmcs_load((u32)vmcs_a);
    say_outcome("vmclear of the current", vmcs_clear((u32)vmcs_a));
    say_outcome("vmptrst", vmcs_store(&pointer));
    say("  pointer %x%x\n", (u32)(pointer >> 32), (u32)pointer);
    say_outcome("vmread", vm_read(GUEST_CS, &value));
    say_outcome("vmread of no field", vm_read(0x7FFE, &value));
    say_outcome("vmwrite", vm_write(GUEST_CS, 0));
    say_outcome("vmcall", vm_call());
    say_outcome("vmlaunch", vm_launch());
    say_outcome("vmresume", vm_resume());
    say_outcome("vmptrld misaligned", vmcs_load((u32)vmcs_a + 1));
    say_outcome("vmclear misaligned", vmcs_clear((u32)vmcs_a + 1));
}

static void vmclear_cases(void)
{
    u64 pointer = 0;
    prepare_region(vmcs_b);
    make_vmcs(vm_exit);
    say_outcome("misaligned", vmcs_clear((u32)vmcs_b + 0x10));
    say_outcome("beyond the physical addresses", vmcs_clear(1ull << 63 | (u32)vmcs_b));
    say_outcome("the VMXON region", vmcs_clear((u32)vmxon_region));
    say_outcome("another", vmcs_clear((u32)vmcs_b));
    vmcs_store(&pointer);
    say("  current %s\n", pointer == (u32)vmcs_a ? "kept" : "lost");
    *(u32 *)vmcs_b ^= 1;
    say_outcome("another revision", vmcs_clear((u32)vmcs_b));
    say_outcome("the current", vmcs_clear((u32)vmcs_a));
    vmcs_store(&pointer);
    say("  current %s\n", ~pointer ? "kept" : "lost");
}

static void vmptrld_cases(void)
{
    u64 pointer = 0;
    make_vmcs(vm_exit);
    prepare_region(vmcs_b);
    vmcs_clear((u32)vmcs_b);
    say_outcome("misaligned", vmcs_load((u32)vmcs_b + 0x800));
    say_outcome("beyond the physical addresses", vmcs_load(1ull << 63 | (u32)vmcs_b));
    say_outcome("the VMXON region", vmcs_load((u32)vmxon_region));
    *(u32 *)vmcs_b ^= 1;
    say_outcome("another revision", vmcs_load((u32)vmcs_b));
    vmcs_store(&pointer);
    say("  current %s\n", pointer == (u32)vmcs_a ? "kept" : "lost");
    *(u32 *)vmcs_b ^= 1;
    set(GUEST_RIP, 0x1234);
    say_outcome("another", vmcs_load((u32)vmcs_b));
    vmcs_store(&pointer);
    say("  current %s\n", pointer == (u32)vmcs_b ? "changed" : "not changed");
    set(GUEST_RIP, 0x5678);
    say_outcome("back", vmcs_load((u32)vmcs_a));
    say("  field %h", get(GUEST_RIP));
    vmcs_load((u32)vmcs_b);
    say(", of the other %h\n", get(GUEST_RIP));
    say_outcome("the same again", vmcs_load((u32)vmcs_b));
    vmcs_clear((u32)vmcs_b);
}

GUEST(stop_at_once, DONE_CALL);

static u32 entry(u32 resume)
{
    memset(&registers, 0, sizeof registers);
    return vm_enter(&registers, resume);
}

static void launch_state(void)
{
    make_vmcs(stop_at_once);
    origin = stop_at_once;
    say_outcome("vmresume of a clear VMCS", entry(1));
    say_outcome("vmlaunch of a clear VMCS", entry(0));
    report_exit(get(EXIT_REASON));
    set(GUEST_RIP, (u32)stop_at_once);
    say_outcome("vmlaunch of a launched VMCS", entry(0));
    say_outcome("vmresume of a launched VMCS", entry(1));
    report_exit(get(EXIT_REASON));
    vmcs_clear((u32)vmcs_a);
    vmcs_load((u32)vmcs_a);
    set(GUEST_RIP, (u32)stop_at_once);
    say_outcome("vmresume after vmclear", entry(1));
    set(GUEST_ACTIVITY, 77);
    say_outcome("vmlaunch with a bad guest", entry(0));
    report_exit(get(EXIT_REASON));
    set(GUEST_ACTIVITY, 0);
    say_outcome("vmresume after the failed entry", entry(1));
    set(HOST_CS, 1);
    say_outcome("vmlaunch with a bad host", entry(0));
    set(HOST_CS, HOST_CODE);
    say_outcome("vmresume after the failure", entry(1));
    say_outcome("vmlaunch", entry(0));
    report_exit(get(EXIT_REASON));
    vmcs_clear((u32)vmcs_a);
}

/* The entry is the instruction after MOV SS; a fault or a VM exit would be seen. */
static u32 entry_after_mov_ss(void)
{
    u32 failure = DONE;
    fault_vector = 0;
    __asm__ volatile("movl $2f, fault_resume\nmovl $0x10, %%eax\nmovl %%eax, %%ss\nvmlaunch\njc 1f\njz 3f\njmp 2f\n1: movl $1, %0\njmp 2f\n"
                     "3: movl $2, %0\n2: movl $0, fault_resume" : "+r"(failure) : : "eax", "memory", "cc");
    return fault_vector ? fault_vector : failure;
}

static void blocked_entry(void)
{
    make_vmcs(stop_at_once);
    say_outcome("after MOV SS", entry_after_mov_ss());
    set(PIN_CONTROLS, ~adjust(PIN_CONTROLS, 0));
    say_outcome("after MOV SS, bad controls", entry_after_mov_ss());
    say_outcome("bad controls", vm_launch());
    vmcs_clear((u32)vmcs_a);
}

#define STATUS 0x8D5u
/* The status flags an instruction leaves when all were set before, and when all were clear. */
#define FLAGS_OF(name, text, ...) do { \
    u32 set_before, clear_before; \
    __asm__ volatile("pushfl\npopl %%eax\norl $0x8D5, %%eax\npushl %%eax\npopfl\n" text "\npushfl\n" \
      "popl %0" : "=&r"(set_before) : __VA_ARGS__ : "eax", "memory", "cc"); \
    __asm__ volatile("pushfl\npopl %%eax\nandl $~0x8D5, %%eax\npushl %%eax\npopfl\n" text "\npushfl\n" \
      "popl %0" : "=&r"(clear_before) : __VA_ARGS__ : "eax", "memory", "cc"); \
    say("  %s: flags %h %h\n", name, set_before & STATUS, clear_before & STATUS); } while (0)

static u64 pointer_operand;

static void flags(void)
{
    static const u64 none[2];
    make_vmcs(vm_exit);
    prepare_region(vmcs_b);
    pointer_operand = (u32)vmcs_b;
    FLAGS_OF("vmclear", "vmclear pointer_operand", "m"(pointer_operand));
    FLAGS_OF("vmptrst", "vmptrst pointer_operand", "m"(pointer_operand));
    FLAGS_OF("vmptrld", "vmptrld pointer_operand", "m"(pointer_operand));
    FLAGS_OF("vmread", "vmread %1, %%eax", "r"(GUEST_CS));
    FLAGS_OF("vmwrite", "vmwrite %2, %1", "r"(GUEST_CS), "r"(8));
    pointer_operand = 1;
    FLAGS_OF("vmptrld, VMfailValid", "vmptrld pointer_operand", "m"(pointer_operand));
    FLAGS_OF("vmread, VMfailValid", "vmread %1, %%eax", "r"(0x7FFE));
    FLAGS_OF("invept, VMfailValid", "invept (%2), %1", "r"(77), "r"(none));
    vmcs_clear((u32)vmcs_a);
    FLAGS_OF("vmread, VMfailInvalid", "vmread %1, %%eax", "r"(GUEST_CS));
    FLAGS_OF("vmlaunch, VMfailInvalid", "vmlaunch", "r"(0));
}

static void operands(void)
{
    u32 value = 0x55555555;
    u64 descriptor[2] = { 0, 0 };
    vmx_off();
    say_outcome("vmxon of an absent operand outside VMX operation", vmx_on_at((const u64 *)ABSENT));
    enter_operation();
    make_vmcs(vm_exit);
    say_outcome("vmclear of an absent operand", vmcs_clear_at((const u64 *)ABSENT));
    say_outcome("vmptrld of an absent operand", vmcs_load_at((const u64 *)ABSENT));
    say_outcome("vmxon of an absent operand", vmx_on_at((const u64 *)ABSENT));
    say_outcome("vmptrst to an absent operand", vmcs_store((u64 *)ABSENT));
    say_outcome("vmread to an absent operand", vm_read(GUEST_CS, (u32 *)ABSENT));
    say_outcome("vmread of no field to an absent operand", vm_read(0x7FFE, (u32 *)ABSENT));
    say_outcome("vmwrite of an absent operand", vm_write_at(GUEST_CS, (const u32 *)ABSENT));
    say_outcome("vmwrite of an absent operand to no field", vm_write_at(0x7FFE, (const u32 *)ABSENT));
    say_outcome("invept of an absent operand", inv_ept(2, (const u64 *)ABSENT));
    say_outcome("invvpid of an absent operand", inv_vpid(2, (const u64 *)ABSENT));
    say_outcome("vmread of no field", vm_read(0x7FFE, &value));
    say("  operand %x\n", value);
    say_outcome("vmread to memory", vm_read(GUEST_CS, &value));
    say("  operand %x\n", value);
    say_outcome("vmcall in root operation", vm_call());
    say_outcome("invept of no type", inv_ept(0, descriptor));
    vmcs_clear((u32)vmcs_a);
}

const struct scenario instruction_scenarios[] = {
    { .name = "VMX instructions, CR4.VMXE clear", .setup = without_enable },
    { .name = "VMX instructions outside VMX operation", .setup = outside },
    { .name = "VMX instructions in ring 3, outside VMX operation", .setup = ring_3_outside },
    { .name = "VMX instructions in ring 3, in VMX operation", .setup = ring_3 },
    { .name = "VMXON", .setup = vmxon_failures },
    { .name = "bits of CR0 and CR4 that VMX operation fixes", .setup = fixed_bits },
    { .name = "no current VMCS", .setup = no_current },
    { .name = "VMCLEAR", .setup = vmclear_cases },
    { .name = "VMPTRLD and VMPTRST", .setup = vmptrld_cases },
    { .name = "launch state", .setup = launch_state },
    { .name = "VMLAUNCH after MOV SS", .setup = blocked_entry },
    { .name = "flags after VMX instructions", .setup = flags },
    { .name = "operands", .setup = operands, .needs = NEED_EPT | NEED_VPID },
    { 0 } };
