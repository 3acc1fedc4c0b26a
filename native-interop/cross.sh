# The native core for the processors of boards, on emulators: `./build.sh native --full` reads this file. About 314 MB of packages.

native_cross_out=$native_out/cross

# The commands of the cross builds, and the packages that bring them.
native_cross_tools=(
    arm-none-eabi-gcc:gcc-arm-none-eabi
    riscv64-unknown-elf-gcc:gcc-riscv64-unknown-elf
    qemu-system-arm:qemu-system-arm
    qemu-system-riscv32:qemu-system-misc
)
native_cross_libraries=(libnewlib-arm-none-eabi picolibc-riscv64-unknown-elf)

native_mbedtls=(
    aes asn1parse asn1write bignum ccm chacha20 chachapoly cipher cipher_wrap constant_time ctr_drbg ecdh ecdsa ecp ecp_curves gcm hmac_drbg
    md oid platform platform_util poly1305 rsa rsa_internal sha1 sha256 sha512
)

native_cross_missing() {
    local tool
    for tool in "${native_cross_tools[@]}"; do
        if ! command -v "${tool%%:*}" > /dev/null; then echo "${tool#*:}"; fi
    done
    for tool in "${native_cross_libraries[@]}"; do
        if ! dpkg -s "$tool" > /dev/null 2>&1; then echo "$tool"; fi
    done
}

# native_mbedtls_source FOLDER: the source of the distribution's mbedTLS, by lists of its own: the system's need not name sources.
native_mbedtls_source() {
    local folder=$1 apt
    [ ! -f "$folder/mbedtls/library/aes.c" ] || return 0
    rm -rf "$folder"
    mkdir -p "$folder/lists/partial" "$folder/mbedtls"
    # shellcheck source=/dev/null
    (. /etc/os-release
        case $ID in
            ubuntu) echo "deb-src http://archive.ubuntu.com/ubuntu $VERSION_CODENAME universe main" ;;
            *) echo "deb-src http://deb.debian.org/debian $VERSION_CODENAME main" ;;
        esac) > "$folder/sources.list"
    apt=(apt-get -q -o "Dir::Etc::sourcelist=$folder/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$folder/lists"
        -o APT::Get::List-Cleanup=0 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 -o Acquire::Retries=3)
    (cd "$folder" && "${apt[@]}" update && "${apt[@]}" source --download-only mbedtls && tar xf mbedtls_*.orig.tar.* -C mbedtls --strip-components 1)
}

# native_cross_compile OUT COMPILER FLAG...: every object of mbedTLS and of the core's tests.
native_cross_compile() {
    local out=$1 compiler=$2 flags=("${@:3}") source common name
    source=$native_cross_out/source/mbedtls
    common=(-Os -g -ffunction-sections -fdata-sections -DMBEDTLS_CONFIG_FILE='"mbedtls_config.h"' -I"$native_core/emulated" -I"$source/include")
    rm -rf "$out"
    mkdir -p "$out/mbedtls" "$out/core" "$out/test"
    for name in "${native_mbedtls[@]}"; do
        "$compiler" "${flags[@]}" "${common[@]}" -I"$source/library" -c "$source/library/$name.c" -o "$out/mbedtls/$name.o" || return 1
    done
    common+=(-std=c11 -Wall -Wextra -Werror -DNFDTLS_EMULATED -I"$native_core/include" -I"$native_core/src" -I"$native_core/test")
    for name in "$native_core"/src/*.c; do
        "$compiler" "${flags[@]}" "${common[@]}" -c "$name" -o "$out/core/$(basename "$name" .c).o" || return 1
    done
    for name in "$native_core"/test/{main,answers,asymmetric,mlkem,records,table}.c "$native_core/emulated/memory.c"; do
        "$compiler" "${flags[@]}" "${common[@]}" -c "$name" -o "$out/test/$(basename "$name" .c).o" || return 1
    done
}

native_link_arm() {
    local out=$1 compiler=$2 flags=("${@:3}")
    "$compiler" "${flags[@]}" -Os -Wall -Wextra -Werror -c "$native_core/emulated/cortex_m.c" -o "$out/test/cortex_m.o" &&
        "$compiler" "${flags[@]}" --specs=rdimon.specs -T "$native_core/emulated/cortex_m.ld" -Wl,--gc-sections -Wl,--no-warn-rwx-segments \
            -Wl,-Map="$out/test.map" "$out"/*/*.o -o "$out/test.elf"
}

