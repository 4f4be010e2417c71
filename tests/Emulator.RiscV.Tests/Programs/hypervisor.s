# Checks the hypervisor extension, on this project's harts and on QEMU. XLEN is 32 or 64.
# Ends in a loop with 0xAA in a0, or with the number of the check that failed; tells QEMU's test device, where there is one.
.macro CHECK n, reg, val
  li t6, \val
  li a0, \n
  bne \reg, t6, failed
.endm
.macro SAME n, a, b
  li a0, \n
  bne \a, \b, failed
.endm
.macro ZERO n, reg
  li a0, \n
  bnez \reg, failed
.endm
# The bits of `mask` in a register are `val`.
.macro MASKED n, reg, mask, val
  li t6, \mask
  and t5, \reg, t6
  CHECK \n, t5, \val
.endm
# An exception is expected next, the last of a handler's goes on at the label in machine mode.
.macro TRAPAT label
  lla s6, \label
  li s2, -1
  li s11, 0
.endm
# Runs from the label in a mode; the next 1: is where machine mode goes on after the trap.
.macro ENTER mpp, virtual, label, offset=0
  TRAPAT 1f
  lla t0, \label
.if \offset
  li t6, \offset
  add t0, t0, t6
.endif
  csrw mepc, t0
  li t6, 0x1800
  csrc mstatus, t6
  li t6, \mpp << 11
  csrs mstatus, t6
.if XLEN == 64
  li t6, \virtual << 39
  csrs mstatus, t6
.else
  li t6, \virtual << 7
  csrs 0x310, t6
.endif
  mret
.endm
.macro HS label
  ENTER 1, 0, \label
.endm
.macro U label
  ENTER 0, 0, \label
.endm
.macro VS label
  ENTER 1, 1, \label
.endm
.macro VU label
  ENTER 0, 1, \label
.endm
# A trap in machine mode with this cause, in s2; the handlers of HS and VS leave 1 and 2 in s11.
.macro CAUSE n, cause, handler=0
  CHECK \n, s11, \handler
  CHECK \n, s2, \cause
.endm
# The same where the guest's tables are on: user mode has the program at another address.
.macro VUALIAS label
  ENTER 0, 1, \label, ALIAS
.endm
.macro WORD label, reg
  lla \reg, \label
  lwu \reg, 0(\reg)
.endm
.if XLEN == 64
.macro LX a:vararg
  ld \a
.endm
.macro SX a:vararg
  sd \a
.endm
.set SIGN, 1 << 63
.set PTE, 8
.set ALIAS, 0x80000000
.else
.macro LX a:vararg
  lw \a
.endm
.macro SX a:vararg
  sw \a
.endm
.macro lwu a:vararg
  lw \a
.endm
.set SIGN, 0x80000000
.set PTE, 4
.set ALIAS, 0x400000
.endif
.set mstatush, 0x310
.set mtinst, 0x34A
.set mtval2, 0x34B
# What is seen of pending interrupts in vsip: QEMU 7.2 shows the one of software only.
.ifdef QEMU
.set SEEN, 0x2
.else
.set SEEN, 0x222
.endif
.option norvc
.option norelax
.text
.globl _start
_start:
  lla t0, mtrap
  csrw mtvec, t0
  lla t0, htrap
  csrw stvec, t0
  lla t0, vtrap
  csrw vstvec, t0
  li t0, -1
  csrw pmpaddr0, t0
  li t0, 0x1f
  csrw pmpcfg0, t0
  csrw medeleg, x0
  li t0, 0x222                          # QEMU 7.2 shows a guest no more of its interrupts
  csrw mideleg, t0
  csrw hedeleg, x0
  csrw hideleg, x0
  csrw hgatp, x0
  csrw satp, x0
  csrw vsatp, x0
  csrw mie, x0
  li t0, 7
  csrw mcounteren, t0
  csrw scounteren, t0
  csrw hcounteren, x0

# Registers as they can be written
  csrr t0, misa
  MASKED 1, t0, 0x80, 0x80
  csrr t0, mideleg
  MASKED 2, t0, 0x444, 0x444
  li t0, -1
  csrw medeleg, t0
  csrr t1, medeleg
  MASKED 3, t1, 0xF0B7FE, 0xF0B7FE
  csrw medeleg, x0
  csrw hedeleg, t0
  csrr t1, hedeleg
  MASKED 4, t1, 0xF0FFFE, 0xB1FE
  csrw hedeleg, x0
  csrw hideleg, t0
  csrr t1, hideleg
  CHECK 5, t1, 0x444
  csrw hvip, t0
  csrr t1, hvip
  CHECK 6, t1, 0x444
  csrr t1, hip
  MASKED 7, t1, 0x444, 0x444
  csrr t1, mip
  MASKED 8, t1, 0x444, 0x444
  csrr t1, vsip
  MASKED 9, t1, SEEN, 0x222 & SEEN
  csrw hideleg, x0
  csrr t1, vsip
  CHECK 10, t1, 0
  li t2, 4
  csrc mip, t2                  # VSSIP is one bit under three names; the others are hvip's
  csrr t1, hvip
  CHECK 11, t1, 0x440
  csrs hip, t2
  csrr t1, hvip
  CHECK 12, t1, 0x444
  csrw hvip, x0
  csrw hie, t0
  csrr t1, mie
  MASKED 13, t1, 0x444, 0x444
  csrr t1, hie
  MASKED 14, t1, 0x444, 0x444
  csrr t1, sie
  MASKED 15, t1, 0x444, 0
  csrr t1, vsie
  CHECK 16, t1, 0
  li t2, 0x404
  csrw hideleg, t2
  csrr t1, vsie
  CHECK 17, t1, 0x202
  csrw vsie, x0
  csrr t1, hie
  MASKED 18, t1, 0x444, 0x40
  csrw mie, x0
  csrr t1, hie
  CHECK 19, t1, 0
  csrw hideleg, x0
  csrr t1, hgeip
  ZERO 20, t1
  csrw hgeie, t0
  csrr t1, hgeie
  ZERO 21, t1
  li t2, 0x12345678
  csrw htval, t2
  csrr t1, htval
  SAME 22, t1, t2
  csrw mtval2, t2
  csrr t1, mtval2
  SAME 23, t1, t2
  csrw mtinst, t2
  csrr t1, mtinst
  SAME 24, t1, t2
  csrw vsscratch, t2
  csrr t1, vsscratch
  SAME 25, t1, t2
  csrw vsepc, t2
  csrr t1, vsepc
  SAME 26, t1, t2
  csrw vscause, t2
  csrr t1, vscause
  SAME 27, t1, t2
  csrw vstval, t2
  csrr t1, vstval
  SAME 28, t1, t2
  li t2, 0xC6122
  csrw vsstatus, t2
  csrr t1, vsstatus
  MASKED 29, t1, 0x7FFFFFFF, 0xC6122
