/* Printing, with a checksum; addresses by the region they are in. */
#include <stdarg.h>
#include "hypervisor.h"

u32 printed;
int quiet;
const u8 *origin;

static void put(char c)
{
    printed = crc32(printed, &c, 1);
    if (!quiet)
        put_char(c);
}

static void put_number(u32 v, int digits)
{
    for (int shift = 28; shift >= 0; shift -= 4)
        if (shift < digits * 4 || v >> shift)
            put("0123456789abcdef"[(v >> shift) & 15]);
}

static void put_decimals(u32 v)
{
    if (v >= 10)
        put_decimals(v / 10);
    put((char)('0' + v % 10));
}

/* Addresses differ from build to build: what region, and how far into it. */
static void put_address(u32 v)
{
    static const struct { const char *name; const void *start; u32 size; } regions[] = {
        { "stack", guest_stack, sizeof guest_stack }, { "user", user_stack, sizeof user_stack }, { "page", pages, sizeof pages },
        { "directory", guest_directory, sizeof guest_directory }, { "table", guest_table, sizeof guest_table },
        { "idt", guest_idt, sizeof guest_idt }, { "gdt", guest_gdt, sizeof guest_gdt }, { "stubs", guest_stubs, 4096 + 32 },
        { "task", guest_tss, sizeof guest_tss }, { "other", other_tss, sizeof other_tss } };
    const char *name = 0;
    u32 base = 0;
    if (origin && v - (u32)origin < 512)
    {
        name = "";
        base = (u32)origin;
    }
    for (u32 i = 0; !name && i < sizeof regions / sizeof *regions; i++)
        if (v - (u32)regions[i].start < regions[i].size)
        {
            name = regions[i].name;
            base = (u32)regions[i].start;
        }
    for (; name && *name; name++)
        put(*name);
    if (name)
        put('+');
    put_number(v - base, 1);
}

void say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    for (; *format; format++)
    {
        if (*format != '%')
        {
            put(*format);
            continue;
        }
        switch (*++format)
        {
        case 'x': put_number(va_arg(arguments, u32), 8); break;
        case 'h': put_number(va_arg(arguments, u32), 1); break;
        case 'd': put_decimals(va_arg(arguments, u32)); break;
        case 'a': put_address(va_arg(arguments, u32)); break;
        case 's':
            for (const char *s = va_arg(arguments, const char *); *s; s++)
                put(*s);
            break;
        }
    }
    va_end(arguments);
}

void guest_event(struct guest_frame *frame, u32 blocking)
{
    u32 vector = frame->vector;
    int code = vector == 8 || (vector >= 10 && vector <= 14) || vector == 17;
    say("  guest #%d", vector);
    if (code)
        say("(%h)", frame->error);
    say(" at %a cs %h flags %h", frame->eip, frame->cs & 0xFFFF, frame->eflags & 0x27FD7);
    if (blocking)
        say(" blocking %h", blocking);
    if ((frame->cs & 3) || (frame->eflags & 0x20000))
        say(" from %h:%a", frame->user_ss & 0xFFFF, frame->user_esp);
    if (vector == 14)
    {
        u32 cr2;
        __asm__ volatile("movl %%cr2, %0" : "=r"(cr2)); /* VM exits leave it alone */
        say(" cr2 %a", cr2);
    }
    if (vector == 1)
    {
        u32 dr6;
        __asm__ volatile("movl %%dr6, %0; movl %1, %%dr6" : "=&r"(dr6) : "r"(0xFFFF0FF0));
        say(" dr6 %h", dr6);
        frame->eflags |= 0x10000; /* past an instruction breakpoint */
    }
    say("\n");
    if (guest_resume)
    {
        frame->eip = guest_resume;
        guest_resume = 0;
    }
}
