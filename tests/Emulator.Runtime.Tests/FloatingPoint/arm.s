// Executes one AArch64 instruction, or two, on many operands. A batch: two instruction words, the number of records, a word of nothing, the records.
// A record is a FloatCase: operands in d1, d2, d3, the first also in x1; FPCR is its last word. A result is an ArmReply: d0, x0, FPSR.
.equ INPUT, 0x500000
.equ OUTPUT, 0x600000

next:
  adr x1, header
  mov x2, #16
  bl input
  adr x9, header
  ldp w3, w4, [x9]
  ldr w19, [x9, #8]
  adr x9, slot
  stp w3, w4, [x9]
  dc cvau, x9
  dsb ish
  ic ivau, x9
  dsb ish
  isb
  mov x1, #INPUT
  mov x2, #32
  mul x2, x2, x19
  bl input
  mov x20, #INPUT
  mov x21, #OUTPUT
  mov x22, x19
record:
  ldp d1, d2, [x20]
  ldr d3, [x20, #16]
  ldr x1, [x20]
  ldr w2, [x20, #28]
  msr fpcr, x2
  msr fpsr, xzr
  mov x0, #0
  fmov d0, xzr
slot:
  nop
  nop
  mrs x2, fpsr
  str d0, [x21]
  stp x0, x2, [x21, #8]
  add x20, x20, #32
  add x21, x21, #24
  subs x22, x22, #1
  b.ne record
  mov x1, #OUTPUT
  mov x2, #24
  mul x20, x2, x19
write:
  mov x0, #1
  mov x2, x20
  mov x8, #64
  svc #0
  add x1, x1, x0
  subs x20, x20, x0
  b.ne write
  b next

// Reads x2 bytes to x1; ends the program where there are no more.
input:
  mov x0, #0
  mov x8, #63
  svc #0
  cmp x0, #0
  b.le end
  add x1, x1, x0
  subs x2, x2, x0
  b.ne input
  ret
end:
  mov x0, #0
  mov x8, #93
  svc #0

.balign 16
header:
  .word 0, 0, 0, 0