.if XLEN == 64
  MASKED 30, t1, 3 << 32, 2 << 32
.endif
.ifndef QEMU
  MASKED 30, t1, SIGN, SIGN               # QEMU 7.2 has no SD in vsstatus
.endif
  csrw vsstatus, x0
  li t2, 0x700380
  csrw hstatus, t2
  csrr t1, hstatus
  MASKED 31, t1, 0x7003C0, 0x700380
.if XLEN == 64
  MASKED 32, t1, 3 << 32, 2 << 32
.endif
  csrw hstatus, x0
.if XLEN == 64
  li t2, 3 << 38
  csrs mstatus, t2
  csrr t1, mstatus
  and t1, t1, t2
  SAME 33, t1, t2
  csrc mstatus, t2
.else
  li t2, 0xC0
  csrs mstatush, t2
  csrr t1, mstatush
  and t1, t1, t2
  SAME 33, t1, t2
  csrc mstatush, t2
.endif

# HS and U: what is illegal
  HS h1
h1: csrr t1, hstatus
  csrr t1, vsstatus
  csrr t1, hgatp
  .insn r 0x73, 0, 0x11, x0, x0, x0    # hfence.vvma
  .insn r 0x73, 0, 0x31, x0, x0, x0    # hfence.gvma
  ecall
1: CAUSE 40, 9
  li t0, 0x100000                       # TVM
  csrs mstatus, t0
  HS h2
h2: csrr t1, hgatp
1: CAUSE 41, 2
  HS h3
h3: .insn r 0x73, 0, 0x31, x0, x0, x0
1: CAUSE 42, 2
  HS h4
h4: .insn r 0x73, 0, 0x11, x0, x0, x0
  csrr t1, vsatp
  ecall
1: CAUSE 43, 9
  VS h5                                  # TVM and TSR are about HS only
h5:
.ifndef QEMU                            # illegal in QEMU 7.2
  sfence.vma
  csrr t1, satp
.endif
  ecall
1: CAUSE 44, 10
  li t0, 0x100000
  csrc mstatus, t0
  U u1
u1: csrr t1, hstatus
1: CAUSE 45, 2
  U u2
u2: .insn r 0x73, 0, 0x11, x0, x0, x0
1: CAUSE 46, 2
  lla s1, data
  U u3
u3: .insn r 0x73, 4, 0x34, t1, s1, x0   # hlv.w
1: CAUSE 47, 2
  li t0, 0x200                           # HU
  csrs hstatus, t0
  U u4
u4: .insn r 0x73, 4, 0x34, t1, s1, x0
  ecall
1: CAUSE 48, 8
  CHECK 49, t1, 0x11223344
  csrw hstatus, x0
  HS h6
h6: csrr t1, mstatus
1: CAUSE 50, 2

# VS: virtual instructions
  VS v1
v1: ecall
1: CAUSE 51, 10
  MASKED 52, s9, 0x1800, 0x800
.if XLEN == 64
  MASKED 53, s9, 3 << 38, 2 << 38
.else
  MASKED 53, s10, 3 << 6, 2 << 6
.endif
.macro VIRTUAL n, mode, cause, insn:vararg
  \mode 2f
2: \insn
1: CAUSE \n, \cause
  WORD 2b, t1
.if \cause == 22
  lwu_same \n
.endif
.endm
.macro lwu_same n
.if XLEN == 64
  slli s4, s4, 32
  srli s4, s4, 32
.endif
  SAME \n, s4, t1
.endm
# The same for loads and stores, of which QEMU 7.2 keeps no instruction.
.macro VIRTUALACCESS n, mode, insn:vararg
.ifdef QEMU
  \mode 2f
2: \insn
1: CAUSE \n, 22
.else
  VIRTUAL \n, \mode, 22, \insn
