# The native core: build.sh reads this file for its verb `native`, and builds the library before the tests that use it.

native_core=$root/native-interop/core
native_out=$artifacts/native
native_glue=$root/native-interop/nanoclr
native_drivers=$root/targets/STM32/ST_NUCLEO144_F439ZI/drivers
native_fuzz_seconds=10  # a target

native_passed=0 native_failed=0 native_skipped=0

# native_step NAME COMMAND...: runs and counts it.
native_step() {
    if quietly "${@:2}"; then
        native_passed=$((native_passed + 1))
        say "$1: passed"
    else
        native_failed=$((native_failed + 1))
        say "$1: FAILED"
    fi
}

native_skip() {
    native_skipped=$((native_skipped + 1))
    say "$1: skipped: $2"
}

# native_command NAME: the command of this name, or the newest with a version behind it (clang-19, ...); false where there is none.
native_command() {
    local candidate
    for candidate in "$1" "$1"-{21..13}; do
        if command -v "$candidate" > /dev/null; then echo "$candidate"; return; fi
    done
    return 1
}

# The packages of the host build that are not there, one a line.
native_missing() {
    local tool
    for tool in cmake:cmake make:make cc:gcc; do
        if ! command -v "${tool%%:*}" > /dev/null; then echo "${tool#*:}"; fi
    done
    if ! [ -f /usr/include/mbedtls/aes.h ]; then echo libmbedtls-dev; fi
}

native_cmake() { cmake -S "$native_core" -B "$native_out/$1" "${@:2}" && cmake --build "$native_out/$1" --parallel 2; }
native_build_worker() { cmake -S "$native_glue" -B "$native_out/worker-$1" -DNFDTLS_SANITIZER="$2" && cmake --build "$native_out/worker-$1" --parallel 2; }
# Neither ThreadSanitizer nor MemorySanitizer starts where addresses are randomized further than it knows.
native_with_threads() { if setarch -R true 2> /dev/null; then setarch -R "$@"; else "$@"; fi; }
native_build_drivers() { cmake -S "$native_drivers" -B "$native_out/drivers" && cmake --build "$native_out/drivers" --parallel 2; }

# Makes artifacts/native/libnfdtls.so, which the projects copy; false, with the reason, where it cannot.
native_build() {
    local missing
    mapfile -t missing < <(native_missing)
    if [ "${#missing[@]}" -gt 0 ]; then apt_install "${missing[@]}" || return 1; fi
    hash -r
    mkdir -p "$native_out"
    quietly native_cmake build || return 1
    # Put in place in one go: a test may have the library open.
    cp "$native_out/build/libnfdtls.so" "$native_out/libnfdtls.so.new" && mv "$native_out/libnfdtls.so.new" "$native_out/libnfdtls.so"
}

# What is secret decides no branch and no index: MemorySanitizer watches, which clang alone has.
native_watch() {
    local clang
    if ! clang=$(native_command clang) || ! CC=$clang native_cmake watched -DNFDTLS_WATCH=ON > "$native_out/watched.log" 2>&1; then
        native_skip "secrets" "no clang with MemorySanitizer (artifacts/native/watched.log)"
        return
    fi
    native_step "secrets" native_with_threads "$native_out/watched/secrets"
}

# The same of all that the core does with secrets, under valgrind: our own code alone, then with mbedTLS, of which what does not
# hold is told.
native_memcheck() {
    local which supp=$native_core/test watch=(valgrind --error-limit=no --num-callers=8)
    if ! command -v valgrind > /dev/null || ! [ -f /usr/include/valgrind/memcheck.h ]; then apt_install valgrind || true; fi
    if ! command -v valgrind > /dev/null || ! native_cmake memcheck -DNFDTLS_MEMCHECK=ON > "$native_out/memcheck.log" 2>&1; then
        native_skip "secrets under memcheck" "no valgrind with its headers (artifacts/native/memcheck.log)"
        return
    fi
    for which in own all; do
        native_step "secrets under memcheck, $which" native_watched_by "$which" "${watch[@]}" --log-file="$native_out/memcheck-$which.log" \
            --suppressions="$supp/decisions.supp" $([ "$which" = own ] && echo "--suppressions=$supp/mbedtls.supp")
    done
    say "not constant-time in mbedTLS:" "$(sed -n 's/ *does not hold in mbedTLS.*//p' "$native_out/memcheck-all.txt" | paste -sd ';' | sed 's/;/; /g')"
}

# native_watched_by WHICH COMMAND...: leaves what is said in a file, and says it.
native_watched_by() { "${@:2}" "$native_out/memcheck/memcheck" "$1" | tee "$native_out/memcheck-$1.txt"; }

