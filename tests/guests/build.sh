#!/usr/bin/env bash
# Builds every guest of this folder into OUT (default: artifacts/guests under the repository root).
#
#   build.sh [OUT]            programs/ and kernels/: NAME.elf (multiboot), NAME.img (bootable disk), NAME (native);
#                             vmx/ and svm/: NAME.elf, NAME.img; silicon/: silicon (native, 32 bits); floats/: floats (native, 64 bits)
#
# Needs gcc with 32-bit support (Debian: gcc-multilib). Iterations of the kernels: ITERATIONS_numbers=... and so on.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${1:-$here/../../artifacts/guests}
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$here"

CC=${CC:-gcc}
# A Pentium Pro: CMOV, but nothing of x87, MMX or SSE.
target=(-m32 -march=i686 -mno-80387 -mno-mmx -mno-sse -O2 -std=gnu11 -Wall -Wextra -fwrapv -fno-strict-aliasing)
bare=(-ffreestanding -fno-builtin -fno-pic -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables -fcf-protection=none -fno-tree-loop-distribute-patterns)
native=(-m32 -march=i686 -O2 -std=gnu11 -Wall -Wextra -fwrapv -fno-strict-aliasing -DGUEST_NATIVE)

# Chosen so that each kernel runs for some seconds in an interpreter of 50-100 million instructions per second.
declare -A iterations=(
    [numbers]=${ITERATIONS_numbers:-60} [structures]=${ITERATIONS_structures:-200}
    [memory]=${ITERATIONS_memory:-18} [interpreter]=${ITERATIONS_interpreter:-12})

newer() { # whether $1 is missing or older than any of the rest
    local made=$1 source
    shift
    [ -e "$made" ] || return 0
    for source; do [ "$source" -nt "$made" ] && return 0; done
    return 1
}

word() { printf "\\x$(printf %02x $(($1 & 255)))\\x$(printf %02x $(($1 >> 8)))"; }

image() { # NAME.img from NAME.elf
    local sectors
    objcopy -O binary "$out/$1.elf" "$out/$1.bin"
    sectors=$((($(stat -c %s "$out/$1.bin") + 511) / 512))
    [ $sectors -le 1024 ] || { echo "$1: $sectors sectors, more than the boot sector loads" >&2; exit 1; }
    # 20 cylinders of 16 heads and 63 sectors.
    truncate -s 0 "$out/$1.tmp"
    truncate -s $((20 * 16 * 63 * 512)) "$out/$1.tmp"
    dd if="$out/bootsector.bin" of="$out/$1.tmp" conv=notrunc status=none
    dd if="$out/$1.bin" of="$out/$1.tmp" bs=512 seek=1 conv=notrunc status=none
    word $sectors | dd of="$out/$1.tmp" bs=1 seek=$((0x1B0)) conv=notrunc status=none
    mv "$out/$1.tmp" "$out/$1.img"
}

common=(common/start.S common/guest.c common/guest.h common/link.ld build.sh)

if newer "$out/bootsector.bin" boot/bootsector.S build.sh; then
    $CC -m32 -c boot/bootsector.S -o "$out/bootsector.o"
    ld -m elf_i386 -Ttext=0x7C00 --oformat binary -e _start "$out/bootsector.o" -o "$out/bootsector.bin"
fi

for source in programs/*.c kernels/*.c; do
    name=$(basename "$source" .c)
    define=(-DITERATIONS="${iterations[$name]:-1}u")
    stamp="$out/$name.iterations"
    [ -e "$stamp" ] && [ "$(cat "$stamp")" = "${define[*]}" ] || { echo "${define[*]}" >"$stamp"; touch "$stamp"; }
    if newer "$out/$name.img" "$source" "${common[@]}" "$out/bootsector.bin" "$stamp"; then
        $CC "${target[@]}" "${bare[@]}" "${define[@]}" -Icommon -nostdlib -static -Wl,--build-id=none,-z,noexecstack,--no-warn-rwx-segments \
            -T common/link.ld common/start.S common/guest.c "$source" -o "$out/$name.elf"
        image "$name"
    fi
    if newer "$out/$name" "$source" "${common[@]}" "$stamp"; then
        $CC "${native[@]}" "${define[@]}" -Icommon common/guest.c "$source" -o "$out/$name"
    fi
done

# The guest hypervisors: one image of many files each.
for name in vmx svm; do
    if newer "$out/$name.img" $name/* hypervisor/* "${common[@]}" "$out/bootsector.bin"; then
        define=()
        [ $name = vmx ] || define=(-DSVM)
        $CC "${target[@]}" -Wno-missing-field-initializers "${bare[@]}" "${define[@]}" -Icommon -Ihypervisor -nostdlib -static \
            -Wl,--build-id=none,-z,noexecstack,--no-warn-rwx-segments -T common/link.ld common/start.S common/guest.c \
            hypervisor/*.S hypervisor/*.c $name/*.S $name/*.c -o "$out/$name.elf"
        image $name
    fi
done

if [ -e silicon/silicon.c ] && newer "$out/silicon" silicon/* build.sh; then
    $CC -m32 -O2 -std=gnu11 -Wall -Wextra -fno-pic -no-pie -fno-stack-protector -fcf-protection=none -mno-sse -mno-mmx \
        silicon/silicon.c silicon/trampoline.S -o "$out/silicon"
fi

if newer "$out/floats" floats/* build.sh; then
    $CC -O1 -std=gnu11 -Wall -Wextra floats/floats.c -o "$out/floats"
fi