native_link_riscv() {
    local out=$1 compiler=$2 flags=("${@:3}")
    # QEMU's virt has all of its memory from 0x80000000 on.
    "$compiler" "${flags[@]}" --oslib=semihost --crt0=hosted -Wl,--gc-sections -Wl,-Map="$out/test.map" \
        -Wl,--defsym=__flash=0x80000000 -Wl,--defsym=__flash_size=0x400000 -Wl,--defsym=__ram=0x80400000 -Wl,--defsym=__ram_size=0x400000 \
        -Wl,--defsym=__stack_size=0x10000 "$out"/*/*.o -o "$out/test.elf"
}

# native_sizes MAP: bytes of code with constants, and of static memory, by primitive, of what the linker kept.
native_sizes() {
    awk '
        function hex(text,    value, i) {
            value = 0
            for (i = 3; i <= length(text); i++) value = 16 * value + index("0123456789abcdef", tolower(substr(text, i, 1))) - 1
            return value
        }
        function group(object) {
            if (object ~ /^core\/(table|operation|query)$/) return "01 core: table, operations"
            if (object ~ /^core\/(aead|aes|ccm)$/) return "02 core: AEAD, CCM (RAM: its scratch)"
            if (object ~ /^core\/(cbc|hidden)$/) return "03 core: CBC records, hidden MAC"
            if (object ~ /^core\/hash$/) return "04 core: hashes, HMAC, PRF, HKDF"
            if (object ~ /^core\/random$/) return "05 core: random"
            if (object ~ /^core\/(ec|der)$/) return "06 core: elliptic curves"
            if (object ~ /^core\/(kem|mlkem|keccak)$/) return "08 core: ML-KEM-768, SHA-3"
            if (object ~ /^core\/rsa$/) return "07 core: RSA"
            if (object ~ /^mbedtls\/aes$/) return "10 mbedTLS: AES"
            if (object ~ /^mbedtls\/(gcm|cipher|cipher_wrap)$/) return "11 mbedTLS: GCM, cipher layer"
            if (object ~ /^mbedtls\/(chacha20|poly1305|chachapoly)$/) return "12 mbedTLS: ChaCha20-Poly1305"
            if (object ~ /^mbedtls\/sha1$/) return "13 mbedTLS: SHA-1"
            if (object ~ /^mbedtls\/sha256$/) return "14 mbedTLS: SHA-256"
            if (object ~ /^mbedtls\/sha512$/) return "15 mbedTLS: SHA-384, SHA-512"
            if (object ~ /^mbedtls\/ctr_drbg$/) return "16 mbedTLS: CTR_DRBG"
            if (object ~ /^mbedtls\/bignum$/) return "17 mbedTLS: big numbers"
            if (object ~ /^mbedtls\/(ecp|ecp_curves|ecdh)$/) return "18 mbedTLS: curves, ECDH"
            if (object ~ /^mbedtls\/(ecdsa|hmac_drbg|md|asn1)/) return "19 mbedTLS: ECDSA, HMAC_DRBG"
            if (object ~ /^mbedtls\/(rsa|rsa_internal|oid)$/) return "20 mbedTLS: RSA"
            if (object ~ /^mbedtls\/ccm$/) return ""
            if (object ~ /^mbedtls\//) return "21 mbedTLS: platform, constant time"
            return ""
        }
        /^Linker script and memory map/ { kept = 1 }
        !kept { next }
        /^ \.[a-zA-Z]/ && NF == 1 { section = $1; next }
        /^ \.[a-zA-Z]/ { section = $1; size = $3; file = $4 }
        /^  +0x/ && section != "" && NF >= 3 && $2 ~ /^0x/ { size = $2; file = $3 }
        {
            if (file != "" && section != "") {
                if (match(file, /(core|mbedtls)\/[a-z0-9_]+\.o$/)) {
                    object = substr(file, RSTART, RLENGTH - 2)
                    name = group(object)
                    if (name != "") {
                        if (section ~ /^\.(text|rodata)/) code[name] += hex(size)
                        else if (section ~ /^\.(data|bss)/) { ram[name] += hex(size); if (section ~ /^\.data/) code[name] += hex(size) }
                    }
                }
                file = ""
                section = ""
            }
        }
        END {
            printf "  %-42s %7s %7s\n", "primitive", "code", "RAM"
            count = 0
            for (name in code) names[++count] = name
            for (name in ram) if (!(name in code)) names[++count] = name
            for (i = 1; i <= count; i++) for (j = i + 1; j <= count; j++) if (names[j] < names[i]) { name = names[i]; names[i] = names[j]; names[j] = name }
            for (i = 1; i <= count; i++) {
                name = names[i]
                printf "  %-42s %7d %7d\n", substr(name, 4), code[name], ram[name]
                all += code[name]
                static += ram[name]
            }
            printf "  %-42s %7d %7d\n", "all", all, static
        }' "$1"
}

# native_cross_target NAME LINK EMULATOR COMPILER FLAG...: builds, prints sizes, runs the tests; EMULATOR is a command line.
native_cross_target() {
    local name=$1 link=$2 emulator=$3 out=$native_cross_out/$1 status=0
    if ! quietly native_cross_compile "$out" "${@:4}" || ! quietly "$link" "$out" "${@:4}"; then
        native_failed=$((native_failed + 1))
        say "$name: does not build"
        return
    fi
    say "" "== $name"
    native_sizes "$out/test.map"
    # shellcheck disable=SC2086
    timeout 3600 $emulator "$out/test.elf" > "$out/run.txt" 2>&1 < /dev/null || status=$?
    cat "$out/run.txt"
    if [ "$status" -eq 0 ] && grep -q ' checks, 0 failed$' "$out/run.txt"; then
        native_passed=$((native_passed + 1))
        say "$name, emulated: passed"
    else
        native_failed=$((native_failed + 1))
        say "$name, emulated: FAILED (exit code $status)"
    fi
}

native_cross() {
    local missing
    mapfile -t missing < <(native_cross_missing)
    if [ "${#missing[@]}" -gt 0 ]; then apt_install "${missing[@]}" || true; fi
    hash -r
    mapfile -t missing < <(native_cross_missing)
    if [ "${#missing[@]}" -gt 0 ]; then native_skip "cross builds" "${missing[*]} cannot be installed"; return; fi
    if ! quietly native_mbedtls_source "$native_cross_out/source"; then native_skip "cross builds" "no source of mbedTLS"; return; fi

    native_cross_target cortex-m4f native_link_arm \
        "qemu-system-arm -M mps2-an386 -nographic -monitor none -serial none -semihosting-config enable=on,target=native -kernel" \
        arm-none-eabi-gcc -mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16
    native_cross_target cortex-m7 native_link_arm \
        "qemu-system-arm -M mps2-an500 -nographic -monitor none -serial none -semihosting-config enable=on,target=native -kernel" \
        arm-none-eabi-gcc -mcpu=cortex-m7 -mthumb -mfloat-abi=hard -mfpu=fpv5-d16
    native_cross_target rv32imc native_link_riscv \
        "qemu-system-riscv32 -M virt -m 16M -bios none -nographic -monitor none -serial none -semihosting-config enable=on,target=native -kernel" \
        riscv64-unknown-elf-gcc -march=rv32imc -mabi=ilp32 --specs=picolibc.specs
}
