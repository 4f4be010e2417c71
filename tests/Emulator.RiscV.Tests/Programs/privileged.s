# Checks itself: exceptions, CSRs, delegation, interrupts, translation, memory protection, atomics. XLEN is 32 or 64.
# Ends in a loop with 0xAA in a0, or with the number of the check that failed.
.macro CHECK n, reg, val
  li t6, \val
  li a0, \n
  bne \reg, t6, fail
.endm
# A trap is expected next; the handler goes on at the label, in machine mode.
.macro TRAPAT label
  lla s6, \label
  li s2, -1
.endm
.if XLEN==64
.macro LX a:vararg
  ld \a
.endm
.macro SX a:vararg
  sd \a
.endm
.else
.macro LX a:vararg
  lw \a
.endm
.macro SX a:vararg
  sw \a
.endm
.endif
# What H adds: exceptions that can be delegated, interrupts for VS mode, misa.H, MPV and GVA.
.ifdef HYPERVISOR
.set HX, 0xf00400
.set HI, 0x444
.set HVSSIP, 4
.set HMISA, 0x80
.set HSTATUS, 0xc000000000
.else
.set HX, 0
.set HI, 0
.set HVSSIP, 0
.set HMISA, 0
.set HSTATUS, 0
.endif
.option norvc
.text
start:
  lla t0, mtrap
  csrw mtvec, t0
  lla sp, stack
# 1 illegal
  TRAPAT 1f
  .word 0xffffffff
1: CHECK 1, s2, 2
  CHECK 2, s4, 0xffffffff
  TRAPAT 1f
  .half 0
  .half 0
1: CHECK 3, s2, 2
  CHECK 4, s4, 0
  TRAPAT 1f
  ecall
1: CHECK 5, s2, 11
  CHECK 6, s4, 0
  TRAPAT 1f
2: ebreak
1: CHECK 7, s2, 3
  lla t0, 2b
  li a0, 8
  bne s4, t0, fail
  bne s3, t0, fail
# load access fault
  li t0, 0x40000000
  TRAPAT 1f
  lw t1, 8(t0)
1: CHECK 9, s2, 5
  CHECK 10, s4, 0x40000008
  TRAPAT 1f
  sw t1, 12(t0)
1: CHECK 11, s2, 7
  TRAPAT 1f
  jr t0
1: CHECK 12, s2, 1
  CHECK 13, s3, 0x40000000
# misaligned amo
  lla t0, data
  addi t0, t0, 2
  TRAPAT 1f
  amoadd.w t1, t1, (t0)
1: CHECK 14, s2, 6
  TRAPAT 1f
  lr.w t1, (t0)
1: CHECK 15, s2, 4
  lw t1, 0(t0)      # misaligned load works
  CHECK 16, t1, 0x33441122
# lr/sc
  lla t0, data
  lr.w t1, (t0)
  li t2, 77
  sc.w t3, t2, (t0)
  CHECK 17, t3, 0
  sc.w t3, t2, (t0)
  CHECK 18, t3, 1
  lw t1, 0(t0)
  CHECK 19, t1, 77
  li t2, -5
  amomax.w t1, t2, (t0)
  CHECK 20, t1, 77
  amomin.w t1, t2, (t0)
  lw t1, 0(t0)
  CHECK 21, t1, -5
  amomaxu.w t1, x0, (t0)
  lw t1, 0(t0)
  CHECK 22, t1, -5
  amoswap.w t1, x0, (t0)
  CHECK 23, t1, -5
# U mode without PMP: no access
  csrw pmpcfg0, x0
  lla t0, ucode
  csrw mepc, t0
  li t1, 0x1800
  csrc mstatus, t1
  TRAPAT 1f
  mret
1: CHECK 30, s2, 1
# PMP everything
  li t0, -1
  csrw pmpaddr0, t0
  csrr t1, pmpaddr0
.if XLEN==64
  CHECK 31, t1, 0x3ffffffffffc00
.else
  CHECK 31, t1, 0xfffffc00
