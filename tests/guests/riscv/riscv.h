/* What assembly and C of RISC-V guests have in common. */
#ifndef RISCV_H
#define RISCV_H

#define UART 0x10000000
#define FINISHER 0x100000

#if __riscv_xlen == 64
#define LOAD ld
#define STORE sd
#define WORD 8
#else
#define LOAD lw
#define STORE sw
#define WORD 4
#endif

/* Cause of an ECALL from the mode a guest runs in. */
#define CALL_CAUSE (8 + GUEST_MODE)

#endif
