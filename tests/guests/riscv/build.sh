#!/usr/bin/env bash
# Builds the guests for RISC-V into OUT (default: artifacts/guests-riscv under the repository root).
#
#   build.sh [OUT]     NAME.rv64m.elf, .rv64s.elf, .rv64u.elf, .rv32m.elf, ...: ../programs for three modes and both widths
#                      NAME.rv64m.elf, NAME.rv32m.elf: ../kernels in machine mode
#                      NAME: programs and kernels natively
#                      kernel.elf: the kernel of kernel/, for OpenSBI
#
# Needs gcc and gcc-riscv64-unknown-elf (Debian). Iterations of the kernels: ITERATIONS_numbers=... and so on.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${1:-$here/../../../artifacts/guests-riscv}
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$here/.."

CC=${RISCV_CC:-riscv64-unknown-elf-gcc}
flags=(-O2 -std=gnu11 -Wall -Wextra -fwrapv -fno-strict-aliasing)
bare=(-ffreestanding -fno-builtin -fno-pic -fno-stack-protector -fno-asynchronous-unwind-tables -fno-tree-loop-distribute-patterns -mcmodel=medany -mno-relax
    -nostdlib -nostartfiles -static -Wl,--build-id=none,-z,noexecstack,--no-warn-rwx-segments)

declare -A iterations=(
    [numbers]=${ITERATIONS_numbers:-60} [structures]=${ITERATIONS_structures:-200}
    [memory]=${ITERATIONS_memory:-18} [interpreter]=${ITERATIONS_interpreter:-12})
declare -A mode=([m]=3 [s]=1 [u]=0)
# Programs in user mode use the bit-manipulation extensions.
declare -A march=([m]=imac_zicsr [s]=imac_zicsr [u]=imac_zicsr_zba_zbb_zbs)
declare -A abi=([32]=ilp32 [64]=lp64)

newer() { # whether $1 is missing or older than any of the rest
    local made=$1 source
    shift
    [ -e "$made" ] || return 0
    for source; do [ "$source" -nt "$made" ] && return 0; done
    return 1
}

common=(common/guest.c common/guest.h riscv/start.S riscv/machine.c riscv/riscv.h riscv/link.ld riscv/build.sh)
for source in programs/*.c kernels/*.c; do
    name=$(basename "$source" .c)
    define=(-DITERATIONS="${iterations[$name]:-1}u")
    stamp="$out/$name.iterations"
    [ -e "$stamp" ] && [ "$(cat "$stamp")" = "${define[*]}" ] || { echo "${define[*]}" >"$stamp"; touch "$stamp"; }
    modes=(m)
    [[ $source == programs/* ]] && modes=(m s u)
    for xlen in 64 32; do
        for m in "${modes[@]}"; do
            if newer "$out/$name.rv$xlen$m.elf" "$source" "${common[@]}" "$stamp"; then
                $CC -march="rv$xlen${march[$m]}" -mabi="${abi[$xlen]}" "${flags[@]}" "${bare[@]}" "${define[@]}" -DGUEST_MODE="${mode[$m]}" -Icommon -Iriscv \
                    -T riscv/link.ld riscv/start.S riscv/machine.c common/guest.c "$source" -lgcc -o "$out/$name.rv$xlen$m.elf"
            fi
        done
    done
    if newer "$out/$name" "$source" "${common[@]}" "$stamp"; then
        gcc "${flags[@]}" "${define[@]}" -DGUEST_NATIVE -Icommon common/guest.c "$source" -o "$out/$name"
    fi
done

if newer "$out/kernel.elf" riscv/kernel/* riscv/user/* riscv/build.sh; then
    kernel=(-march=rv64imac_zicsr -mabi=lp64 "${flags[@]}" "${bare[@]}")
    $CC "${kernel[@]}" -T riscv/user/user.ld riscv/user/user.c -o "$out/user.elf"
    ${CC%gcc}objcopy -O binary "$out/user.elf" "$out/user.bin"
    $CC "${kernel[@]}" -DUSER_IMAGE="\"$out/user.bin\"" -T riscv/kernel/kernel.ld riscv/kernel/*.S riscv/kernel/*.c -o "$out/kernel.elf"
fi