.endif
.endm
  VIRTUAL 54, VS, 22, csrr t1, hstatus
  VIRTUAL 55, VS, 22, csrr t1, vsstatus
  VIRTUAL 56, VS, 22, csrw hgatp, t1
  VIRTUAL 57, VS, 2, csrr t1, mstatus
  VIRTUAL 58, VS, 22, .insn r 0x73, 0, 0x11, x0, x0, x0
  VIRTUAL 59, VS, 22, .insn r 0x73, 0, 0x31, x0, x0, x0
  VIRTUALACCESS 60, VS, .insn r 0x73, 4, 0x34, t1, s1, x0
  VIRTUALACCESS 61, VS, .insn r 0x73, 4, 0x35, x0, s1, x0
  VIRTUAL 62, VS, 2, mret
  VIRTUAL 63, VS, 2, csrr t1, 0x6FF
  VIRTUAL 64, VS, 2, csrw hgeip, t1
  VIRTUAL 65, VS, 22, rdcycle t1
  li t0, 0x700000
  csrs hstatus, t0
  VIRTUAL 66, VS, 22, sfence.vma
.ifndef QEMU                                # lets it read and write
  VIRTUAL 67, VS, 22, csrr t1, satp
  VIRTUAL 68, VS, 22, csrw satp, t1
.endif
  VIRTUAL 69, VS, 22, wfi
  VIRTUAL 70, VS, 22, sret
  li t1, 0x200000
  csrs mstatus, t1
  VIRTUAL 71, VS, 2, wfi
  li t1, 0x200000
  csrc mstatus, t1
  csrw hstatus, x0
# VU
  VIRTUAL 72, VU, 8, ecall
  MASKED 73, s9, 0x1800, 0
.ifndef QEMU                                # illegal there
  VIRTUAL 74, VU, 22, csrr t1, sstatus
  VIRTUAL 75, VU, 22, csrr t1, satp
  VIRTUAL 78, VU, 22, sret
  VIRTUAL 79, VU, 22, sfence.vma
  VIRTUAL 81, VU, 22, .insn r 0x73, 0, 0x11, x0, x0, x0
.endif
  VIRTUAL 76, VU, 22, csrr t1, hstatus
  VIRTUAL 77, VU, 2, csrr t1, mstatus
  VIRTUAL 80, VU, 22, wfi
  VIRTUALACCESS 82, VU, .insn r 0x73, 4, 0x34, t1, s1, x0
  VIRTUAL 83, VU, 2, mret
# Counters
  li t0, 7
  csrw hcounteren, t0
  csrw scounteren, x0
  VIRTUAL 84, VU, 22, rdcycle t1
  VS v2
v2: rdcycle t1
  rdinstret t1
  ecall
1: CAUSE 85, 10
  csrw mcounteren, x0
  VIRTUAL 86, VS, 2, rdcycle t1
  li t0, 7
  csrw mcounteren, t0
  csrw scounteren, t0
.if XLEN == 64
  li t0, 0x123 << 48
  csrw htimedelta, t0
  VS v3
v3: rdtime t1
  ecall
1: CAUSE 87, 10
  srli t1, t1, 48
.else
  li t0, 0x123
  csrw htimedeltah, t0
  csrw htimedelta, x0
  VS v3
v3: .insn i 0x73, 2, t1, x0, -0x37F     # timeh
  ecall
1: CAUSE 87, 10
  csrw htimedeltah, x0
.endif
  CHECK 88, t1, 0x123
  csrw htimedelta, x0

# A guest's supervisor registers
  li t0, 0x111
  csrw vsscratch, t0
  li t0, 0x222
  csrw sscratch, t0
  li t0, 0x330
  csrw vsepc, t0
  li t0, 0x440
  csrw sepc, t0
  li t0, 5
  csrw vscause, t0
  csrw scause, x0
  li t0, 0x40000
  csrw vsstatus, t0
  VS v4
v4: csrr s1, sscratch
  csrr a1, sepc
  csrr a2, scause
  csrr a3, sstatus
  li t0, 0x555
  csrw sscratch, t0
  csrw stval, t0
  li t0, 0x80000
  csrw sstatus, t0
  ecall
1: CAUSE 90, 10
  CHECK 91, s1, 0x111
  CHECK 92, a1, 0x330
  CHECK 93, a2, 5
  MASKED 94, a3, 0xC6122, 0x40000
  csrr t1, vsscratch
  CHECK 95, t1, 0x555
  csrr t1, sscratch
  CHECK 96, t1, 0x222
  csrr t1, vstval
  CHECK 97, t1, 0x555
  csrr t1, vsstatus
  MASKED 98, t1, 0xC6122, 0x80000
  csrr t1, sstatus
  MASKED 99, t1, 0xC0000, 0
  csrw vsstatus, x0
  li t0, 0x444
  csrw hideleg, t0
  csrw hie, t0
  csrw hvip, t0
  VS v5                                   # SIE is off
v5: csrr s1, sie
  csrr a1, sip
  csrw sip, x0
  csrr a2, sip
  li t0, 0x20
  csrw sie, t0
  ecall
1: CAUSE 100, 10
  CHECK 101, s1, 0x222
  MASKED 102, a1, SEEN, 0x222 & SEEN
  MASKED 103, a2, SEEN, 0x220 & SEEN
  csrr t1, hie
  CHECK 104, t1, 0x40
  csrw hvip, x0
  csrw hie, x0
  csrw hideleg, x0
  j second
failed: j finish

# Delegation to HS
second:
  li t0, 0x500504                          # 2, 8, 10, 20, 22
  csrw medeleg, t0
  VS v10
v10: ecall
1: CAUSE 110, 10, 1
  MASKED 111, s9, 0x180, 0x180             # SPV, SPVP
  MASKED 112, s10, 0x100, 0x100
  VU v11
