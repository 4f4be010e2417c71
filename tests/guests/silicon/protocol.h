/* What travels over standard input and output of the silicon harness. Little-endian, no padding.
 *
 * At start the harness writes one `hello`. Then, until end of input: a u32 count and that many `request`s are read, and the
 * answers are written in the same order, each a `reply` followed by `changes` `change`s.
 */
#ifndef PROTOCOL_H
#define PROTOCOL_H

#include <stdint.h>

#define MAGIC 0x334C4953u                   /* "SIL3" */
#define CODE_PAGE 0x00100000u               /* executable page */
#define CODE_ENTRY (CODE_PAGE + 0x80u)      /* the instruction under test */
#define PAD_BACK (CODE_PAGE + 0x10u)        /* branch targets that end a case, within reach of a rel8 */
#define PAD_AHEAD (CODE_PAGE + 0xC0u)
#define SCRATCH 0x00200000u                 /* memory a case may use; pages around it are not mapped */
#define SCRATCH_SIZE 1024u
#define PATCHES 4
#define NO_PATCH 0xFFFFu
#define NO_VECTOR 0xFFu

struct hello {
    uint32_t magic;
    uint16_t cs, ds, es, fs, gs, ss;        /* selectors a case starts with; all flat but fs (base SCRATCH, limit SCRATCH_SIZE - 1) and gs */
    uint32_t code_entry, pad_back, pad_ahead, scratch, scratch_size;
    char cpu[48];                           /* CPUID brand string */
};

struct request {
    uint8_t length, reserved[3];
    uint8_t code[16];
    uint32_t gpr[8];                        /* eax ecx edx ebx esp ebp esi edi */
    uint32_t eflags;                        /* status flags and DF; the rest is ignored */
    uint32_t seed;                          /* scratch memory: successive xorshift32 states (13, 17, 5), as words */
    uint16_t patch_offset[PATCHES];         /* then up to this many words are put into it */
    uint32_t patch_value[PATCHES];
};

struct reply {
    uint8_t vector, reserved;               /* exception, or NO_VECTOR */
    uint16_t changes;
    uint32_t eip;                           /* where control went; for an exception the saved EIP */
    uint32_t error;                         /* error code of the exception */
    uint32_t gpr[8];
    uint32_t eflags;
    uint16_t ds, es, fs, gs;
    uint32_t address;                       /* CR2 of a page fault */
};

struct change {
    uint16_t offset;
    uint8_t value, reserved;
};

#endif
