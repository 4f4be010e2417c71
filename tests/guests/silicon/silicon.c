/* Executes single user-mode instructions on the processor this runs on, and reports what they did (see protocol.h).
 * No system call is made for a case, unless the instruction traps.
 */
#define _GNU_SOURCE
#include <asm/ldt.h>
#include <cpuid.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>
#include "protocol.h"

extern uint32_t in_gpr[8], in_eflags, code_entry, saved_esp, out_gpr[8], out_eflags, landing;
extern uint16_t out_seg[4], saved_seg[4];
extern void run_case(void), case_back(void), case_done(void);

#define STATUS_FLAGS 0x0CD5u                /* CF PF AF ZF SF DF OF */

static volatile int in_case;
static struct reply current;
static uint32_t initial[SCRATCH_SIZE / 4];

static void fail(const char *what)
{
    perror(what);
    exit(2);
}

static void on_signal(int number, siginfo_t *info, void *context)
{
    greg_t *r = ((ucontext_t *)context)->uc_mcontext.gregs;
    if (!in_case)
        _exit(3);
    (void)number;
    current.vector = (uint8_t)r[REG_TRAPNO];
    current.error = (uint32_t)r[REG_ERR];
    current.eip = (uint32_t)r[REG_EIP];
    current.address = current.vector == 14 ? (uint32_t)info->si_addr : 0;
    out_gpr[0] = (uint32_t)r[REG_EAX];
    out_gpr[1] = (uint32_t)r[REG_ECX];
    out_gpr[2] = (uint32_t)r[REG_EDX];
    out_gpr[3] = (uint32_t)r[REG_EBX];
    out_gpr[4] = (uint32_t)r[REG_ESP];
    out_gpr[5] = (uint32_t)r[REG_EBP];
    out_gpr[6] = (uint32_t)r[REG_ESI];
    out_gpr[7] = (uint32_t)r[REG_EDI];
    out_eflags = (uint32_t)r[REG_EFL];
    out_seg[0] = (uint16_t)r[REG_DS];
    out_seg[1] = (uint16_t)r[REG_ES];
    out_seg[2] = (uint16_t)r[REG_FS];
    out_seg[3] = (uint16_t)r[REG_GS];
    r[REG_EIP] = (greg_t)(uintptr_t)case_done;
    r[REG_ESP] = (greg_t)saved_esp;
    r[REG_EFL] = 0x202;
    r[REG_DS] = saved_seg[0];
    r[REG_ES] = saved_seg[1];
    r[REG_FS] = saved_seg[2];
    r[REG_GS] = saved_seg[3];
}

/* movl $target, landing; jmp case_back */
static void put_landing(uint8_t *at, uint32_t target)
{
    uint32_t address = (uint32_t)&landing, distance = (uint32_t)case_back - (uint32_t)(at + 15);
    at[0] = 0xC7, at[1] = 0x05;
    memcpy(at + 2, &address, 4);
    memcpy(at + 6, &target, 4);
    at[10] = 0xE9;
    memcpy(at + 11, &distance, 4);
}

static void fill_scratch(const struct request *q)
{
    uint32_t x = q->seed ? q->seed : 1;
    for (unsigned i = 0; i < SCRATCH_SIZE / 4; i++)
    {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        initial[i] = x;
    }
    for (int i = 0; i < PATCHES; i++)
        if (q->patch_offset[i] <= SCRATCH_SIZE - 4)
            memcpy((uint8_t *)initial + q->patch_offset[i], &q->patch_value[i], 4);
    memcpy((void *)SCRATCH, initial, SCRATCH_SIZE);
}

static unsigned collect_changes(struct change *out)
{
    const uint32_t *now = (const uint32_t *)SCRATCH;
    unsigned n = 0;
    for (unsigned i = 0; i < SCRATCH_SIZE / 4; i++)
    {
        uint32_t difference = now[i] ^ initial[i];
        for (unsigned k = 0; difference; k++, difference >>= 8)
            if (difference & 255)
                out[n++] = (struct change){ (uint16_t)(4 * i + k), (uint8_t)(now[i] >> (8 * k)), 0 };
    }
    return n;
}