v11: ecall
1: CAUSE 113, 8, 1
  MASKED 114, s9, 0x180, 0x80
  MASKED 115, s10, 0x100, 0
  lla t1, v11
  SAME 116, s3, t1
  U v12
v12: ecall
1: CAUSE 117, 8, 1
  MASKED 118, s9, 0x180, 0                 # SPVP stays as it was: VU
  VS v13
v13: csrr t1, hstatus
1: CAUSE 119, 22, 1
  WORD v13, t1
  lwu_same 120
# and from there to VS
  li t0, 0x108                             # 3, 8
  csrw hedeleg, t0
  li t0, 0x108
  csrs medeleg, t0
  li t0, 2                                 # SIE
  csrw vsstatus, t0
  VU v14
v14: ecall
1: CAUSE 121, 8, 2
  MASKED 122, s10, 0x122, 0x20             # SPP 0, SPIE 1, SIE 0
  lla t1, v14
  SAME 123, s3, t1
  li t0, 0x100
  csrw vsstatus, x0
  VS v15
v15: ebreak
1: CAUSE 124, 3, 2
  MASKED 125, s10, 0x122, 0x100
  csrr t1, hstatus                         # HS has seen nothing
  csrw hedeleg, x0
# SRET within the guest, and from HS to it
  csrw vsstatus, x0
  VS v16
v16: lla t0, v17
  csrw sepc, t0
  sret
v17: ecall                                 # VU now
1: CAUSE 126, 8, 1
  MASKED 127, s9, 0x180, 0x80
  HS v18
v18: li t0, 0x180
  csrw hstatus, t0
  li t0, 0x100
  csrs sstatus, t0
  lla t0, v19
  csrw sepc, t0
  sret
v19: ecall
1: CAUSE 128, 10, 1
  HS v20
v20: li t0, 0x80
  csrw hstatus, t0
  li t0, 0x100
  csrc sstatus, t0
  lla t0, v21
  csrw sepc, t0
  sret
v21: ecall
1: CAUSE 129, 8, 1
  HS v22                                   # without SPV to U
v22: csrw hstatus, x0
  li t0, 0x100
  csrc sstatus, t0
  lla t0, v23
  csrw sepc, t0
  sret
v23: csrr t1, sstatus
1: CAUSE 130, 2, 1
  MASKED 131, s9, 0x80, 0
  csrw medeleg, x0

# Interrupts: not delegated to HS, delegated to VS
  li t0, 0x40
  csrw hie, t0
  csrw hvip, t0
  csrsi mstatus, 8                          # they are never machine mode's
  nop
  csrci mstatus, 8
  HS i1                                     # SIE off
i1: nop
  ecall
1: CAUSE 140, 9
  HS i2
i2: csrsi sstatus, 2
  nop
  nop
1: CAUSE 141, SIGN | 6, 1
  MASKED 142, s9, 0x80, 0
  csrci sstatus, 2
  VS i3                                     # whatever SIE
i3: nop
  nop
1: CAUSE 143, SIGN | 6, 1
  MASKED 144, s9, 0x180, 0x180
  li t0, 0x444
  csrw hideleg, t0
  VS i4                                     # the guest's SIE is off
i4: nop
  ecall
1: CAUSE 145, 10
  VU i5
i5: nop
  nop
1: CAUSE 146, SIGN | 5, 2
  MASKED 147, s10, 0x122, 0
  HS i6                                     # for the guest only
i6: csrsi sstatus, 2
  nop
  csrci sstatus, 2
  wfi                                       # pending and enabled: goes on
  ecall
1: CAUSE 148, 9
  lla t0, vvector
  ori t0, t0, 1
  csrw vstvec, t0
  csrw vsstatus, x0
  VS i7
i7: csrsi sstatus, 2
  nop
  nop
1: CAUSE 149, SIGN | 5, 2
  CHECK 150, s8, 5
  MASKED 151, s10, 0x122, 0x120
  li t0, 0x404                              # one at a time, as QEMU has another order
  csrw hie, t0
  li t0, 4
  csrw hvip, t0
  VS i8
i8: csrsi sstatus, 2
  nop
  nop
1: CAUSE 152, SIGN | 1, 2
  CHECK 153, s8, 1
  li t0, 0x400
  csrw hvip, t0
  VS i9
i9: csrsi sstatus, 2
  nop
  nop
1: CAUSE 154, SIGN | 9, 2
  CHECK 155, s8, 9
  lla t0, vtrap
  csrw vstvec, t0
  csrw hvip, x0
  csrw hie, x0
  csrw hideleg, x0
  csrw vsstatus, x0

# Two stages. GPA: 0x80000000 as it is; 0xC0000000 + n pages to the data pages, in tables of their own
  j third
.balign 4
finish:
  lla t0, halt
  csrw mtvec, t0
  li t0, 0x100000
  li t1, 0x5555
  li t2, 0xAA
  beq a0, t2, 1f
  slli t1, a0, 16
  li t2, 0x3333
  or t1, t1, t2
1: sw t1, 0(t0)
.balign 4
halt: j .

# Sets an entry: table, index, label of the target, rights.
.macro ENTRY table, index, target, rights
  lla t0, \table
  lla t1, \target
  srli t1, t1, 12
  slli t1, t1, 10
  ori t1, t1, \rights & 0x3F
  li t2, \rights & ~0x3F
  or t1, t1, t2
  li t2, \index * PTE
  add t0, t0, t2
  SX t1, 0(t0)
.endm
# The same to an address in the guest's physical space.
.macro ENTRYTO table, index, target, rights
  lla t0, \table
  li t1, ((\target) >> 12 << 10) | \rights
  li t2, \index * PTE
  add t0, t0, t2
  SX t1, 0(t0)
