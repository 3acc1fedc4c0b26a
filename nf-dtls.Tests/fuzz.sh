# The verbs `fuzz` and `timing`. `fuzz`: targets of NfDtls.Tests.Certificates/Fuzz under AFL++, with our assemblies instrumented by SharpFuzz.

# fuzz TARGET SECONDS: runs one, or with `all` each of them so long, says what came of it, and leaves inputs and findings in
# artifacts/fuzz/TARGET.
verb_fuzz() {
    local target=${1:-} seconds=${2:-60} bin=$artifacts/fuzz/bin program assembly names failed=0
    need_sdk
    command -v afl-fuzz > /dev/null || die "fuzz: afl-fuzz is missing (Debian: apt-get install afl++)"
    dotnet build nf-dtls.Tests/NfDtls.Tests.Certificates -c Release "${quiet[@]}"
    program=$artifacts/bin/NfDtls.Tests.Certificates/release/NfDtls.Tests.Certificates.dll
    names=$(dotnet "$program" names)
    if [ "$target" != all ] && ! grep -qx -- "$target" <<< "$names"; then die "fuzz: TARGET is all, or one of: ${names//$'\n'/ }"; fi

    # A copy: what the tests use stays as it was built, and instrumented code runs under the fuzzer alone.
    rm -rf "$bin"
    mkdir -p "$bin"
    cp -r "$artifacts/bin/NfDtls.Tests.Certificates/release/." "$bin"
    dotnet tool restore > /dev/null
    for assembly in NfDtls NfDtls.Server NfDtls.Dtls13 NfDtls.Dtls13.Server NfDtls.Ecdhe NfDtls.X509 NfDtls.Extensions NfDtls.Tool; do
        dotnet sharpfuzz "$bin/$assembly.dll"
    done
    if [ "$target" != all ]; then names=$target; fi
    for target in $names; do fuzz_target "$target" "$seconds" "$program" "$bin/NfDtls.Tests.Certificates.dll" || failed=1; done
    return "$failed"
}

# fuzz_target TARGET SECONDS PROGRAM INSTRUMENTED
fuzz_target() {
    local folder=$artifacts/fuzz/$1
    rm -rf "$folder"
    mkdir -p "$folder/seeds"
    dotnet "$3" seeds "$1" "$folder/seeds"
    AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_FORKSRV_INIT_TMOUT=120000 \
        afl-fuzz -V "$2" -t 120000 -m none -i "$folder/seeds" -o "$folder/out" -- dotnet "$4" "$1" > "$folder/afl.log" 2>&1 || true
    if [ ! -f "$folder/out/default/fuzzer_stats" ]; then
        tail -20 "$folder/afl.log" >&2
        return 1
    fi
    fuzz_figures "$1" "$folder/out/default"
}

# fuzz_figures TARGET FOLDER: what came of a run in one line, and findings by their files.
fuzz_figures() {
    local figure line="fuzz $1:" findings
    for figure in run_time execs_done corpus_count edges_found stability saved_crashes saved_hangs; do
        line+=" $figure $(sed -n "s/^$figure *: *//p" "$2/fuzzer_stats"),"
    done
    say "${line%,}"
    findings=$(find "$2/crashes" "$2/hangs" -name 'id:*' 2> /dev/null || true)
    if [ -n "$findings" ]; then
        say "$findings"
        return 1
    fi
}

# timing [SECONDS]: whether what must not show in time does, by Welch's t; so many seconds for each pair. It tells, and fails nothing.
verb_timing() {
    need_sdk
    quietly dotnet build nf-dtls.Tests/NfDtls.Tests.Certificates -c Release "${quiet[@]}" || die "timing: the program does not build"
    dotnet "$artifacts/bin/NfDtls.Tests.Certificates/release/NfDtls.Tests.Certificates.dll" timing "${1:-10}"
}
