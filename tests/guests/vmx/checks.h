/* One check on VM entry: changes of a valid VMCS and what follows. */
#ifndef CHECKS_H
#define CHECKS_H

#include "vmx.h"

#define CHANGES 5
enum how { TO, OR, XOR, WITHOUT, FORBIDDEN_SET, FORBIDDEN_CLEAR, PLUS };
struct change { u32 field, how, value; };
struct check {
    const char *name;
    const char *expected; /* "7", "8": VMfailValid; "33", "34": exit at entry; "ok": entered; "refused": 7 or 8, as processors differ */
    struct change change[CHANGES];
    u32 qualification, needs;
    void (*before)(void);
    int (*unless)(void); /* true where the processor may do without the check */
};
extern const struct check control_checks[], host_checks[], guest_register_checks[], guest_segment_checks[], guest_other_checks[];

#endif