.endm
.macro ATP csr, mode, table
  lla t0, \table
  srli t0, t0, 12
.if XLEN == 64
  li t1, \mode << 60
.else
  li t1, 0x80000000
.endif
  or t0, t0, t1
  csrw \csr, t0
.endm
.set R, 2
.set W, 4
.set X, 8
.set UU, 16
.set AD, 0xC0
.set G, 0xC0000000
.set VA, 0x40000000
.macro BITS n, table, index, mask, val
  lla t0, \table
  li t1, \index * PTE
  add t0, t0, t1
  LX t1, 0(t0)
  MASKED \n, t1, \mask, \val
.endm
# GVA of the last trap, to machine mode.
.macro GVA n, val
.if XLEN == 64
  MASKED \n, s9, 1 << 38, \val << 38
.else
  MASKED \n, s10, 1 << 6, \val << 6
.endif
.endm

third:
.if XLEN == 64
  ENTRY groot, 2, gmid, 1
  ENTRYTO gmid, 0, 0x80000000, 1 | R | W | X | UU
  ENTRY groot, 3, gmid2, 1
  ENTRY gmid2, 0, gpages, 1
  ENTRY vroot, 2, vmid, 1
  ENTRYTO vmid, 0, 0x80000000, 1 | R | W | X
  ENTRYTO vroot, 4, 0x80000000, 1 | R | W | X | UU
  ENTRY vroot, 1, vmid2, 1
  ENTRY vmid2, 0, vpages, 1
  ENTRYTO vmid2, 1, G + 0x9000, 1           # a table where there is nothing
  ENTRYTO vmid2, 2, G + 0x6000, 1           # a table that cannot be written
  .set BIG, 0x200000
.else
  ENTRYTO groot, 512, 0x80000000, 1 | R | W | X | UU
  ENTRY groot, 768, gpages, 1
  ENTRYTO vroot, 512, 0x80000000, 1 | R | W | X
  ENTRYTO vroot, 513, 0x80000000, 1 | R | W | X | UU
  ENTRY vroot, 256, vpages, 1
  ENTRYTO vroot, 257, G + 0x9000, 1
  ENTRYTO vroot, 258, G + 0x6000, 1
  .set BIG, 0x400000
.endif
  ENTRY gpages, 0, data, 1 | R | W | X | UU
  ENTRY gpages, 1, data, 1 | R | UU
  ENTRY gpages, 2, data, 1 | X | UU
  ENTRY gpages, 3, data, 1 | R | W | X        # not for user mode
  ENTRY gpages, 4, data, 1 | R | W | UU
  ENTRY gpages, 6, vpages2, 1 | R | UU
  ENTRY gpages, 7, data2, 1 | R | W | X | UU
  ENTRYTO vpages, 0, G, 1 | R | W | X
  ENTRYTO vpages, 1, G + 0x1000, 1 | R | W
  ENTRYTO vpages, 2, G + 0x2000, 1 | R | W | X
  ENTRYTO vpages, 3, G + 0x3000, 1 | R | W
  ENTRYTO vpages, 4, G, 1 | R | W | UU
  ENTRYTO vpages, 5, G, 1 | X
  ENTRYTO vpages, 6, G + 0x9000, 1 | R | W | X
  ENTRYTO vpages, 8, G + 0x4000, 1 | R | W | X
  ENTRYTO vpages, 9, G, 1 | R
  ENTRYTO vpages, 10, G + 0x2000, 1 | X
  ENTRYTO vpages, 11, G + 0x7000, 1 | R | W
  ENTRYTO vpages2, 0, G, 1 | R | W            # A and D are to be set, where the G-stage says no
  ENTRYTO vpages2, 1, G, 1 | R | W | AD
  ATP hgatp, 8, groot

# G-stage alone
  VS g1
g1: li t0, G
  lw s1, 0(t0)
  sw s1, 0x40(t0)
  ecall
1: CAUSE 160, 10
  CHECK 161, s1, 0x11223344
  BITS 162, gpages, 0, 0xC0, 0xC0
  lla t0, data
  lw t1, 0x40(t0)
  CHECK 163, t1, 0x11223344
.macro GUESTFAULT n, mode, cause, address, physical, insn:vararg
  \mode 2f
2: li t0, \address
  \insn
1: CAUSE \n, \cause
  li t1, \address
  SAME \n, s4, t1
  GVA \n, 1
  li t1, (\physical) >> 2
  SAME \n, s7, t1
.endm
  GUESTFAULT 164, VS, 21, G + 0x9008, G + 0x9008, lw t1, 0(t0)
  GUESTFAULT 165, VS, 23, G + 0x900C, G + 0x900C, sw t1, 0(t0)
  GUESTFAULT 166, VS, 20, G + 0x9000, G + 0x9000, jr t0
  GUESTFAULT 167, VS, 23, G + 0x1010, G + 0x1010, sw t1, 0(t0)
  GUESTFAULT 168, VS, 23, G + 0x1010, G + 0x1010, amoadd.w t1, t1, (t0)
  GUESTFAULT 169, VS, 20, G + 0x1000, G + 0x1000, jr t0
  GUESTFAULT 170, VS, 21, G + 0x2000, G + 0x2000, lw t1, 0(t0)
  GUESTFAULT 171, VS, 21, G + 0x3000, G + 0x3000, lw t1, 0(t0)
  GUESTFAULT 172, VU, 21, G + 0x3000, G + 0x3000, lw t1, 0(t0)
