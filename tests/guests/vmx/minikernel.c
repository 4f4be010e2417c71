/* A small kernel as a guest: its own IDT and page directories, demand paging, two preempted tasks in ring 3. Its host is its console (port 0x402)
 * and its timer. */
#include "vmx.h"

#define CONSOLE 0x402
#define TICK 0x20
#define CALL 0x80
#define USER 0x80000000u
#define USER_PAGE_FLAGS 7

struct task_frame { u32 edi, esi, ebp, esp, ebx, edx, ecx, eax, vector, error, eip, cs, eflags, user_esp, user_ss; };
static u32 directories[2][1024] __attribute__((aligned(4096))), tables[2][1024] __attribute__((aligned(4096)));
static u8 frames[8][4096] __attribute__((aligned(4096))), code_page[4096] __attribute__((aligned(4096)));
static u8 kernel_stacks[2][2048] __attribute__((aligned(16)));
static u64 idt[256] __attribute__((aligned(16)));
static struct task_frame *saved[2];
static u32 current, ended, faults, switches, used_frames;

/* A task counts in memory that is not there yet, prints its letter every 300 rounds, and ends after 6 letters. EBX: the letter. */
GUEST(mini_task, "movl $6, %esi\n1:\nmovl $300, %ecx\n2:\nincl 0x80002000\naddl %ecx, 0x80005FFE\nloop 2b\nmovl $1, %eax\nint $0x80\ndecl %esi\n"
      "jnz 1b\nmovl $2, %eax\nint $0x80\njmp .");
GUEST(mini_stubs, "pushl $0\npushl $0x20\njmp 1f\n.balign 16\npushl $0\npushl $0x80\njmp 1f\n.balign 16\npushl $14\njmp 1f\n.balign 16\n"
      "1:\npushal\npushl %esp\ncall mini_event\nmovl %eax, %esp\npopal\naddl $8, %esp\niret");
GUEST(mini_entry, "call mini_start\nmovl %eax, %esp\npopal\naddl $8, %esp\niret");

struct task_frame *mini_event(struct task_frame *frame) __attribute__((used));
struct task_frame *mini_start(void) __attribute__((used));

static void console(u32 c) { __asm__ volatile("outb %b0, %w1" : : "a"(c), "d"(CONSOLE)); }

static struct task_frame *switch_to(u32 task)
{
    switches += task != current;
    current = task;
    guest_tss[1] = (u32)kernel_stacks[task] + sizeof kernel_stacks[task];
    __asm__ volatile("movl %0, %%cr3" : : "r"(directories[task]) : "memory");
    return saved[task];
}

static void end(void)
{
    u32 sum = 0;
    for (u32 frame = 0; frame < used_frames; frame++)
        sum = crc32(sum, frames[frame], sizeof frames[frame]);
    __asm__ volatile("vmcall" : : "a"(END), "b"(faults), "c"(0), "d"(used_frames), "S"(sum));
}

struct task_frame *mini_event(struct task_frame *frame)
{
    u32 address;
    saved[current] = frame;
    switch (frame->vector)
    {
    case 14:
        __asm__ volatile("movl %%cr2, %0" : "=r"(address));
        faults++;
        if (address - USER >= 0x10000 || used_frames == 8 || !(frame->cs & 3))
            end();
        tables[current][address >> 12 & 1023] = (u32)frames[used_frames++] | USER_PAGE_FLAGS;
        return frame;
    case CALL:
        if (frame->eax == 1)
        {
            console(frame->ebx);
            return frame;
        }
        ended |= 1u << current;
        if (ended == 3)
            end();
        return switch_to(1 - current);
    default:
        return ended ? frame : switch_to(1 - current);
    }
}

struct task_frame *mini_start(void)
{
    struct table_pointer pointer = { sizeof idt - 1, (u32)idt };
    current = ended = faults = switches = used_frames = 0;
    memset(frames, 0, sizeof frames);
    memset(tables, 0, sizeof tables);
    memset(idt, 0, sizeof idt);
    memcpy(code_page, mini_task, 256);
    idt[TICK] = gate((u32)mini_stubs, GUEST_CODE, 0x8E);
    idt[CALL] = gate((u32)mini_stubs + 16, GUEST_CODE, 0xEE);
    idt[14] = gate((u32)mini_stubs + 32, GUEST_CODE, 0x8E);
    __asm__ volatile("lidt %0" : : "m"(pointer));
    for (u32 task = 0; task < 2; task++)
    {
        memset(directories[task], 0, sizeof directories[task]);
        for (u32 i = 0; i < MEMORY_SIZE >> 22; i++)
            directories[task][i] = i << 22 | 0x83;
        directories[task][USER >> 22] = (u32)tables[task] | 7;
        tables[task][0] = (u32)code_page | 5;
        saved[task] = (struct task_frame *)(kernel_stacks[task] + sizeof kernel_stacks[task]) - 1;
        *saved[task] = (struct task_frame){ .ebx = 'a' + task, .eip = USER, .cs = USER_CODE, .eflags = 0x202, .user_esp = USER + 0x4000, .user_ss = USER_DATA };
    }
    __asm__ volatile("movl $0x23, %%eax\nmovw %%ax, %%ds\nmovw %%ax, %%es" : : : "eax");
    return switch_to(0);
}

/* The host: letters are collected, every third brings a tick as soon as the guest takes interrupts. */
static char written[64];
static u32 letters;
static void mini(void)
{
    letters = 0;
    primary_set(PRI_IO);
}
static void mini_ept(void)
{
    mini();
    ept_identity(1);
    set(VPID, 9);
    secondary_set(SEC_VPID);
}
static enum action mini_host(u32 reason)
{
    if (reason == REASON_IO)
    {
        if (letters < sizeof written - 1)
            written[letters++] = (char)registers.eax;
        if (letters % 3 == 0)
            primary_set(PRI_INTERRUPT_WINDOW);
        return SKIP;
    }
    if (reason == REASON_INTERRUPT_WINDOW)
    {
        primary_clear(PRI_INTERRUPT_WINDOW);
        set(ENTRY_EVENT, 0x80000000 | TICK);
        return GO;
    }
    written[letters] = 0;
    say("  console: %s\n  switches %d\n", written, switches);
    return DEFAULT;
}

const struct scenario kernel_scenarios[] = {
    { .name = "a small kernel", .code = mini_entry, .setup = mini, .handle = mini_host },
    { .name = "a small kernel with EPT and VPID", .code = mini_entry, .setup = mini_ept, .handle = mini_host, .needs = NEED_EPT_2M | NEED_VPID },
    { 0 } };
