/* Entry of every freestanding RISC-V guest, in machine mode at 0x80000000: a stack, a cleared .bss, then guest_main() in the mode GUEST_MODE (3 machine,
 * 1 supervisor, 0 user). Lower modes run with paging: the address space maps to itself. They ask machine mode to print and to exit with ECALL.
 */
#include "riscv.h"

    .section .start, "ax"
    .globl _start
_start:
    csrr    t0, mhartid
1:  bnez    t0, 1b                          /* one hart is enough */
    la      sp, stack_top
    la      t0, __bss_start
    la      t1, __bss_end
1:  bgeu    t0, t1, 2f
    STORE   zero, 0(t0)
    addi    t0, t0, WORD
    j       1b
2:  la      t0, machine_trap
    csrw    mtvec, t0
    la      t0, machine_stack_top
    csrw    mscratch, t0

#if GUEST_MODE != 3
    /* Everything is open to lower modes: one region, all of memory. */
    li      t0, -1
    csrw    pmpaddr0, t0
    li      t0, 0x1F
    csrw    pmpcfg0, t0
    call    make_tables
    csrw    satp, a0
    sfence.vma
    li      t0, 3 << 11
    csrc    mstatus, t0
    li      t0, GUEST_MODE << 11
    csrs    mstatus, t0
    la      t0, run
    csrw    mepc, t0
    mret
run:
#endif
    call    guest_main
    call    guest_exit
3:  j       3b

    /* ECALL with a7 = 1 prints the character in a0, any other exits with the code in a0. Every other trap exits with code 255. */
    .balign 4
machine_trap:
    csrrw   sp, mscratch, sp
    STORE   t0, -WORD(sp)
    STORE   t1, -2*WORD(sp)
    csrr    t0, mcause
    li      t1, CALL_CAUSE
    bne     t0, t1, 3f
    addi    t0, a7, -1
    bnez    t0, 2f
    li      t0, UART
1:  lbu     t1, 5(t0)
    andi    t1, t1, 0x20
    beqz    t1, 1b
    sb      a0, 0(t0)
    csrr    t0, mepc
    addi    t0, t0, 4
    csrw    mepc, t0
    LOAD    t0, -WORD(sp)
    LOAD    t1, -2*WORD(sp)
    csrrw   sp, mscratch, sp
    mret
3:  li      a0, 255
2:  call    finish

    .section .stack, "aw", @nobits
    .balign 16
    .skip 65536
stack_top:
    .skip 256
machine_stack_top:
    .section .note.GNU-stack, "", @progbits