.if XLEN == 64
  GUESTFAULT 173, VS, 21, 1 << 41, 1 << 41, lw t1, 0(t0)
.endif
.ifndef QEMU                                  # exchanges them
  li t0, 0x80000                              # MXR of the hypervisor makes it readable, the guest's does not
  csrw vsstatus, t0
  GUESTFAULT 174, VS, 21, G + 0x2000, G + 0x2000, lw t1, 0(t0)
  csrw vsstatus, x0
  li t0, 0x80000
  csrs mstatus, t0
  VS g2
g2: li t0, G + 0x2000
  lw s1, 0(t0)
  ecall
1: CAUSE 175, 10
  CHECK 176, s1, 0x11223344
  li t0, 0x80000
  csrc mstatus, t0
.endif

# Both stages
  ATP vsatp, 8, vroot
  VS w1
w1: li t0, VA
  lw s1, 0(t0)
  ecall
1: CAUSE 180, 10
  CHECK 181, s1, 0x11223344
  BITS 182, vpages, 0, 0xC0, 0x40
  VS w2
w2: li t0, VA
  sw s1, 0x44(t0)
  ecall
1: CAUSE 183, 10
  BITS 184, vpages, 0, 0xC0, 0xC0
  lla t0, data
  lw t1, 0x44(t0)
  CHECK 185, t1, 0x11223344
# faults of the VS-stage are the guest's
.macro PAGEFAULT n, mode, cause, address, insn:vararg
  \mode 2f
2: li t0, \address
  \insn
1: CAUSE \n, \cause
  li t1, \address
  SAME \n, s4, t1
  GVA \n, 1
  ZERO \n, s7
.endm
  PAGEFAULT 186, VS, 13, VA + 0x7004, lw t1, 0(t0)
  PAGEFAULT 187, VS, 15, VA + 0x7004, sw t1, 0(t0)
  PAGEFAULT 188, VS, 12, VA + 0x7004, jr t0
  PAGEFAULT 189, VS, 15, VA + 0x9000, sw t1, 0(t0)
  PAGEFAULT 190, VS, 13, VA + 0x4000, lw t1, 0(t0)
  PAGEFAULT 191, VUALIAS, 13, VA, lw t1, 0(t0)
# faults of the G-stage
  GUESTFAULT 192, VS, 21, VA + 0x6123, G + 0x9123, lb t1, 0(t0)
  GUESTFAULT 193, VS, 23, VA + 0x6010, G + 0x9010, sw t1, 0(t0)
  GUESTFAULT 194, VS, 20, VA + 0x6000, G + 0x9000, jr t0
  GUESTFAULT 195, VS, 23, VA + 0x1018, G + 0x1018, sw t1, 0(t0)
  GUESTFAULT 196, VS, 21, VA + 0x3000, G + 0x3000, lw t1, 0(t0)
  GUESTFAULT 197, VS, 20, VA + 0x8000, G + 0x4000, jr t0
# of entries of the guest's tables
  GUESTFAULT 198, VS, 21, VA + BIG, G + 0x9000, lw t1, 0(t0)
.if XLEN == 64
  CHECK 199, s8, 0x3000
.else
  CHECK 199, s8, 0x2000
.endif
.ifndef QEMU                                  # calls them faults of loads
  GUESTFAULT 200, VS, 23, VA + BIG + 0x3000, G + 0x9000 + 3 * PTE, sw t1, 0(t0)
  GUESTFAULT 201, VS, 20, VA + BIG + 0x3000, G + 0x9000 + 3 * PTE, jr t0
.endif
  VS w3                                        # A and D need not be set
w3: li t0, VA + 2 * BIG + 0x1000
  sw t0, 0x48(t0)
  ecall
1: CAUSE 202, 10
# SUM and MXR of the guest
  li t0, 0x40000
  csrw vsstatus, t0
  VS w4
w4: li t0, VA + 0x4000
  lw s1, 0(t0)
  ecall
1: CAUSE 203, 10
  CHECK 204, s1, 0x11223344
  csrw vsstatus, x0
  li t0, 0x40000                               # the hypervisor's SUM is not
  csrs mstatus, t0
  PAGEFAULT 205, VS, 13, VA + 0x4000, lw t1, 0(t0)
  li t0, 0x40000
  csrc mstatus, t0
  PAGEFAULT 206, VS, 13, VA + 0x5000, lw t1, 0(t0)
  li t0, 0x80000
  csrw vsstatus, t0
  VS w5
w5: li t0, VA + 0x5000
  lw s1, 0(t0)
  ecall
1: CAUSE 207, 10
  csrw vsstatus, x0
  VS w6                                        # the guest changes its own
w6: li t0, VA + 0x4000
  li t1, 0x40000
  csrs sstatus, t1
  lw s1, 0(t0)
  csrc sstatus, t1
  lw s1, 0(t0)
1: CAUSE 208, 13
  j fourth
.balign 4
fail2: j finish

# A fault of the guest's own pages goes to VS, one of the G-stage to HS
fourth:
  li t0, 0xB0B000
  csrw medeleg, t0
  li t0, 0xB000
  csrw hedeleg, t0
  VS x1
x1: li t0, VA + 0x7008
  lw t1, 0(t0)
1: CAUSE 210, 13, 2
  CHECK 211, s4, VA + 0x7008
  VS x2
x2: li t0, VA + 0x6010
  lw t1, 0(t0)