.endif
  li t0, 0x1f
  csrw pmpcfg0, t0
  csrr t1, pmpaddr0
.if XLEN==64
  CHECK 32, t1, 0x3fffffffffffff
.else
  CHECK 32, t1, 0xffffffff
.endif
  lla t0, ucode
  csrw mepc, t0
  li t1, 0x1800
  csrc mstatus, t1
  TRAPAT 1f
  mret
ucode:
  ecall
1: CHECK 33, s2, 8
# U: csr access
  lla t0, ucode2
  csrw mepc, t0
  csrc mstatus, t1
  li t1, 0x1800
  csrc mstatus, t1
  TRAPAT 1f
  mret
ucode2:
  csrr t0, mstatus
1: CHECK 34, s2, 2
  CHECK 35, s4, 0x300022f3
  csrr t0, mstatus
  li t1, 0x1800
  and t0, t0, t1
  CHECK 36, t0, 0x0        # after mret with MPP=M set by handler, MPP=U
# U: counters closed / open
.macro INU label
  lla t0, \label
  csrw mepc, t0
  li t1, 0x1800
  csrc mstatus, t1
  TRAPAT 1f
  mret
.endm
  INU u3
u3: rdcycle t0
  ecall
1: CHECK 37, s2, 2
  li t0, 7
  csrw mcounteren, t0
  INU u4
u4: rdcycle t0
  ecall
1: CHECK 38, s2, 2
  li t0, 1
  csrw scounteren, t0
  INU u5
u5: rdcycle t0
  ecall
1: CHECK 39, s2, 8
  INU u6
u6: wfi
1: CHECK 40, s2, 2
  INU u7
u7: sfence.vma
1: CHECK 41, s2, 2
  INU u8
u8: mret
1: CHECK 42, s2, 2
  INU u9
u9: sret
1: CHECK 43, s2, 2
# CSR WARL
  li t0, 0x1000      # MPP = 2
  csrw mstatus, t0
  csrr t1, mstatus
  li t2, 0x1800
  and t1, t1, t2
  CHECK 50, t1, 0
  csrw medeleg, x0
  li t0, -1
  csrw medeleg, t0
  csrr t1, medeleg
  CHECK 51, t1, 0xb3fe | HX
  csrw mideleg, t0
  csrr t1, mideleg
  CHECK 52, t1, 0x222 | HI
  csrw mie, t0
  csrr t1, mie
  CHECK 53, t1, 0xaaa | HI
  csrr t1, sie
  CHECK 54, t1, 0x222
  csrw sie, x0
  csrr t1, mie
  CHECK 55, t1, 0x888 | HI
  csrw mie, x0
  csrw mip, t0
  csrr t1, mip
  CHECK 56, t1, 0x222 | HVSSIP
  csrw sip, x0
  csrr t1, mip
  CHECK 57, t1, 0x220 | HVSSIP
  csrw mip, x0
  csrw medeleg, x0
  csrw mideleg, x0
  csrw mepc, t0
  csrr t1, mepc
  CHECK 58, t1, -2
  csrw mtvec, t0
  csrr t1, mtvec
  CHECK 59, t1, -3
  lla t0, mtrap
  csrw mtvec, t0
  csrr t1, misa
.if XLEN==64
  CHECK 60, t1, 0x800000000014112f | HMISA
.else
  CHECK 60, t1, 0x4014112f | HMISA
.endif
  li t0, -1
  csrw mstatus, t0
  csrr t1, sstatus
.if XLEN==64
  CHECK 61, t1, 0x80000002000c6122
.else
  CHECK 61, t1, 0x800c6122
.endif
  csrr t1, mstatus
  csrw mstatus, x0
.if XLEN==64
  CHECK 62, t1, 0x8000000a007e79aa | HSTATUS
.else
  CHECK 62, t1, 0x807e79aa