native_lint() {
    local tidy features
    if tidy=$(native_command clang-tidy); then
        native_step "clang-tidy" "$tidy" -p "$native_out/build" --quiet "$native_core"/src/*.c "$native_core"/host/*.c
        native_step "clang-tidy of the drivers" "$tidy" --config-file="$native_core/.clang-tidy" -p "$native_out/drivers" --quiet "$native_drivers"/*.c
        native_step "clang-tidy of the glue" "$tidy" --config-file="$native_core/.clang-tidy" --quiet "$native_glue/worker.c" "$native_glue/platform/posix.c" \
            -- -std=c11 -D_GNU_SOURCE -I "$native_glue" -I "$native_core/include"
    else
        native_skip "clang-tidy" "not installed"
    fi
    if command -v cppcheck > /dev/null; then
        # As if everything were configured; mbedTLS's own headers are not looked into.
        mapfile -t features < <(grep -oE 'defined\(MBEDTLS_[A-Z0-9_]+\)' "$native_core/src/compat.h" | sed 's/defined(\(.*\))/-D\1/' | grep -v NO_ | sort -u)
        native_step "cppcheck" cppcheck --quiet --std=c11 --enable=warning,style,performance,portability --error-exitcode=1 \
            --suppress=knownConditionTrueFalse --suppress=unusedStructMember -DMBEDTLS_VERSION_NUMBER=0x021C0000 "${features[@]}" \
            -I "$native_core/include" -I "$native_core/src" "$native_core/src" "$native_core/host" "$native_core/test" "$native_core/fuzz"
        native_step "cppcheck of drivers and glue" cppcheck --quiet --std=c11 --enable=warning,style,performance,portability --error-exitcode=1 \
            --suppress=knownConditionTrueFalse --suppress=unusedStructMember -DNFDTLS_MODEL -DNFDTLS_ENGINE -I "$native_core/include" -I "$native_glue" \
            -I "$native_drivers" "$native_drivers" "$native_glue/worker.c" "$native_glue/platform/posix.c" "$native_glue/test"
    else
        native_skip "cppcheck" "not installed"
    fi
}

native_fuzz() {
    local clang target
    if ! clang=$(native_command clang) || ! CC=$clang native_cmake fuzz -DNFDTLS_FUZZ=ON > "$native_out/fuzz.log" 2>&1; then
        native_skip "fuzzing" "no clang with libFuzzer (artifacts/native/fuzz.log)"
        return
    fi
    for target in operation record signature; do
        mkdir -p "$native_out/corpus/$target"
        native_step "fuzzing of ${target}s" "$native_out/fuzz/fuzz_$target" -max_total_time="$native_fuzz_seconds" -max_len=2500 -timeout=600 \
            -artifact_prefix="$native_out/fuzz-$target-" "$native_out/corpus/$target"
    done
}

# The packages that checks and fuzzing want beyond the build.
native_check_packages() {
    local version
    native_command clang-tidy > /dev/null || echo clang-tidy
    command -v cppcheck > /dev/null || echo cppcheck
    native_command clang > /dev/null || echo clang
    # libFuzzer comes with the compiler's run-time libraries, in its version.
    if version=$(native_command clang); then
        version=$("$version" -dumpversion)
        compgen -G "/usr/lib/llvm-${version%%.*}/lib/clang/*/lib/linux/libclang_rt.fuzzer*" > /dev/null || echo "libclang-rt-${version%%.*}-dev"
    fi
}

verb_native() {
    local missing
    case ${1:-} in '' | --full) ;; *) usage >&2; exit 2 ;; esac
    native_build || die "the native library cannot be built"
    say "the native library is artifacts/native/libnfdtls.so"
    mapfile -t missing < <(native_check_packages)
    if [ "${#missing[@]}" -gt 0 ]; then apt_install "${missing[@]}" || say "some checks will be skipped"; fi
    hash -r
    native_step "unit tests" "$native_out/build/unit_tests"
    native_step "calls to AES" "$native_out/build/measure_ccm"
    native_step "build with sanitizers" native_cmake sanitized -DNFDTLS_SANITIZE=ON -DCMAKE_BUILD_TYPE=Debug
    native_step "unit tests with sanitizers" "$native_out/sanitized/unit_tests"
    native_step "build of the worker with sanitizers" native_build_worker memory address,undefined
    native_step "worker" "$native_out/worker-memory/worker_tests"
    native_step "build of the worker with ThreadSanitizer" native_build_worker threads thread
    native_step "worker, its threads" native_with_threads "$native_out/worker-threads/worker_tests"
    native_step "build of the drivers with sanitizers" native_build_drivers
    native_step "drivers against the model" "$native_out/drivers/driver_tests"
    native_watch
    native_lint
    native_fuzz
    if [ "${1:-}" = --full ]; then
        native_memcheck
        # shellcheck source=native-interop/cross.sh
        source "$root/native-interop/cross.sh"
        native_cross
    fi
    say "native: $native_passed passed, $native_failed failed, $native_skipped skipped"
    [ "$native_failed" -eq 0 ]
}