1: CAUSE 212, 21, 1
  CHECK 213, s4, VA + 0x6010
  li t1, (G + 0x9010) >> 2
  SAME 214, s7, t1
  MASKED 215, s9, 0x1C0, 0x1C0                 # SPVP, SPV, GVA
  VUALIAS x3
x3: li t0, VA + BIG
  lw t1, 0(t0)
1: CAUSE 216, 21, 1
.if XLEN == 64
  CHECK 217, s8, 0x3000
.else
  CHECK 217, s8, 0x2000
.endif
  MASKED 218, s9, 0x1C0, 0xC0
  csrw hedeleg, x0
  VUALIAS x4
x4: li t0, VA
  lw t1, 0(t0)
1: CAUSE 219, 13, 1
  MASKED 220, s9, 0x1C0, 0xC0
  ZERO 221, s7

# HLV, HLVX, HSV
  csrw hstatus, x0
  li t0, 0x100                                  # as VS
  csrw hstatus, t0
  ATP satp, 8, vroot                            # of which HS uses the part that the guest's addresses are
  HS y1
y1: li t0, VA
  .insn r 0x73, 4, 0x34, a1, t0, x0             # hlv.w
  .insn r 0x73, 4, 0x30, a2, t0, x0             # hlv.b
  addi t0, t0, 8
  .insn r 0x73, 4, 0x32, a3, t0, x0             # hlv.h
  .insn r 0x73, 4, 0x32, a4, t0, x1             # hlv.hu
  .insn r 0x73, 4, 0x30, a5, t0, x0             # hlv.b
  .insn r 0x73, 4, 0x30, a6, t0, x1             # hlv.bu
  .insn r 0x73, 4, 0x32, a7, t0, x3             # hlvx.hu
  .insn r 0x73, 4, 0x34, s1, t0, x3             # hlvx.wu
  ecall
1: CAUSE 222, 9
  CHECK 223, a1, 0x11223344
  CHECK 224, a2, 0x44
  CHECK 225, a3, -0x7778
  CHECK 226, a4, 0x8888
  CHECK 227, a5, -0x78
  CHECK 228, a6, 0x88
  CHECK 229, a7, 0x8888
.if XLEN == 64
  CHECK 230, s1, 0xF9998888
  li t0, VA + 8
  .insn r 0x73, 4, 0x34, a1, t0, x0             # hlv.w, hlv.wu, hlv.d: from machine mode
  .insn r 0x73, 4, 0x34, a2, t0, x1
  .insn r 0x73, 4, 0x36, a3, t0, x0
  CHECK 231, a1, -0x6667778
  CHECK 231, a2, 0xF9998888
  CHECK 231, a3, 0x01020304F9998888
  li t0, VA + 0x50
  .insn r 0x73, 4, 0x37, x0, t0, a3             # hsv.d
  lla t0, data
  ld t1, 0x50(t0)
  SAME 231, t1, a3
.else
  CHECK 230, s1, 0xF9998888
.endif
  li t1, -2
  li t0, VA + 0x60
  .insn r 0x73, 4, 0x35, x0, t0, t1             # hsv.w
  addi t0, t0, 1
  .insn r 0x73, 4, 0x31, x0, t0, x0             # hsv.b
  addi t0, t0, 1
  li t1, 0x1234
  .insn r 0x73, 4, 0x33, x0, t0, t1             # hsv.h
  lla t0, data
  lw t1, 0x60(t0)
  CHECK 232, t1, 0x123400FE
  TRAPAT 1f
  li t0, VA + 0x6010                            # from machine mode: the faults are guest page faults too
  .insn r 0x73, 4, 0x34, a1, t0, x0
1: CAUSE 233, 21
  CHECK 233, s4, VA + 0x6010
  GVA 233, 1
  li t1, (G + 0x9010) >> 2
  SAME 233, s7, t1
  HS y2
y2: li t0, VA + 0x1010
  .insn r 0x73, 4, 0x35, x0, t0, t1
1: CAUSE 234, 23, 1
  MASKED 234, s9, 0x1C0, 0x140                   # GVA, SPVP as it was, not SPV
  HS y3
y3: li t0, VA + 0x7000
  .insn r 0x73, 4, 0x34, a1, t0, x0
1: CAUSE 235, 13, 1
  MASKED 235, s9, 0x1C0, 0x140
.ifndef QEMU                                      # wants the right to read
  HS y4                                          # executable only, in both stages
y4: li t0, VA + 0xA000
  .insn r 0x73, 4, 0x34, a1, t0, x3
  .insn r 0x73, 4, 0x34, a2, t0, x0
1: CAUSE 236, 13, 1
  CHECK 236, a1, 0x11223344
  HS y5                                          # readable only
y5: li t0, VA + 0x9000
  .insn r 0x73, 4, 0x34, a2, t0, x0
  .insn r 0x73, 4, 0x34, a1, t0, x3
1: CAUSE 237, 13, 1
  CHECK 237, a2, 0x11223344
.endif
  csrw hstatus, x0                               # as VU
  HS y6
y6: li t0, VA + 0x4000
  .insn r 0x73, 4, 0x34, a2, t0, x0
  li t0, VA
  .insn r 0x73, 4, 0x34, a1, t0, x0
1: CAUSE 238, 13, 1
  CHECK 238, s4, VA


# MPRV with MPV
  csrw medeleg, x0
.macro AS mpp
  li t1, 0x1800
  csrc mstatus, t1
  li t1, 0x20000 | \mpp << 11
.if XLEN == 64
  li t2, 1 << 39
  or t1, t1, t2
.else
  li t2, 1 << 7
  csrs mstatush, t2
