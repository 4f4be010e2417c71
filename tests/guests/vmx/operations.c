/* VMX instructions, each with its outcome. */
#include "vmx.h"

/* Executes an instruction: DONE, one of the failures, or the vector of its fault. The label after it is where a fault goes on. */
#define ATTEMPT(text, ...) \
    u32 failure = DONE; \
    fault_vector = 0; \
    __asm__ volatile("movl $2f, fault_resume\n" text "\njc 1f\njz 3f\njmp 2f\n1: movl $1, %0\njmp 2f\n3: movl $2, %0\n2: movl $0, fault_resume" \
                     : "+r"(failure) : __VA_ARGS__ : "memory", "cc"); \
    return fault_vector ? fault_vector : failure

u32 vmx_on_at(const u64 *operand) { ATTEMPT("vmxon %1", "m"(*operand)); }
u32 vmx_on(u64 address) { return vmx_on_at(&address); }
u32 vmx_off(void) { ATTEMPT("vmxoff", "r"(0)); }
u32 vmcs_clear_at(const u64 *operand) { ATTEMPT("vmclear %1", "m"(*operand)); }
u32 vmcs_clear(u64 address) { return vmcs_clear_at(&address); }
u32 vmcs_load_at(const u64 *operand) { ATTEMPT("vmptrld %1", "m"(*operand)); }
u32 vmcs_load(u64 address) { return vmcs_load_at(&address); }
u32 vmcs_store(u64 *address) { ATTEMPT("vmptrst %1", "m"(*address)); }
u32 vm_read(u32 field, u32 *value) { ATTEMPT("vmread %1, %2", "r"(field), "m"(*value)); }
u32 vm_write_at(u32 field, const u32 *operand) { ATTEMPT("vmwrite %2, %1", "r"(field), "m"(*operand)); }
u32 vm_write(u32 field, u32 value) { return vm_write_at(field, &value); }
u32 vm_call(void) { ATTEMPT("vmcall", "r"(0)); }
u32 vm_launch(void) { ATTEMPT("vmlaunch", "r"(0)); }
u32 vm_resume(void) { ATTEMPT("vmresume", "r"(0)); }
u32 inv_ept(u32 type, const u64 descriptor[2]) { ATTEMPT("invept (%2), %1", "r"(type), "r"(descriptor)); }
u32 inv_vpid(u32 type, const u64 descriptor[2]) { ATTEMPT("invvpid (%2), %1", "r"(type), "r"(descriptor)); }

void say_outcome(const char *what, u32 outcome)
{
    u32 number;
    say("  %s: ", what);
    if (outcome == DONE)
        say("ok");
    else if (outcome == FAIL_INVALID)
        say("VMfailInvalid");
    else if (outcome == FAIL_VALID)
        say("VMfailValid %d", vm_read(INSTRUCTION_ERROR, &number) == DONE ? number : 0);
    else
    {
        say("#%d", outcome - 256);
        if (outcome - 256 == 8 || (outcome - 256 >= 10 && outcome - 256 <= 14))
            say("(%h)", fault_error);
    }
    say("\n");
}