.endif
# counters
  csrw minstret, x0
  csrr t1, minstret
  CHECK 63, t1, 0
  csrr t1, minstret
  CHECK 64, t1, 4
  li t0, 5
  csrw mcountinhibit, t0
  csrr t1, minstret
  nop
  csrr t2, minstret
  li a0, 65
  bne t1, t2, fail
  csrw mcountinhibit, x0
  csrr t2, minstret
  sub t2, t2, t1
  CHECK 66, t2, 0
  csrr t1, time
  CHECK 67, t1, 12345
  TRAPAT 1f
  csrw cycle, x0
1: CHECK 68, s2, 2
  TRAPAT 1f
  csrr t0, 0x7c0
1: CHECK 69, s2, 2
  TRAPAT 1f
  csrr t0, fcsr
1: CHECK 70, s2, 2
  TRAPAT 1f
  .word 0x00052007    # flw
1: CHECK 71, s2, 2
# interrupts: vectored, SSIP in M
  lla t0, mvec
  ori t0, t0, 1
  csrw mtvec, t0
  li t0, 0x222
  csrw mie, t0
  csrw mip, t0
  TRAPAT 1f
  csrsi mstatus, 8
  nop
1: CHECK 72, s8, 9      # SEI first
.if XLEN==64
  CHECK 73, s2, 0x8000000000000009
.else
  CHECK 73, s2, 0x80000009
.endif
  li t0, 0x200
  csrc mip, t0
  csrci mstatus, 8
  TRAPAT 1f
  csrsi mstatus, 8
  nop
1: CHECK 74, s8, 1
  csrci mip, 2
  TRAPAT 1f
  csrsi mstatus, 8
  nop
1: CHECK 75, s8, 5
  csrw mip, x0
  # wfi with pending but disabled globally: goes on
  csrci mstatus, 8
  csrsi mip, 2
  wfi
  csrci mip, 2
  csrw mie, x0
  lla t0, mtrap
  csrw mtvec, t0
# delegation: ecall from U goes to S
  li t0, 0x100
  csrw medeleg, t0
  lla t0, strap
  csrw stvec, t0
  li t0, 2
  csrw sscratch, t0
  li s9, 0
  INU u10
u10: ecall
strap:
  csrr s9, scause
  csrr s10, sepc
  csrr s11, sstatus
  ecall                # from S: 9, to M
1: CHECK 80, s9, 8
  CHECK 81, s2, 9
  lla t0, u10
  li a0, 82
  bne t0, s10, fail
  andi s11, s11, 0x100
  CHECK 83, s11, 0
  csrw medeleg, x0
# TVM TW TSR in S
.macro INS label
  lla t0, \label
  csrw mepc, t0
  li t1, 0x1800
  csrc mstatus, t1
  li t1, 0x0800
  csrs mstatus, t1
  TRAPAT 1f
  mret
.endm
  li t0, 0x100000
  csrs mstatus, t0
  INS s1
s1: csrr t0, satp
1: CHECK 84, s2, 2
  INS s2l
s2l: sfence.vma
1: CHECK 85, s2, 2
  li t0, 0x200000
  csrs mstatus, t0
  INS s3
s3: wfi
1: CHECK 86, s2, 2
  li t0, 0x400000
  csrs mstatus, t0
  INS s4
s4: sret
1: CHECK 87, s2, 2
  li t0, 0x700000
  csrc mstatus, t0
  INS s5
s5: csrr t0, satp
  sfence.vma
  ecall
1: CHECK 88, s2, 9
# SMC
  lla t0, patch
  li t1, 0x00300393   # addi t2, x0, 3
  sw t1, 0(t0)
  fence.i
patch: addi t2, x0, 1
  CHECK 89, t2, 3
  j 9f
# In the middle, where every branch reaches it.
fail: j .
9:
# paging: root at pt, identity map of 0x80000000
  lla t0, pt
