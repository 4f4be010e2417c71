// Floating-point computation whose every bit goes into a checksum: planets, a fractal, a Fourier transform, matrices, conversions, fused multiplications.
// As a bare program it ends in a loop with the checksum in a0 (and a1); natively it prints it.
#include <stdint.h>

static uint64_t sum;

static void take(uint64_t v) { sum = (sum ^ v) * 0x100000001B3ull + (sum >> 47); }
static void take_double(double d) { union { double d; uint64_t u; } x = { d }; take(x.u); }
static void take_float(float f) { union { float f; uint32_t u; } x = { f }; take(x.u); }

struct body { double x[3], v[3], m; };

static void planets(int steps) {
    struct body b[4] = {
        { { 0, 0, 0 }, { 0, 0, 0 }, 39.5 }, { { 4.8, -1.2, -0.1 }, { 0.6, 2.8, -0.02 }, 0.038 },
        { { 8.3, 4.1, -0.4 }, { -1.0, 1.8, 0.008 }, 0.011 }, { { 12.9, -15.1, -0.2 }, { 1.1, 0.87, -0.01 }, 0.0017 } };
    for (int s = 0; s < steps; s++) {
        for (int i = 0; i < 4; i++)
            for (int j = i + 1; j < 4; j++) {
                double d[3], square = 0;
                for (int k = 0; k < 3; k++) { d[k] = b[i].x[k] - b[j].x[k]; square += d[k] * d[k]; }
                double root = __builtin_sqrt(square), magnitude = 0.01 / (square * root);
                for (int k = 0; k < 3; k++) { b[i].v[k] -= d[k] * b[j].m * magnitude; b[j].v[k] += d[k] * b[i].m * magnitude; }
            }
        for (int i = 0; i < 4; i++)
            for (int k = 0; k < 3; k++) b[i].x[k] += 0.01 * b[i].v[k];
    }
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < 3; k++) { take_double(b[i].x[k]); take_double(b[i].v[k]); }
}

static void fractal(int n) {
    for (int y = 0; y < n; y++)
        for (int x = 0; x < n; x++) {
            float cr = 3.0f * (float)x / (float)n - 2.0f, ci = 2.0f * (float)y / (float)n - 1.0f, r = 0, i = 0;
            int k = 0;
            for (; k < 100 && r * r + i * i < 4.0f; k++) { float t = r * r - i * i + cr; i = 2 * r * i + ci; r = t; }
            take((uint64_t)k);
            take_float(r);
        }
}

static double sine(double x) {
    double term = x, total = x;
    for (int n = 1; n < 12; n++) { term *= -x * x / (double)(2 * n * (2 * n + 1)); total += term; }
    return total;
}

static void transform(void) {
    static double re[256], im[256];
    for (int i = 0; i < 256; i++) { re[i] = (double)((i * 37) % 101) / 7; im[i] = (double)((i * i) % 53) * -0.125; }
    for (int i = 1, j = 0; i < 256; i++) {
        int bit = 128;
        for (; j & bit; bit >>= 1) j ^= bit;
        j ^= bit;
        if (i < j) { double t = re[i]; re[i] = re[j]; re[j] = t; t = im[i]; im[i] = im[j]; im[j] = t; }
    }
    for (int len = 2; len <= 256; len <<= 1)
        for (int k = 0; k < len / 2; k++) {
            double angle = -3.14159265358979323846 * 2 * k / len, s = sine(angle), c = sine(angle + 1.57079632679489661923);
            for (int i = k; i < 256; i += len) {
                int j = i + len / 2;
                double a = re[j] * c - im[j] * s, b = re[j] * s + im[j] * c;
                re[j] = re[i] - a; im[j] = im[i] - b; re[i] += a; im[i] += b;
            }
        }
    for (int i = 0; i < 256; i++) { take_double(re[i]); take_double(im[i]); }
}

static void matrices(void) {
    static float a[24][24], b[24][24];
    for (int i = 0; i < 24; i++)
        for (int j = 0; j < 24; j++) { a[i][j] = 1.0f / (float)(i + j + 1); b[i][j] = (float)(i - j) * 1e-20f; }
    for (int i = 0; i < 24; i++)
        for (int j = 0; j < 24; j++) {
            float plain = 0, fused = 0;
            for (int k = 0; k < 24; k++) { plain += a[i][k] * b[k][j] * 1e-15f; fused = __builtin_fmaf(a[i][k], b[k][j] * 1e-22f, fused); }
            take_float(plain);
            take_float(fused);
            take_double(__builtin_fma((double)plain, 1e-290, (double)fused * -1e-288));
        }
}

static void conversions(void) {
    uint32_t x = 12345;
    for (int i = 0; i < 4000; i++) {
        x = x * 1664525 + 1013904223;
        double d = (double)(int32_t)x / 1024.0;
        float f = (float)d;
        take((uint64_t)(int64_t)(int32_t)d);
        take((uint64_t)((int64_t)(d * 4096.0)));
        take((uint32_t)(f < 0 ? -f : f));
        take_float((float)x);
        take_float((float)(d * 1e30));
        take_double((double)f * d);
        take((uint64_t)((d < f) + 2 * (d == f) + 4 * (d * 3 <= f)));
    }
}

uint64_t checksum(void) {
    planets(2000);
    fractal(48);
    transform();
    matrices();
    conversions();
    return sum;
}

#ifdef NATIVE
#include <stdio.h>
int main(void) { printf("%016llx\n", (unsigned long long)checksum()); }
#else
void *memcpy(void *to, const void *from, unsigned long n) {
    for (unsigned long i = 0; i < n; i++) ((char *)to)[i] = ((const char *)from)[i];
    return to;
}

__attribute__((naked, section(".start"))) void _start(void) { __asm__("li sp, 0x800f0000\n\tcall checksum\n1:\tj 1b"); }
#endif
