# One floating-point instruction on many operands: on our machine the routine alone, under QEMU a program that reads batches and writes results.
# A batch: two instruction words, of which the second may be a nop, the number of records, the records. XLEN is 32 or 64.
#
# A record, 48 bytes: fa1, fa2, fa3, fa0 and t1 before, and fcsr. A result, 24 bytes: fa0, t2 and fcsr after.

.if XLEN == 64
.macro load r, at
  ld \r, \at
.endm
.macro store r, at
  sd \r, \at
.endm
.else
.macro load r, at
  lw \r, \at
.endm
.macro store r, at
  sw \r, \at
.endm
.endif

.equ FCSR, 40
.equ RECORD, 48
.equ RESULT, 24
.equ INPUT, 0x80010000
.equ OUTPUT, 0x80090000

.section .code, "awx", @progbits
.globl _start
_start:
  j program

.org 0x10
done:
  j done

# a0: records, a1: how many, a2: results.
.org 0x40
routine:
  fld fa1, 0(a0)
  fld fa2, 8(a0)
  fld fa3, 16(a0)
  fld fa0, 24(a0)
  load t1, 32(a0)
  lw t0, FCSR(a0)
  fscsr t0
  li t2, 0
  mv sp, a0
  j slot
after:
  frcsr t0
  fsd fa0, 0(a2)
  sw zero, 12(a2)
  store t2, 8(a2)
  sw t0, 16(a2)
  sw zero, 20(a2)
  addi a0, a0, RECORD
  addi a2, a2, RESULT
  addi a1, a1, -1
  bnez a1, routine
  ret

# The instruction, or two: operands in fa1, fa2, fa3, t1; its result in fa0 or t2.
.org 0x100
slot:
  .word 0x13, 0x13
  j after

program:
next:
  la a1, header
  li a2, 12
  call input
  la t0, header
  lw t1, 0(t0)
  lw t3, 4(t0)
  lw s1, 8(t0)
  la t2, slot
  sw t1, 0(t2)
  sw t3, 4(t2)
  fence.i
  li a1, INPUT
  li t0, RECORD
  mul a2, s1, t0
  call input
  li a0, INPUT
  mv a1, s1
  li a2, OUTPUT
  call routine
  li a1, OUTPUT
  li t0, RESULT
  mul s2, s1, t0
write:
  li a0, 1
  mv a2, s2
  li a7, 64
  ecall
  add a1, a1, a0
  sub s2, s2, a0
  bnez s2, write
  j next

# Reads a2 bytes to a1; ends the program where there are no more.
input:
  li a0, 0
  li a7, 63
  ecall
  blez a0, end
  add a1, a1, a0
  sub a2, a2, a0
  bnez a2, input
  ret
end:
  li a0, 0
  li a7, 93
  ecall

.org 0x1000
header:
  .word 0, 0, 0
.org 0x10000 + 0x100000