.if XLEN==64
  # root[2] -> pt1 ; root[0]: gigapage leaf misaligned test
  lla t1, pt1
  srli t2, t1, 2
  ori t2, t2, 1
  sd t2, 16(t0)
  # pt1[0] = 2M leaf 0x80000000 RWX, A=D=0
  li t2, 0x80000000>>2
  ori t2, t2, 0xf
  sd t2, 0(t1)
  # pt1[1] -> pt2
  lla t3, pt2
  srli t2, t3, 2
  ori t2, t2, 1
  sd t2, 8(t1)
  # pt2[0]: data page RO ; [1] U RW ; [2] X only; [3] RW
  lla t4, data
  srli t2, t4, 2
  ori t4, t2, 0x3
  sd t4, 0(t3)
  ori t4, t2, 0x17
  sd t4, 8(t3)
  ori t4, t2, 0x9
  sd t4, 16(t3)
  ori t4, t2, 0x7
  sd t4, 24(t3)
  srli t0, t0, 12
  li t1, 8<<60
  or t0, t0, t1
  csrw satp, t0
  csrr t1, satp
  li a0, 90
  bne t0, t1, fail
  li t1, 10<<60
  csrw satp, t1
  csrr t1, satp
  bne t0, t1, fail
  .set VA, 0x80200000
.else
  # root[512] = 4M leaf 0x80000000
  li t2, 0x80000000>>2
  ori t2, t2, 0xf
  li t3, 2048
  add t3, t3, t0
  sw t2, 0(t3)
  # root[513] -> pt2
  lla t5, pt2
  srli t2, t5, 2
  ori t2, t2, 1
  sw t2, 4(t3)
  lla t4, data
  srli t2, t4, 2
  ori t4, t2, 0x3
  sw t4, 0(t5)
  ori t4, t2, 0x17
  sw t4, 4(t5)
  ori t4, t2, 0x9
  sw t4, 8(t5)
  ori t4, t2, 0x7
  sw t4, 12(t5)
  srli t0, t0, 12
  li t1, 0x80000000
  or t0, t0, t1
  csrw satp, t0
  .set VA, 0x80400000
.endif
  # M mode is still bare
  lla t0, data
  li t1, 0x5a5a
  sw t1, 0(t0)
  INS p1
p1: li t0, VA
  lw t1, 0(t0)
  ecall
1: CHECK 91, s2, 9
  CHECK 92, t1, 0x5a5a
  lla t5, pt2
  LX t2, 0(t5)
  andi t2, t2, 0xff
  CHECK 93, t2, 0x43
  INS p2
p2: li t0, VA
  sw t1, 4(t0)
1: CHECK 94, s2, 15
  CHECK 95, s4, VA+4
  INS p3
p3: li t0, VA+0x1000
  lw t1, 0(t0)
1: CHECK 96, s2, 13
  li t2, 0x40000
  csrs mstatus, t2
  INS p4
p4: li t0, VA+0x1000
  sw t0, 8(t0)
  ecall
1: CHECK 97, s2, 9
  lla t0, data
  lw t1, 8(t0)
  li t2, VA+0x1000
.if XLEN==64
  sext.w t2, t2
.endif
  li a0, 98
  bne t1, t2, fail
  lla t5, pt2
  LX t2, XLEN/8(t5)
  andi t2, t2, 0xff
  CHECK 99, t2, 0xd7
  INS p5
p5: li t0, VA+0x2000
  lw t1, 0(t0)
1: CHECK 100, s2, 13
  li t2, 0x80000
  csrs mstatus, t2
  INS p6
p6: li t0, VA+0x2000
  lw t1, 0(t0)
  ecall
1: CHECK 101, s2, 9
  li t2, 0xc0000
  csrc mstatus, t2
  INS p7
p7: li t0, VA
  jr t0
1: CHECK 102, s2, 12
  INU p8
p8: nop
1: CHECK 103, s2, 12
  INS p9
p9: li t0, VA+0x4000
  lw t1, 0(t0)
1: CHECK 104, s2, 13
# MPRV from M as S
  li t1, 0x1800
  csrc mstatus, t1
  li t1, 0x20800
  csrs mstatus, t1
  li t0, VA+0x3000
  li t1, 0x1234
  sw t1, 16(t0)
  li t2, 0x20000
  csrc mstatus, t2
  TRAPAT 1f
  lw t1, 16(t0)       # bare: nothing there