static unsigned execute(const struct request *q, struct change *changes)
{
    uint8_t *code = (uint8_t *)CODE_ENTRY;
    unsigned length = q->length > 15 ? 15 : q->length;
    fill_scratch(q);
    memcpy(code, q->code, length);
    put_landing(code + length, CODE_ENTRY + length);
    memcpy(in_gpr, q->gpr, sizeof q->gpr);
    in_eflags = (q->eflags & STATUS_FLAGS) | 0x202;
    memset(&current, 0, sizeof current);
    current.vector = NO_VECTOR;
    in_case = 1;
    run_case();
    in_case = 0;
    if (current.vector == NO_VECTOR)
        current.eip = landing;
    memcpy(current.gpr, out_gpr, sizeof out_gpr);
    current.eflags = out_eflags;
    current.ds = out_seg[0], current.es = out_seg[1], current.fs = out_seg[2], current.gs = out_seg[3];
    current.changes = (uint16_t)collect_changes(changes);
    return current.changes;
}

static void map(uint32_t address, int protection)
{
    if (mmap((void *)address, 4096, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) != (void *)address)
        fail("mmap");
}

static void set_up_fs(void)
{
    struct user_desc d = {
        .entry_number = ~0u, .base_addr = SCRATCH, .limit = SCRATCH_SIZE - 1, .seg_32bit = 1,
        .contents = 0, .read_exec_only = 0, .limit_in_pages = 0, .seg_not_present = 0, .useable = 1,
    };
    if (syscall(SYS_set_thread_area, &d) != 0)
        fail("set_thread_area");
    uint16_t selector = (uint16_t)(d.entry_number * 8 + 3);
    __asm__ volatile("movw %0, %%fs" : : "r"(selector));
}

static void set_up_signals(void)
{
    static uint8_t stack[65536];
    stack_t alternate = { .ss_sp = stack, .ss_size = sizeof stack };
    struct sigaction action = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };
    static const int numbers[] = { SIGFPE, SIGILL, SIGSEGV, SIGBUS, SIGTRAP };
    if (sigaltstack(&alternate, NULL) != 0)
        fail("sigaltstack");
    for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (sigaction(numbers[i], &action, NULL) != 0)
            fail("sigaction");
}

static void say_hello(void)
{
    struct hello h = {
        .magic = MAGIC, .code_entry = CODE_ENTRY, .pad_back = PAD_BACK, .pad_ahead = PAD_AHEAD,
        .scratch = SCRATCH, .scratch_size = SCRATCH_SIZE,
    };
    unsigned brand[12];
    __asm__("movw %%cs, %0" : "=m"(h.cs));
    __asm__("movw %%ds, %0" : "=m"(h.ds));
    __asm__("movw %%es, %0" : "=m"(h.es));
    __asm__("movw %%fs, %0" : "=m"(h.fs));
    __asm__("movw %%gs, %0" : "=m"(h.gs));
    __asm__("movw %%ss, %0" : "=m"(h.ss));
    saved_seg[0] = h.ds, saved_seg[1] = h.es, saved_seg[2] = h.fs, saved_seg[3] = h.gs;
    for (unsigned i = 0; i < 3; i++)
        __get_cpuid(0x80000002u + i, &brand[4 * i], &brand[4 * i + 1], &brand[4 * i + 2], &brand[4 * i + 3]);
    memcpy(h.cpu, brand, sizeof h.cpu);
    fwrite(&h, sizeof h, 1, stdout);
    fflush(stdout);
}

int main(void)
{
    map(CODE_PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
    map(SCRATCH, PROT_READ | PROT_WRITE);
    put_landing((uint8_t *)PAD_BACK, PAD_BACK);
    put_landing((uint8_t *)PAD_AHEAD, PAD_AHEAD);
    code_entry = CODE_ENTRY;
    setvbuf(stdin, NULL, _IOFBF, 1 << 20);
    setvbuf(stdout, NULL, _IOFBF, 1 << 20);
    set_up_fs();
    set_up_signals();
    say_hello();

    struct request *requests = NULL;
    static struct change changes[SCRATCH_SIZE];
    for (uint32_t count; fread(&count, sizeof count, 1, stdin) == 1;)
    {
        requests = realloc(requests, count * sizeof *requests);
        if (requests == NULL || fread(requests, sizeof *requests, count, stdin) != count)
            return 4;
        for (uint32_t i = 0; i < count; i++)
        {
            unsigned n = execute(&requests[i], changes);
            fwrite(&current, sizeof current, 1, stdout);
            fwrite(changes, sizeof *changes, n, stdout);
        }
        fflush(stdout);
    }
    return 0;
}