.endif
  csrs mstatus, t1
.endm
.macro NOMORE
  li t1, 0x20000
  csrc mstatus, t1
.endm
  AS 1
  li t0, VA
  lw s1, 0(t0)
  NOMORE
  CHECK 240, s1, 0x11223344
.ifndef QEMU                                      # calls it a page fault
  TRAPAT 1f
  AS 1
  li t0, VA + 0x6014
  lw s1, 0(t0)
1: NOMORE
  CAUSE 241, 21
  GVA 241, 1
.endif
  TRAPAT 1f
  AS 0
  li t0, VA
  lw s1, 0(t0)
1: NOMORE
  CAUSE 242, 13
  AS 3                                            # MPV means nothing then
  lla t0, data
  lw s1, 0(t0)
  NOMORE
  CHECK 243, s1, 0x11223344

  csrw satp, x0

# What is cached goes with the fences, and with the tables
  VS z1
z1: li t0, VA + 0xB000
  lw s1, 0(t0)
  ecall
1: CAUSE 244, 10
  CHECK 244, s1, 0x77
  ENTRY gpages, 7, data, 1 | R | W | X | UU
  .insn r 0x73, 0, 0x31, x0, x0, x0
  VS z2
z2: li t0, VA + 0xB000
  lw s1, 0(t0)
  ecall
1: CAUSE 245, 10
  CHECK 245, s1, 0x11223344
  ENTRYTO vpages, 11, G + 0x9000, 1 | R | W
  .insn r 0x73, 0, 0x11, x0, x0, x0
  GUESTFAULT 246, VS, 21, VA + 0xB000, G + 0x9000, lw t1, 0(t0)
  VS z3                                            # the guest changes its table itself
z3: ENTRYTO vpages, 11, G, 1 | R | W
  sfence.vma
  li t0, VA + 0xB000
  lw s1, 0(t0)
  ecall
1: CAUSE 247, 10
  CHECK 247, s1, 0x11223344

.if XLEN == 64
# Sv48x4 and Sv48
  ENTRY groot4, 0, groot, 1
  ATP hgatp, 9, groot4
  VS q1
q1: li t0, VA
  lw s1, 0(t0)
  ecall
1: CAUSE 248, 10
  CHECK 248, s1, 0x11223344
  ENTRY vroot4, 0, vroot, 1
  ATP vsatp, 9, vroot4
  VS q2
q2: li t0, VA
  lw s1, 4(t0)
  ecall
1: CAUSE 249, 10
  CHECK 249, s1, 0x55663344
  GUESTFAULT 250, VS, 21, VA + 0x6010, G + 0x9010, lw t1, 0(t0)
  csrw vsatp, x0
  GUESTFAULT 251, VS, 21, 1 << 50, 1 << 50, lw t1, 0(t0)
  GUESTFAULT 252, VS, 21, 1 << 49, 1 << 49, lw t1, 0(t0)
.else
# All 34 bits of a guest physical address
  ENTRYTO vpages, 12, 0, 1 | R | W
  lla t0, vpages
  lw t1, 12 * PTE(t0)
  li t2, 0x20000000 << 1 | 0x5000 >> 2           # page 0x1000005 << 10... bit 32 of the address
  or t1, t1, t2
  sw t1, 12 * PTE(t0)
  VS q1
q1: li t0, VA + 0xC010
  lw t1, 0(t0)
1: CAUSE 248, 21
  CHECK 249, s4, VA + 0xC010
  CHECK 250, s7, 0x40001404
.endif
  csrw hgatp, x0
  csrw vsatp, x0
  li a0, 0xAA
  j fail2

# Handlers. s2 to s4: cause, epc, tval; s7 and s8: the second value, the instruction; s9 and s10: status. The handlers of HS and VS end with a call to machine mode.
.balign 4
mtrap:
  bnez s11, 1f
  csrr s2, mcause
  csrr s3, mepc
  csrr s4, mtval
  csrr s7, mtval2
  csrr s8, mtinst
  csrr s9, mstatus
.if XLEN == 32
  csrr s10, mstatush
.endif
1: csrw mepc, s6
  li t6, 0x1800
  csrs mstatus, t6
.if XLEN == 64
  li t6, 1 << 39
  csrc mstatus, t6
.else
  li t6, 1 << 7
  csrc mstatush, t6
.endif
  mret
.balign 4
htrap:
  csrr s2, scause
  csrr s3, sepc
  csrr s4, stval
  csrr s7, htval
  csrr s8, htinst
  csrr s9, hstatus
  csrr s10, sstatus
  li s11, 1
  li t6, -1
  j tomachine
.balign 4
vvector:
.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
  j vv\n
.endr
.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
vv\n: li s8, \n
  j vtrap
.endr
.balign 4
vtrap:
  csrr s2, scause
  csrr s3, sepc
  csrr s4, stval
  csrr s10, sstatus
  li s11, 2
# An instruction that is illegal below machine mode and delegated nowhere: a store misaligned for an atomic.
tomachine:
  lla t6, data + 2
  amoadd.w x0, x0, (t6)

.balign 4096
data: .word 0x11223344, 0x55663344, 0xF9998888, 0x01020304
.balign 4096
data2: .word 0x77
.balign 16384
groot: .zero 16384
groot4: .zero 16384
gmid: .zero 4096
gmid2: .zero 4096
gpages: .zero 4096
vroot: .zero 4096
vroot4: .zero 4096
vmid: .zero 4096
vmid2: .zero 4096
vpages: .zero 4096
vpages2: .zero 4096