1: CHECK 105, s2, 5
  lla t0, data
  lw t1, 16(t0)
  CHECK 106, t1, 0x1234
  # MPRV as U on S page: fault, and MPRV stays through the trap to M
  li t1, 0x1800
  csrc mstatus, t1
  li t1, 0x20000
  csrs mstatus, t1
  li t0, VA+0x3000
  TRAPAT 1f
  lw t1, 16(t0)
1: CHECK 107, s2, 13
  li t2, 0x20000
  csrc mstatus, t2
# misaligned across pages (3 -> 4 unmapped), S
  INS p10
p10: li t0, VA+0x3ffe
  sw t0, 0(t0)
1: CHECK 108, s2, 15
  CHECK 109, s4, VA+0x4000
.if XLEN==64
  INS p11
p11: li t0, 0x4000000000
  lw t1, 0(t0)
1: CHECK 110, s2, 13
.endif
# an instruction whose second half lies in a page that cannot be executed
  lla t0, data
  li t1, 0x0013
  li t2, 0xffe
  add t0, t0, t2
  sh t1, 0(t0)
  INS p12
p12: li t0, VA+0x2ffe
  jr t0
1: CHECK 111, s2, 12
  CHECK 112, s3, VA+0x2ffe
  CHECK 113, s4, VA+0x3000
.if XLEN==64
# Sv48: one more level above
  lla t0, pt4
  lla t1, pt
  srli t2, t1, 2
  ori t2, t2, 1
  sd t2, 0(t0)
  srli t0, t0, 12
  li t1, 9<<60
  or t0, t0, t1
  csrw satp, t0
  INS p13
p13: li t0, VA
  lw t1, 0(t0)
  ecall
1: CHECK 114, s2, 9
  CHECK 115, t1, 0x5a5a
  INS p14
p14: li t0, 1<<47
  lw t1, 0(t0)
1: CHECK 116, s2, 13
  INS p15
p15: li t0, 0x8000080000000
  lw t1, 0(t0)
1: CHECK 117, s2, 13
.endif
  csrw satp, x0
# PMP: region of data page read-only, locked
  lla t0, data
  srli t0, t0, 2
  ori t0, t0, 0x1ff
  csrw pmpaddr0, t0
  li t0, 0x99
  csrw pmpcfg0, t0
  lla t0, data
  lw t1, 0(t0)
  TRAPAT 1f
  sw t1, 0(t0)
1: CHECK 120, s2, 7
  csrw pmpcfg0, x0
  csrr t1, pmpcfg0
  CHECK 121, t1, 0x99
  li t1, -1
  csrw pmpaddr0, t1
  csrr t1, pmpaddr0
  lla t0, data
  srli t0, t0, 2
  ori t0, t0, 0x1ff
  li a0, 122
  bne t1, t0, fail
  lla t0, after
  sw t1, 0(t0)
  li a0, 0xaa
  j .

.balign 4
mtrap:
  csrr s2, mcause
  csrr s3, mepc
  csrr s4, mtval
  addi s5, s5, 1
  csrw mepc, s6
  li t6, 0x1800
  csrs mstatus, t6
  mret
.balign 4
mvec:
  j v0
  j v1
  j v0
  j v3
  j v0
  j v5
  j v0
  j v7
  j v0
  j v9
  j v0
  j v11
v0: li s8, 0
  j mtrap2
v1: li s8, 1
  j mtrap2
v3: li s8, 3
  j mtrap2
v5: li s8, 5
  j mtrap2
v7: li s8, 7
  j mtrap2
v9: li s8, 9
  j mtrap2
v11: li s8, 11
mtrap2:
  csrr s2, mcause
  csrr s3, mepc
  li t6, 0x1880
  csrs mstatus, t6
  li t6, 0x80
  csrc mstatus, t6
  csrw mepc, s6
  mret
.balign 4096
data: .word 0x11223344, 0x55663344
  .half 0x0
  .half 0
.balign 4096
after: .word 0
.balign 4096
pt: .zero 4096
pt1: .zero 4096
pt2: .zero 4096
pt4: .zero 4096
stack: .zero 4096
