/* Checks on VM entry (SDM vol. 3, 26.2 and 26.3): one mutation of a valid VMCS each, with the outcome the manual demands. */
#include "checks.h"

GUEST(checked_guest, DONE_CALL);

static u32 mutate(const struct change *change)
{
    u32 value = change->value, must = 0, may = 0;
    switch (change->how)
    {
    case TO: return value;
    case OR: return get(change->field) | value;
    case XOR: return get(change->field) ^ value;
    case WITHOUT: return get(change->field) & ~value;
    case FORBIDDEN_SET:
        may = (u32)(control_capability(change->field) >> 32);
        return get(change->field) | (~may & (may + 1)); /* the lowest bit that must be 0 */
    case FORBIDDEN_CLEAR:
        must = (u32)control_capability(change->field);
        return get(change->field) & ~(must & (0 - must));
    case PLUS: return get(change->field) + value;
    }
    return 0;
}

static int enough(const struct check *check)
{
    for (u32 i = 0; i < CHANGES; i++)
        if (check->change[i].how == FORBIDDEN_CLEAR && !(u32)control_capability(check->change[i].field))
            return 0;
    return offered(check->needs) && !(check->unless && check->unless());
}

static void prepare(const struct check *check)
{
    make_world();
    make_vmcs(checked_guest);
    if (check->needs & NEED_UNRESTRICTED)
        ept_identity(0), secondary_set(SEC_UNRESTRICTED);
    else if (check->needs & NEED_EPT)
        ept_identity(0);
    if (check->before)
        check->before();
    for (u32 i = 0; i < CHANGES && check->change[i].field | check->change[i].how | check->change[i].value; i++)
        vm_write(check->change[i].field, mutate(&check->change[i]));
}

/* What happened, in the words of the tables. */
static const char *outcome(u32 *qualification)
{
    u32 halts = get(GUEST_ACTIVITY), failure, reason, error;
    if (halts)
    {
        /* A way out if the processor enters what it should refuse. */
        pin_set(PIN_EXTERNAL);
        timer_shot(2000);
    }
    failure = vm_enter(&registers, 0);
    if (halts)
        timer_off();
    *qualification = 0;
    if (failure == FAIL_VALID)
    {
        error = get(INSTRUCTION_ERROR);
        return error == 7 ? "7" : error == 8 ? "8" : error == 26 ? "26" : "another VMfailValid";
    }
    if (failure)
        return "another failure";
    reason = get(EXIT_REASON);
    *qualification = get(QUALIFICATION);
    if (reason == (1u << 31 | REASON_GUEST_STATE))
        return "33";
    if (reason == (1u << 31 | REASON_MSR_LOADING))
        return "34";
    *qualification = 0;
    if (reason == REASON_VMCALL)
        return "ok";
    return "another exit";
}

static int same(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

static void run_checks(const struct check *check)
{
    for (; check->name; check++)
    {
        u32 qualification;
        const char *got;
        if (!enough(check))
        {
            say("  %s: not offered\n", check->name);
            continue;
        }
        prepare(check);
        got = outcome(&qualification);
        int refused = same(check->expected, "refused") && (same(got, "7") || same(got, "8"));
        say("  %s: %s", check->name, refused ? "refused" : got);
        if (same(got, "another exit"))
            say(" %d", get(EXIT_REASON));
        if (qualification)
            say(" q %h", qualification);
        if (!refused && (!same(got, check->expected) || qualification != check->qualification))
            say(" (the manual: %s q %h)", check->expected, check->qualification);
        say("\n");
        vmcs_clear((u32)vmcs_a);
    }
}

static void controls(void) { run_checks(control_checks); }
static void hosts(void) { run_checks(host_checks); }
static void guest_registers_checks(void) { run_checks(guest_register_checks); }
static void guest_segments(void) { run_checks(guest_segment_checks); }
static void guest_others(void) { run_checks(guest_other_checks); }

const struct scenario check_scenarios[] = {
    { .name = "checks on controls", .setup = controls },
    { .name = "checks on the host-state area", .setup = hosts },
    { .name = "checks on the guest's registers", .setup = guest_registers_checks },
    { .name = "checks on the guest's segments", .setup = guest_segments },
    { .name = "checks on the guest's other state", .setup = guest_others },
    { 0 } };
