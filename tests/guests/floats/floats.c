// Executes floating-point instructions of the processor on operands from standard input and writes result and exceptions.
// A batch: the number of cases (32 bits), the cases; answered by as many results. See FloatCase.cs and FloatReply.cs.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct test { uint64_t a, b, c; uint32_t operation, control; };
struct reply { uint64_t value; uint32_t status, unused; };

enum { ADD, SUBTRACT, MULTIPLY, DIVIDE, ROOT, FUSED, CONVERT, TO32, TO64, FROM64, COMPARE, COMPARE_SIGNALLING, OPERATIONS };

// Of the two factors of vfmadd213 the middle operand is the first.
// The control word is in force for one instruction only; its status bits come back in it.
#define UNARY(OP, RESULT, SOURCE) __asm__ volatile("ldmxcsr %1\n\t" OP " %2, %0\n\tstmxcsr %1" : "=&x"(RESULT), "+m"(control) : "x"(SOURCE))
#define BINARY(OP, RESULT, SOURCE) __asm__ volatile("ldmxcsr %1\n\t" OP " %2, %0\n\tstmxcsr %1" : "+x"(RESULT), "+m"(control) : "x"(SOURCE))
#define TO(OP, RESULT, SOURCE) __asm__ volatile("ldmxcsr %1\n\t" OP " %2, %0\n\tstmxcsr %1" : "=&r"(RESULT), "+m"(control) : "x"(SOURCE))
#define FROM(OP, RESULT, SOURCE) __asm__ volatile("ldmxcsr %1\n\t" OP " %2, %0\n\tstmxcsr %1" : "=&x"(RESULT), "+m"(control) : "r"(SOURCE))
#define ORDER(OP, X, Y) __asm__ volatile("ldmxcsr %1\n\t" OP " %3, %2\n\tlahf\n\tmovzbl %%ah, %0\n\tstmxcsr %1" : "=&Q"(eflags), "+m"(control) : "x"(X), "x"(Y) : "rax", "cc")

#define RUN(TYPE, BITS, S, OTHER, NARROW) \
    static struct reply run_##TYPE(const struct test *t) { \
        union { TYPE f; BITS u; } x = { .u = (BITS)t->a }, y = { .u = (BITS)t->b }, z = { .u = (BITS)t->c }; \
        union { OTHER f; uint64_t u; uint32_t half; } other = { .u = 0 }; \
        uint32_t control = t->control, eflags, word; uint64_t wide, value; \
        switch (t->operation) { \
        case ADD: BINARY("adds" S, x.f, y.f); value = x.u; break; \
        case SUBTRACT: BINARY("subs" S, x.f, y.f); value = x.u; break; \
        case MULTIPLY: BINARY("muls" S, x.f, y.f); value = x.u; break; \
        case DIVIDE: BINARY("divs" S, x.f, y.f); value = x.u; break; \
        case ROOT: UNARY("sqrts" S, y.f, x.f); value = y.u; break; \
        case FUSED: __asm__ volatile("ldmxcsr %1\n\tvfmadd213s" S " %3, %2, %0\n\tstmxcsr %1" : "+x"(y.f), "+m"(control) : "x"(x.f), "x"(z.f)); value = y.u; break; \
        case CONVERT: UNARY("cvts" S "2s" NARROW, other.f, x.f); value = sizeof(OTHER) == 4 ? other.half : other.u; break; \
        case TO32: TO("cvts" S "2si", word, x.f); value = word; break; \
        case TO64: TO("cvts" S "2siq", wide, x.f); value = wide; break; \
        case FROM64: FROM("cvtsi2s" S "q", x.f, t->a); value = x.u; break; \
        case COMPARE: ORDER("ucomis" S, x.f, y.f); value = eflags; break; \
        case COMPARE_SIGNALLING: ORDER("comis" S, x.f, y.f); value = eflags; break; \
        default: exit(2); \
        } \
        return (struct reply){ value, control & 0x3F, 0 }; \
    }

RUN(double, uint64_t, "d", float, "s")
RUN(float, uint32_t, "s", double, "d")

int main(void) {
    uint32_t count;
    if (!__builtin_cpu_supports("fma")) return 3;
    while (fread(&count, sizeof count, 1, stdin) == 1) {
        struct test *tests = malloc(count * sizeof *tests);
        struct reply *replies = malloc(count * sizeof *replies);
        if (!tests || !replies || fread(tests, sizeof *tests, count, stdin) != count) return 1;
        for (uint32_t i = 0; i < count; i++) {
            uint32_t single = tests[i].operation & 0x100;
            tests[i].operation &= 0xFF;
            replies[i] = single ? run_float(&tests[i]) : run_double(&tests[i]);
        }
        fwrite(replies, sizeof *replies, count, stdout);
        fflush(stdout);
        free(tests);
        free(replies);
    }
    return 0;
}
