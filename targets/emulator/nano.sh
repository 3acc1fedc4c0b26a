# The nano flavour as files for a device, and the tests on nanoCLR; build.sh reads this. NANO_TOOLCHAIN names a folder with
#   lib/NAME.dll and lib/NAME.pe                        nanoFramework's class libraries
#   bin/metadata-processor IN.dll OUT.pe REFERENCE.dll...   writes OUT.pe and OUT.pdbx
#   bin/nanoclr run --assemblies A.pe... [--forcegc] [--compactionaftergc]
#                                                       the runtime; the heap's bytes may be limited by NANO_HEAP

emulator_heap=65536     # bytes; a test assembly that needs more says so by <NanoHeap>
emulator_minutes=60     # a run of an assembly that takes longer is taken for stuck; how fast the machine is is not tested

# The packages of NANO_TOOLCHAIN, beyond those of nano_packages.
toolchain_packages=(nanoFramework.Tools.MetadataProcessor.MsBuildTask=3.0.100)

# toolchain_gap PART: prints why that part (lib, metadata-processor, nanoclr) cannot be used; nothing where it can.
toolchain_gap() {
    local part=$1
    if [ -z "${NANO_TOOLCHAIN:-}" ]; then echo "NANO_TOOLCHAIN is not set"; return; fi
    if [ ! -d "$NANO_TOOLCHAIN" ]; then echo "NANO_TOOLCHAIN names no folder: $NANO_TOOLCHAIN"; return; fi
    if [ "$part" = lib ]; then
        [ -f "$NANO_TOOLCHAIN/lib/mscorlib.dll" ] || echo "$NANO_TOOLCHAIN/lib has no mscorlib.dll"
    else
        [ -x "$NANO_TOOLCHAIN/bin/$part" ] || echo "$NANO_TOOLCHAIN/bin has no $part"
    fi
}

# The projects with a nano flavour: the assemblies for boards, and the managed halves of the native ones.
nano_projects() {
    local project
    for project in nf-dtls/*/*.csproj native-interop/*/*.csproj; do
        if [ -f "$project" ]; then echo "$project"; fi
    done
}

# nano_build PROJECT [OPTION...]: its nano flavour, and that of what it refers to, in $nano/build.
nano_build() {
    dotnet build "$1" -c Release -f netnano1.0 -p:NanoReferences="$nano_references" --artifacts-path "$nano/build" "${quiet[@]}" "${@:2}"
}

nano_output() { echo "$nano/build/bin/$1/release_netnano1.0"; }

# nano_pack PROJECT NAME FOLDER: NAME.dll (.exe where it is a program), .pe, .pdbx and .xml of a project that has been built, in FOLDER.
nano_pack() {
    local output name=$2 folder=$3 references file
    output=$(nano_output "$(basename "$1" .csproj)")
    mkdir -p "$folder"
    for file in "$name.exe" "$name.dll" "$name.xml"; do
        if [ -f "$output/$file" ]; then cp "$output/$file" "$folder"; fi
    done
    [ -z "$(toolchain_gap metadata-processor)" ] || return 0
    mapfile -t references < "$output/$name.references"
    file=$name.dll
    if [ -f "$output/$name.exe" ]; then file=$name.exe; fi
    quietly "$NANO_TOOLCHAIN/bin/metadata-processor" "$output/$file" "$folder/$name.pe" "${references[@]}"
}

# nano_modules PROJECT NAME FOLDER: packs a program that has been built with all that it refers to. FOLDER/modules names the .pe files,
# the program's own last.
nano_modules() {
    local name=$2 folder=$3 output reference library
    output=$(nano_output "$(basename "$1" .csproj)")
    rm -rf "$folder"
    mkdir -p "$folder"
    while read -r reference; do
        library=$(basename "$reference" .dll)
        if [ -f "$NANO_TOOLCHAIN/lib/$library.pe" ]; then
            echo "$NANO_TOOLCHAIN/lib/$library.pe" >> "$folder/modules"
        else
            nano_pack "$library.csproj" "$library" "$folder" || return 1
            echo "$folder/$library.pe" >> "$folder/modules"
        fi
    done < "$output/$name.references"
    nano_pack "$1" "$name" "$folder" || return 1
    echo "$folder/$name.pe" >> "$folder/modules"
}

# nano_shrink OUTPUT NAME FOLDER: links a program that has been built in OUTPUT: what it uses of our assemblies, in one with short names,
# NAME.names with the full ones, NAME.references.
nano_shrink() {
    rm -rf "$3"
    mkdir -p "$3"
    quietly tool nf-link "$1/$2.exe" --out "$3" --references "$1/$2.references" --library "$nano_references"
}

# nano_link PROJECT NAME FOLDER: links a program that has been built, and packs it. FOLDER/modules as above.
nano_link() {
    local name=$2 folder=$3 reference library references
    nano_shrink "$(nano_output "$(basename "$1" .csproj)")" "$name" "$folder" || return 1
    mapfile -t references < "$folder/$name.references"
    for reference in "${references[@]}" "$folder/$name.exe"; do
        library=$(basename "${reference%.*}")
        if [ -f "$NANO_TOOLCHAIN/lib/$library.pe" ]; then
            echo "$NANO_TOOLCHAIN/lib/$library.pe" >> "$folder/modules"
        else
            quietly "$NANO_TOOLCHAIN/bin/metadata-processor" "$reference" "$folder/$library.pe" "${references[@]}" || return 1
            echo "$folder/$library.pe" >> "$folder/modules"
        fi
    done
}

# nano_image FILE PE...: the deployment image that a board's flash holds: one .pe behind another, each beginning at a multiple of 4 bytes.
nano_image() {
    local image=$1 pe
    : > "$image"
    for pe in "${@:2}"; do
        cat "$pe" >> "$image"
        truncate -s %4 "$image"
    done
}

# The references to compile against: nanoFramework's own where there are any.
nano_find_references() {
    if [ -z "$(toolchain_gap lib)" ]; then
        nano_references=$NANO_TOOLCHAIN/lib
        nano_surface=$nano_references
        say "nano flavour: compiled against $NANO_TOOLCHAIN/lib"
    else
        find_references
    fi
}

# The checksum over the native methods of a .pe, as targets/nanoframework.txt writes it.
pe_checksum() { printf '0x%08X' "0x$(od -An -tx4 -j20 -N4 --endian=little "$1" | tr -d ' ')"; }

# Compares the class libraries of a folder with what the pinned firmware wants, names those that it would refuse, and fails then.
nano_compare() {
    local folder=$1 commit id version library wanted found bad=0
    commit=$(sed -n -E 's/^pin firmware +//p' targets/nanoframework.txt)
    while read -r _ id version library _; do
        [ -f "$folder/$library.pe" ] && [[ " ${nano_packages[*]} " == *" $id=$version "* ]] || continue
        wanted=$(sed -n -E "s/^firmware $commit +[^ ]+ +${library//./\\.} +[^ ]+ +//p" targets/nanoframework.txt)
        found=$(pe_checksum "$folder/$library.pe")
        if [ "$found" != "${wanted:-0x00000000}" ]; then
            say "$library.pe has the native checksum $found, the firmware wants ${wanted:-none} (targets/nanoframework.txt)"
            bad=1
        fi
    done < <(grep '^package ' targets/nanoframework.txt)
    [ "$bad" -eq 0 ]
}

# --- nano ---

# json_number LINE KEY: the number of a key in what nf-check --json wrote of one assembly.
json_number() { if [[ $1 =~ \"$2\":\ *([0-9]+) ]]; then echo "${BASH_REMATCH[1]}"; else echo -; fi; }

# size_of SIZES NAME KEY: the same of a whole file.
size_of() { json_number "$(tr -d '\n' < "$1" | grep -o "\"assembly\": *\"$2\"[^}]*" || true)" "$3"; }

grouped() { sed -E ':a; s/([0-9])([0-9]{3})($|,)/\1,\2\3/; ta' <<< "$1"; }

# document_sizes SIZES: names the rows of the table in docs/nano.md that are more than 10 % (or 128 bytes) off; false where there are any,
# or where an assembly has no row.
document_sizes() {
    local sizes=$1 name code row off bad=0
    while read -r name; do
        code=$(size_of "$sizes" "$name" code)
        row=$(sed -n -E "/^\| Assembly \| IL \|/,/^\$/s/^\| ${name//./\\.} \| ([0-9,]+) \|.*/\1/p" docs/nano.md | tr -d ,)
        off=$((code > ${row:-0} ? code - ${row:-0} : row - code))
        if [ -z "$row" ] || { [ "$off" -gt 128 ] && [ "$off" -gt $((code / 10)) ]; }; then
            say "docs/nano.md says that $name has ${row:-no} bytes of IL, it has $code; ./build.sh check writes the table"
            bad=1
        fi
    done < <(grep -o '"assembly": *"[^"]*"' "$sizes" | cut -d '"' -f 4)
    [ "$bad" -eq 0 ]
}

# write_sizes SIZES: puts the sizes into docs/nano.md. Where no .pe is at hand, the old row's stays.
write_sizes() {
    local sizes=$1 line name pe rows=$nano/sizes.md
    {
        say "| Assembly | IL | Static data | PE |" "|---|---|---|---|"
        while read -r name; do
            if [ -f "$nano/$name/$name.pe" ]; then
                pe=$(grouped "$(stat -c %s "$nano/$name/$name.pe")")
            else
                pe=$(sed -n -E "/^\| Assembly \| IL \|/,/^\$/s/^\| ${name//./\\.} \|.*\| ([0-9,]+) \|$/\1/p" docs/nano.md)
            fi
            say "| $name | $(grouped "$(size_of "$sizes" "$name" code)") | $(grouped "$(size_of "$sizes" "$name" staticData)") | ${pe:-?} |"
        done < <(grep -o '"assembly": *"[^"]*"' "$sizes" | cut -d '"' -f 4 | LC_ALL=C sort)
    } > "$rows"
    sed -i -e "/^| Assembly | IL |/,/^\$/{ /^| Assembly | IL |/r $rows
        /^\$/!d }" docs/nano.md
}

size_table() {
    local sizes=$nano/sizes.json assembly name line pe arguments=()
    for assembly in "$@"; do
        if [ "$(basename "$assembly")" = NfDtls.Native.dll ]; then arguments+=(--native); fi
        arguments+=("$assembly")
    done
    tool nf-check --surface "$nano_surface" --json "$sizes" "${arguments[@]}" > /dev/null || true
    printf '%-28s %8s %12s %8s\n' assembly IL "static data" PE
    for assembly in "$@"; do
        name=$(basename "$assembly" .dll)
        line=$(tr -d '\n' < "$sizes" | grep -o "\"assembly\": *\"$name\"[^}]*" || true)
        pe=-
        if [ -f "$nano/$name/$name.pe" ]; then pe=$(stat -c %s "$nano/$name/$name.pe"); fi
        printf '%-28s %8s %12s %8s\n' "$name" "$(json_number "$line" code)" "$(json_number "$line" staticData)" "$pe"
    done
}

# The samples as programs for a board: each linked, as .pe files with all that it needs and one image, in artifacts/nano/samples/NAME.
nano_samples() {
    local project name folder modules failed=0
    for project in firmware-samples/*/*.csproj; do
        name=$(basename "$project" .csproj)
        folder=$nano/samples/$name
        if ! quietly nano_build "$project" || ! nano_link "$project" "$name" "$folder"; then
            say "$name: failed"
            failed=$((failed + 1))
            continue
        fi
        mapfile -t modules < "$folder/modules"
        nano_image "$folder/$name.bin" "${modules[@]}"
        say "artifacts/nano/samples/$name/$name.bin: ${#modules[@]} assemblies, $(stat -c %s "$folder/$name.bin") bytes"
    done
    [ "$failed" -eq 0 ]
}

# --- what applications take of a board's flash ---

# The programs of targets/emulator/NfDtls.Applications as NAME:MOST, the bytes that one may take, linked; all with .pe files are measured.
flash_applications=(PskClientStock:81920 PskClientOwn:65536 PskClient13Stock: PskClient13Own: CertificateClientStock: CertificateClientOwn: PskServerStock: PskServerOwn:)
# And the bytes of IL that one may have, which needs no .pe file: all of it, and a little to grow.
flash_code=(PskClientStock:44000 PskClientOwn:35000)

# flash_build NAME: builds such a program for a board.
flash_build() {
    local firmware=Stock
    if [[ $1 = *Own ]]; then firmware=Own; fi
    nano_build targets/emulator/NfDtls.Applications/NfDtls.Applications.csproj -p:Application="${1%"$firmware"}" -p:Firmware="$firmware"
}

# own_bytes PE...: what those of some .pe files take that are no class library's.
own_bytes() {
    local pe sum=0
    for pe in "$@"; do
        if [ "$(dirname "$pe")" != "$NANO_TOOLCHAIN/lib" ]; then sum=$((sum + $(stat -c %s "$pe"))); fi
    done
    echo "$sum"
}

# own_parts PROJECT NAME FOLDER: the .pe files of a program that has been built, and of our assemblies that it refers to, which nano has
# packed; prints their paths.
own_parts() {
    local reference library
    nano_pack "$1" "$2" "$3" || return 1
    while read -r reference; do
        library=$(basename "$reference" .dll)
        if [ ! -f "$NANO_TOOLCHAIN/lib/$library.pe" ]; then echo "$nano/$library/$library.pe"; fi
    done < "$(nano_output "$(basename "$1" .csproj)")/$2.references"
    echo "$3/$2.pe"
}

# put_table HEADER FILE: the table in docs/nano.md that begins with a line is that of the file from now on.
put_table() {
    sed -i -e "/^$1/,/^\$/{ /^$1/r $2
        /^\$/!d }" docs/nano.md
}

# flash_row NAME PROJECT FOLDER ROWS: links a program that has been built, adds its row, and sets linked to its bytes.
flash_row() {
    local name=$1 project=$2 folder=$3 parts modules
    mkdir -p "$folder"
    own_parts "$project" "$name" "$folder/plain" > "$folder/parts" && nano_link "$project" "$name" "$folder/linked" || return 1
    mapfile -t parts < "$folder/parts"
    mapfile -t modules < "$folder/linked/modules"
    linked=$(own_bytes "${modules[@]}")
    say "| $name | $(grouped "$(own_bytes "${parts[@]}")") | $(grouped "$linked") |" >> "$4"
}

# Measures the applications and writes the tables of docs/nano.md; false where one takes more than it may.
flash_table() {
    local entry name most linked bad=0 rows=$nano/flash.md table=$nano/flash-parts.md parts
    say "| Application | As compiled | Linked |" "|---|---|---|" > "$rows"
    for entry in "${flash_applications[@]}" CoapsSensor: EchoServer: SleepyDevice: CertificateClient: SecureElementKey: ModemTransport: Provisioning: Dtls13Client:; do
        name=${entry%%:*} most=${entry#*:}
        if [ -f "firmware-samples/$name/$name.csproj" ]; then
            flash_row "$name" "firmware-samples/$name/$name.csproj" "$nano/flash/$name" "$rows" || return 1
        else
            quietly flash_build "$name" && flash_row "$name" "$name.csproj" "$nano/flash/$name" "$rows" || return 1
        fi
        if [ -n "$most" ] && [ "$linked" -gt "$most" ]; then
            say "$name takes $linked bytes of flash, and may take $most"
            bad=1
        fi
    done
    cat "$rows"
    put_table '| Application | As compiled |' "$rows"
    mapfile -t parts < "$nano/flash/PskClientStock/parts"
    tool nf-link sizes "${parts[@]}" | sed '1s/| Assembly/| As compiled/' > "$table"
    put_table '| As compiled | PE |' "$table"
    tool nf-link sizes "$nano"/flash/PskClientStock/linked/*.pe "$nano"/flash/PskClientOwn/linked/*.pe | sed '1s/| Assembly/| Linked/; /^| all /d' > "$table"
    put_table '| Linked | PE |' "$table"
    [ "$bad" -eq 0 ]
}

# flash_check: links the programs of flash_code, runs nf-check over them and compares their IL; sets flash_passed and flash_failed.
flash_check() {
    local entry name code report=$nano/flash/check.txt native
    flash_passed=0 flash_failed=0
    for entry in "${flash_code[@]}"; do
        name=${entry%%:*}
        native=()
        if [[ $name = *Own ]]; then native=(--native "$(nano_output NfDtls.Native)/NfDtls.Native.dll"); fi
        if quietly flash_build "$name" && nano_shrink "$(nano_output "$name")" "$name" "$nano/flash/$name/linked" \
            && quietly tool nf-check --surface "$nano_surface" --warn-as-error --il-budget 60000 --json "$nano/flash/$name.json" \
                "$nano/flash/$name/linked/$name.exe" "${native[@]}"; then
            code=$(size_of "$nano/flash/$name.json" "$name" code)
            if [ "$code" -le "${entry#*:}" ]; then
                say "$name, linked: $code bytes of IL"
                flash_passed=$((flash_passed + 1))
                continue
            fi
            say "$name, linked: $code bytes of IL; it may have ${entry#*:} (flash_code in targets/emulator/nano.sh)"
        fi
        say "$name: failed"
        flash_failed=$((flash_failed + 1))
    done
}

verb_nano() {
    local project name gap failed=0 assemblies=()
    need_sdk
    build_tools && nano_find_references || die "the nano flavour has no tools, or nothing to compile against"
    if [ -z "$(toolchain_gap lib)" ]; then nano_compare "$NANO_TOOLCHAIN/lib" || die "a program for these libraries would not start on the firmware"; fi
    while read -r project; do
        name=$(basename "$project" .csproj)
        rm -rf "${nano:?}/$name"
        if quietly nano_build "$project" && quietly nano_pack "$project" "$name" "$nano/$name"; then
            assemblies+=("$nano/$name/$name.dll")
        else
            say "$name: failed"
            failed=$((failed + 1))
        fi
    done < <(nano_projects)
    if [ "${#assemblies[@]}" -gt 0 ]; then size_table "${assemblies[@]}"; fi
    if [ "$failed" -eq 0 ]; then write_sizes "$nano/sizes.json"; fi
    gap=$(toolchain_gap metadata-processor)
    if [ -n "$gap" ]; then
        say "no .pe files and no images of the samples: $gap"
    elif ! nano_samples || ! flash_table; then
        failed=$((failed + 1))
    fi
    say "${#assemblies[@]} assemblies in artifacts/nano, $failed failed"
    [ "$failed" -eq 0 ]
}

# --- toolchain ---

# Fetches one package into FOLDER; false, in silence, where no feed has it.
fetch_package() {
    local id=${1%=*} version=${1#*=} folder=$2 probe=$2/probe/${1%=*}
    mkdir -p "$probe"
    say '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup><ItemGroup>' \
        "<PackageDownload Include=\"$id\" Version=\"[$version]\" />" '</ItemGroup></Project>' > "$probe/probe.csproj"
    NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT=1 timeout --kill-after=5 60 dotnet restore "$probe/probe.csproj" --artifacts-path "$probe/artifacts" \
        -p:ManagePackageVersionsCentrally=false -p:RestorePackagesPath="$folder/packages" > "$probe/restore.log" 2>&1
}

# The metadata processor of its package, under the name and with the arguments of NANO_TOOLCHAIN.
wrap_processor() {
    local folder=$1 program
    program=$(find "$folder/packages" -iname 'nanoFramework.Tools.MetadataProcessor.exe' -o -iname 'nanoFramework.Tools.MetadataProcessor.CLI.exe' 2> /dev/null | head -n 1)
    [ -n "$program" ] || return 1
    cat > "$folder/bin/metadata-processor" <<WRAPPER
#!/usr/bin/env bash
# metadata-processor IN.dll OUT.pe REFERENCE.dll...
set -euo pipefail
in=\$1 out=\$2 hints=()
for reference in "\${@:3}"; do hints+=(-loadHints "\$(basename "\$reference" .dll)" "\$reference"); done
run=() ; case \$(uname) in Linux | Darwin) run=(mono) ;; esac
"\${run[@]}" "$program" "\${hints[@]}" -parse "\$in" -compile "\$out" false
[ -s "\$out" ]
WRAPPER
    chmod +x "$folder/bin/metadata-processor"
}

verb_toolchain() {
    local folder=$artifacts/nano-toolchain package missing=()
    need_sdk
    rm -rf "$folder"
    mkdir -p "$folder/bin" "$folder/lib" "$folder/packages"
    for package in "${nano_packages[@]}" "${toolchain_packages[@]}"; do
        fetch_package "$package" "$folder" || missing+=("the package ${package%=*} ${package#*=}")
    done
    find "$folder/packages" -path '*/lib/*' \( -name '*.dll' -o -name '*.pe' -o -name '*.pdbx' \) -exec cp -p {} "$folder/lib" \;
    nano_compare "$folder/lib" || missing+=("class libraries that the pinned firmware takes")
    wrap_processor "$folder" || missing+=("bin/metadata-processor (no program in nanoFramework.Tools.MetadataProcessor.MsBuildTask)")
    if NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT=1 timeout --kill-after=5 120 \
        dotnet tool install nanoclr --tool-path "$folder/tools" > "$folder/nanoclr.log" 2>&1; then
        ln -s ../tools/nanoclr "$folder/bin/nanoclr"
    else
        missing+=("bin/nanoclr (the package nanoclr)")
    fi
    if [ "${#missing[@]}" -eq 0 ]; then
        say "the toolchain is there; use it with" "  export NANO_TOOLCHAIN=$folder"
        return
    fi
    say "missing:" "${missing[@]/#/  }"
    say "no feed has these; set NANO_TOOLCHAIN to a folder of your own (docs/nano.md)"
    return 1
}

# --- emulator ---

emulator_passed=0 emulator_failed=0 emulator_skipped=0 emulator_line=""
collector_fault=unknown  # yes, no or unknown: whether the runtime's collector writes into living objects (docs/nano.md)

# Runs CollectorCheck, says what it found, and sets collector_fault. A runtime with the fault may stop in its midst.
check_collector() {
    local folder=$nano/live/CollectorCheck log=$nano/live/collector.log project=firmware-samples/CollectorCheck/CollectorCheck.csproj modules heap status
    mkdir -p "$nano/live"
    collector_fault=unknown
    if ! quietly nano_build "$project" || ! quietly nano_modules "$project" CollectorCheck "$folder"; then
        say "" "the collector's check cannot be made for nanoCLR"
        return
    fi
    mapfile -t modules < "$folder/modules"
    collector_fault=no
    for heap in 49152 65536 98304; do
        status=0
        NANO_HEAP=$heap timeout --kill-after=5 5m "$NANO_TOOLCHAIN/bin/nanoclr" run --assemblies "${modules[@]}" > "$log" 2>&1 || status=$?
        if [ "$status" -ne 0 ] || ! grep -q 'changed nothing' "$log"; then collector_fault=yes; fi
    done
    if [ "$collector_fault" = yes ]; then
        say "" "the runtime has the collector's fault (docs/nano.md): where it stops under forced collection, tests count as skipped"
    else
        say "" "the runtime does not show the collector's fault (docs/nano.md): where it stops, that is a failure"
    fi
}

# emulator_run NAME WHAT HEAP PE OPTION...: one assembly once on nanoCLR. HEAP 0 is the runtime's own.
emulator_run() {
    local name=$1 what=$2 heap=$3 log good bad skipped status=0 modules
    log=$nano/emulator/$name/$what.log
    mapfile -t modules < "$nano/emulator/$name/modules"
    shift 3
    if [ "$heap" -gt 0 ]; then export NANO_HEAP=$heap; else unset NANO_HEAP; fi
    timeout --kill-after=5 "${emulator_minutes}m" "$NANO_TOOLCHAIN/bin/nanoclr" run --assemblies "${modules[@]}" "$@" > "$log" 2>&1 || status=$?
    unset NANO_HEAP
    say "" "== $name, $what"
    # Class.Method.row,ticks or a reason; the rest of the line is the reason.
    sed -n -E 's/^Test passed,([^,]*),.*/passed  \1/p; s/^Test (failed|skipped),([^,]*),?(.*)/\1  \2: \3/p; s/^Heap: /        /p' "$log"
    good=$(grep -c '^Test passed,' "$log" || true)
    bad=$(grep -c '^Test failed,' "$log" || true)
    skipped=$(grep -c '^Test skipped,' "$log" || true)
    # The runtime's exit code tells nothing of the tests; only a run that came to its end says Done. Where collections are
    # forced a runtime with the collector's fault may crash by itself: that is told, and is neither a success nor a failure of a test.
    if [ "$collector_fault" != no ] && [[ " $* " == *" --forcegc "* ]] && { [ "$status" -eq 134 ] || [ "$status" -eq 139 ]; } && [ "$bad" -eq 0 ]; then
        say "$name, $what: the runtime itself stopped (exit code $status); the tests behind it did not run"
        skipped=$((skipped + 1))
    elif [ "$status" -ne 0 ] || ! grep -q '^Done\.' "$log" || [ "$good" -eq 0 ]; then
        say "$name, $what: did not run to its end (exit code $status)"
        tail -n 5 "$log"
        bad=$((bad + 1))
    fi
    say "$name, $what: $good passed, $bad failed, $skipped skipped"
    emulator_passed=$((emulator_passed + good)) emulator_failed=$((emulator_failed + bad)) emulator_skipped=$((emulator_skipped + skipped))
}

# emulator_tally NAME WHAT PASSED FAILED: a line and the sums.
emulator_tally() {
    say "$1, $2: $3 passed, $4 failed, 0 skipped"
    emulator_passed=$((emulator_passed + $3)) emulator_failed=$((emulator_failed + $4))
}

# --- the samples over real UDP ---

sample_reports=15       # that CoapsSensor must have taken
sample_echoes=5         # of each of EchoServer's clients
sample_lives=5          # of SleepyDevice, with a report each
sample_heap=$emulator_heap
sleepy_heap=98304
modem_heap=$emulator_heap
provisioning_heap=$emulator_heap
dtls13_heap=$emulator_heap
certificate_heap=98304
sample_connections=3    # of CertificateClient and SecureElementKey, with a report each
sample_seconds=240      # none may take longer, on a slow machine either

# sample_copy NAME THREAD SED...: a sample as a user would have it for his own network: a copy, its settings edited by the sed scripts; with
# THREAD it runs on a thread of its own whose object nobody keeps. What lies in $sample_own replaces files of the copy. Built and packed;
# prints the folder with its modules.
sample_own=""
sample_copy() {
    local name=$1 thread=$2 source=$nano/live/source folder project
    rm -rf "$source"
    mkdir -p "$source"
    cp -r firmware-samples/. "$source"
    sed -i -E "s|\.\./nf-dtls/|$root/nf-dtls/|" "$source/Directory.Build.props"
    sed -i -E "s|\.\./\.\./(nf-dtls\|native-interop)/|$root/\\1/|" "$source/$name/$name.csproj"
    while [ "$#" -gt 2 ]; do
        grep -qE "$(cut -d '|' -f 2 <<< "$3")" "$source/$name/Settings.cs" || { say "$name has no such setting: $3" >&2; return 1; }
        sed -i -E "$3" "$source/$name/Settings.cs"
        set -- "$1" "$2" "${@:4}"
    done
    if [ -n "$sample_own" ]; then cp "$sample_own"/* "$source/$name"; fi
    if [ "$thread" = another-thread ]; then
        sed -i 's|public static void Main()|internal static void Application()|' "$source/$name/Platform/Nano.cs"
        say "namespace NfDtls.Samples.$name { public static class Elsewhere { public static void Main() {" \
            "new System.Threading.Thread(Platform.Application).Start(); System.Threading.Thread.Sleep(-1); } } }" > "$source/$name/Elsewhere.cs"
    fi
    project=$source/$name/$name.csproj
    folder=$nano/live/$name-$thread
    rm -rf "$nano/build/bin/$name" "$nano/build/obj/$name"
    nano_build "$project" >&2 && nano_link "$project" "$name" "$folder" >&2 || return 1
    echo "$folder"
}

# sample_start FOLDER LOG OPTION...: starts the runtime; sets sample_pid.
sample_start() {
    local modules
    mapfile -t modules < "$1/modules"
    NANO_HEAP=$sample_heap timeout --kill-after=5 "$sample_seconds" "$NANO_TOOLCHAIN/bin/nanoclr" run --assemblies "${modules[@]}" "${@:3}" > "$2" 2>&1 &
    sample_pid=$!
}

# sample_stop PID: ends a program that was started here, and waits for it.
sample_stop() { kill "$1" 2> /dev/null || true; wait "$1" 2> /dev/null || true; }

# sample_wait LOG PATTERN COUNT PID: until so many lines of the log match; false when the program or the time ended before.
sample_wait() {
    local end=$((SECONDS + sample_seconds))
    while [ "$(grep -acE "$2" "$1" || true)" -lt "$3" ]; do
        if [ "$SECONDS" -ge "$end" ] || ! kill -0 "$4" 2> /dev/null; then return 1; fi
        sleep 0.2
    done
}

# A UDP port that nobody has at this moment.
free_port() {
    local port
    while true; do
        port=$((20000 + RANDOM % 20000))
        if ! grep -qi ":$(printf '%04X' "$port") " /proc/net/udp; then echo "$port"; return; fi
    done
}

# live_coap NAME LOG THREAD WHAT OPTION...: a sample's reports to libcoap's server; it must have taken them all, and know the last.
live_coap() {
    local name=$1 thread=$3 what=$4 port folder log=$nano/live/$2-$3-$4.log key="a key of the sensor's own" server taken refused last known good=0
    port=$(free_port)
    folder=$(sample_copy "$name" "$thread" 's|(string Server = )"[^"]*"|\1"127.0.0.1"|' "s|(int Port = )[0-9]+|\\1$port|" 's|(int Interval = )[0-9]+|\1200|') \
        || { emulator_tally "$name" "$thread, $what" 0 1; return; }
    coap-server-openssl -A 127.0.0.1 -p "$((port - 1))" -d 10 -k "$key" > "$log.server" 2>&1 &
    server=$!
    : > "$log"
    sample_start "$folder" "$log" "${@:5}"
    sample_wait "$log" ' was taken\.' "$sample_reports" "$sample_pid" || true
    sample_stop "$sample_pid"
    taken=$(grep -ac ' was taken\.' "$log" || true)
    refused=$(grep -ac ' was not taken' "$log" || true)
    last=$(sed -n -E 's/^([0-9.]+) was taken\..*/\1/p' "$log" | tail -n 1)
    known=$(timeout 20 coap-client-openssl -u sensor-1 -k "$key" "coaps://127.0.0.1:$port/temperature" 2> /dev/null | tail -n 1 || true)
    sample_stop "$server"
    say "" "== $name, $thread, $what: $taken reports taken, $refused not; coap-server has '$known', the last was '$last'"
    # The runtime may have been stopped between the server's answer and the sensor's line.
    if [ "$taken" -ge "$sample_reports" ] && [ "$refused" -eq 0 ] && [ -n "$known" ]; then good=1; else tail -n 5 "$log"; fi
    emulator_tally "$name" "$thread, $what" "$good" "$((1 - good))"
}

# live_sensor THREAD WHAT OPTION...: CoapsSensor's.
live_sensor() { live_coap CoapsSensor sensor "$@"; }

# live_echo SIZE THREAD WHAT OPTION...: SIZE is small or normal; two clients of OpenSSL's, one after the other, and what EchoServer sends back to them.
live_echo() {
    local small=false thread=$2 what="$1, $3" port folder log=$nano/live/echo-$1-$2-$3.log i client key back=0 wanted=$((2 * sample_echoes)) good=0
    if [ "$1" = small ]; then small=true; fi
    shift
    port=$(free_port)
    folder=$(sample_copy EchoServer "$thread" "s|(int Port = )[0-9]+|\\1$port|" 's|(int ReportInterval = )[0-9]+|\12000|' "s|(bool IsSmall = )[a-z]+|\\1$small|") \
        || { emulator_tally EchoServer "$thread, $what" 0 1; return; }
    : > "$log"
    sample_start "$folder" "$log" "${@:3}"
    if sample_wait "$log" 'Listening on port' 1 "$sample_pid"; then
        for client in 1 2; do
            key=000102030405060708090a0b0c0d0e0f
            if [ "$client" = 2 ]; then key=101112131415161718191a1b1c1d1e1f; fi
            # A line once its predecessor came back, or the time is over.
            : > "$log.$client"
            (
                sample_wait "$log.$client" 'Verif(y return|ication)' 1 "$sample_pid" || true
                for ((i = 1; i <= sample_echoes; i++)); do
                    echo "line $i of client $client"
                    sample_wait "$log.$client" "^line $i of client $client" 1 "$sample_pid" || true
                done
            ) | timeout "$sample_seconds" openssl s_client -dtls1_2 -connect "127.0.0.1:$port" -cipher PSK -psk_identity "sensor-$client" -psk "$key" > "$log.$client" 2>&1 || true
            back=$((back + $(grep -ac "^line [0-9]* of client $client" "$log.$client" || true)))
        done
    fi
    sample_wait "$log" ' is gone' 2 "$sample_pid" || true
    sample_stop "$sample_pid"
    say "" "== EchoServer, $thread, $what: $back of $wanted lines came back to openssl s_client, $(grep -ac ' connected with ' "$log" || true) connected, $(grep -ac ' is gone' "$log" || true) left"
    if [ "$back" -eq "$wanted" ]; then good=1; else tail -n 5 "$log"; fi
    emulator_tally EchoServer "$thread, $what" "$good" "$((1 - good))"
}

# live_sleepy THREAD WHAT OPTION...: SleepyDevice's lives against a server of our own with connection IDs; one handshake, and then none.
live_sleepy() {
    local thread=$1 what=$2 port folder log=$nano/live/sleepy-$1-$2.log server on anew good=0
    port=$(free_port)
    folder=$(sample_copy SleepyDevice "$thread" 's|(string Server = )"[^"]*"|\1"127.0.0.1"|' "s|(int Port = )[0-9]+|\\1$port|" 's|(int Interval = )[0-9]+|\1200|') \
        || { emulator_tally SleepyDevice "$thread, $what" 0 1; return; }
    dotnet "$artifacts/bin/NfDtls.Tool/release/NfDtls.Tool.dll" server "$port" --bind 127.0.0.1 --psk 000102030405060708090a0b0c0d0e0f --identity sensor-1 \
        --cid random:8 --echo > "$log.server" 2>&1 &
    server=$!
    : > "$log"
    if sample_wait "$log.server" 'listening on' 1 "$server"; then
        sample_start "$folder" "$log" "${@:3}"
        sample_wait "$log" ' was taken\.' "$sample_lives" "$sample_pid" || true
        sample_stop "$sample_pid"
    fi
    sample_stop "$server"
    on=$(grep -ac '^Went on without a handshake' "$log" || true)
    anew=$(grep -ac ' connected: sensor-1' "$log.server" || true)
    say "" "== SleepyDevice, $thread, $what: $(grep -ac ' was taken\.' "$log" || true) reports taken, $on lives without a handshake; the server saw $anew handshake and $(grep -ac ' moved to ' "$log.server" || true) moves"
    if [ "$on" -ge $((sample_lives - 1)) ] && [ "$anew" -eq 1 ]; then good=1; else tail -n 5 "$log"; fi
    emulator_tally SleepyDevice "$thread, $what" "$good" "$((1 - good))"
}

# live_modem THREAD WHAT OPTION...: ModemTransport's, by the simulated modem.
live_modem() { live_coap ModemTransport modem "$@"; }

# live_provisioning THREAD WHAT OPTION...: Provisioning is sent to libcoap's server by the sample's bootstrap server on .NET, and reports there.
live_provisioning() {
    local thread=$1 what=$2 port bootstrap folder log=$nano/live/provisioning-$1-$2.log key="a key of the device's own" server giver taken given good=0
    port=$(free_port)
    bootstrap=$(free_port)
    folder=$(sample_copy Provisioning "$thread" 's|(string BootstrapServer = )"[^"]*"|\1"127.0.0.1"|' "s|(int BootstrapPort = )[0-9]+|\\1$bootstrap|" \
        's|(int Interval = )[0-9]+|\1200|') || { emulator_tally Provisioning "$thread, $what" 0 1; return; }
    coap-server-openssl -A 127.0.0.1 -p "$((port - 1))" -d 10 -k "$key" > "$log.server" 2>&1 &
    server=$!
    dotnet "$artifacts/bin/Provisioning/release_net10.0/Provisioning.dll" bootstrap-server "$bootstrap" "coaps://127.0.0.1:$port" sensor-7 "$key" > "$log.giver" 2>&1 &
    giver=$!
    : > "$log"
    if sample_wait "$log.giver" 'listens on' 1 "$giver"; then
        sample_start "$folder" "$log" "${@:3}"
        sample_wait "$log" ' was taken\.' "$sample_reports" "$sample_pid" || true
        sample_stop "$sample_pid"
    fi
    sample_stop "$giver"
    sample_stop "$server"
    taken=$(grep -ac ' was taken\.' "$log" || true)
    given=$(grep -ac ' was given coaps' "$log.giver" || true)
    say "" "== Provisioning, $thread, $what: given a server $given time, $taken reports taken there"
    if [ "$taken" -ge "$sample_reports" ] && [ "$given" -eq 1 ]; then good=1; else tail -n 5 "$log"; fi
    emulator_tally Provisioning "$thread, $what" "$good" "$((1 - good))"
}

# stranger_13 PORT LOG: starts wolfSSL's DTLS 1.3 server with Dtls13Client's key, where the peers' tests have fetched wolfSSL; sets
# stranger_pid and stranger_name. False where they have not.
stranger_13() {
    local root library program=$nano/live/WolfStranger
    root=$(find "$artifacts/strangers" -maxdepth 1 -type d -name 'libwolfssl-dev-*' 2> /dev/null | head -n 1)
    [ -n "$root" ] && command -v gcc > /dev/null || return 1
    library=$(dirname "$(find "$root/root/usr/lib" -name libc.so.6 | head -n 1)")
    gcc -O1 -I"$root/root/usr/include" -o "$program" nf-dtls.Tests/NfDtls.Tests.Peers/Strangers/WolfStranger.c -L"$library" -lwolfssl \
        -Wl,--allow-shlib-undefined -Wl,--disable-new-dtags -Wl,-rpath,"$library" -Wl,--dynamic-linker="$(find "$library" -name 'ld-linux*.so.*' | head -n 1)" || return 1
    # It ends when its input does, which this one never does.
    rm -f "$nano/live/input"
    mkfifo "$nano/live/input"
    "$program" server port="$1" dtls13=1 psk_alone=1 suite=TLS_AES_128_CCM_8_SHA256 psk=000102030405060708090a0b0c0d0e0f \
        identity=sensor-1 tickets=0 cookies=1 ems=1 etm=1 echo=1 <> "$nano/live/input" > "$2" 2>&1 &
    stranger_pid=$!
    stranger_name=wolfSSL
}

# live_13 THREAD WHAT OPTION...: Dtls13Client's reports to wolfSSL, or where that is not there to a server of our own.
live_13() {
    local thread=$1 what=$2 port folder log=$nano/live/dtls13-$1-$2.log taken bytes good=0
    port=$(free_port)
    folder=$(sample_copy Dtls13Client "$thread" 's|(string Server = )"[^"]*"|\1"127.0.0.1"|' "s|(int Port = )[0-9]+|\\1$port|" 's|(int Interval = )[0-9]+|\1200|') \
        || { emulator_tally Dtls13Client "$thread, $what" 0 1; return; }
    if ! stranger_13 "$port" "$log.server"; then
        dotnet "$artifacts/bin/NfDtls.Tool/release/NfDtls.Tool.dll" server "$port" --bind 127.0.0.1 --psk 000102030405060708090a0b0c0d0e0f --identity sensor-1 \
            --versions 1.3 --psk-alone --echo > "$log.server" 2>&1 &
        stranger_pid=$!
        stranger_name="our own server"
    fi
    : > "$log"
    if sample_wait "$log.server" 'listening on|ready on' 1 "$stranger_pid"; then
        sample_start "$folder" "$log" "${@:3}"
        sample_wait "$log" ' was taken\.' "$sample_reports" "$sample_pid" || true
        sample_stop "$sample_pid"
    fi
    sample_stop "$stranger_pid"
    taken=$(grep -ac ' was taken\.' "$log" || true)
    bytes=$(sed -n -E 's/^Connected by DTLS 1\.3 .* after ([0-9]+) bytes.*/\1/p' "$log" | head -n 1)
    say "" "== Dtls13Client, $thread, $what: $taken reports came back from $stranger_name, after a handshake of ${bytes:-?} bytes"
    if [ "$taken" -ge "$sample_reports" ] && [ -n "$bytes" ]; then good=1; else tail -n 5 "$log"; fi
    emulator_tally Dtls13Client "$thread, $what" "$good" "$((1 - good))"
}

# live_laboratory: an authority with certificates of a server and of a device, in $nano/live/laboratory; the device's as source.
live_laboratory() {
    local folder=$nano/live/laboratory keygen=(dotnet "$artifacts/bin/NfDtls.Tool/release/NfDtls.Tool.dll" keygen)
    rm -rf "$folder"
    mkdir -p "$folder/source"
    quietly "${keygen[@]}" ca --out "$folder/ca" \
        && quietly "${keygen[@]}" server --ca "$folder/ca" --out "$folder/server" --name gateway.example \
        && quietly "${keygen[@]}" device --ca "$folder/ca" --out "$folder/source/Credentials" --name sensor-17 --form csharp
}

# live_chip PORT LOG: starts the program that plays SecureElementKey's chip, sets chip_pid, and has a certificate made for its key.
live_chip() {
    local folder=$nano/live/laboratory program=(dotnet "$artifacts/bin/SecureElementKey/release_net10.0/SecureElementKey.dll")
    : > "$2"
    "${program[@]}" chip "$1" > "$2" 2>&1 &
    chip_pid=$!
    sample_wait "$2" 'is on UDP port' 1 "$chip_pid" && "${program[@]}" public "127.0.0.1:$1" > "$folder/element.pub" || return 1
    printf '%s\n' basicConstraints=critical,CA:FALSE keyUsage=critical,digitalSignature extendedKeyUsage=clientAuth > "$folder/element.ext"
    quietly openssl x509 -new -force_pubkey "$folder/element.pub" -subj /CN=sensor-18 -days 365 -CA "$folder/ca.pem" -CAkey "$folder/ca.key" \
        -extfile "$folder/element.ext" -out "$folder/element.pem"
}

# source_text PEM: the file as it stands in a string of C#, once sed has put it there.
source_text() { awk '{ printf "%s\\\\n", $0 }' "$1"; }

# live_certificates NAME THREAD WHAT OPTION...: CertificateClient or SecureElementKey against OpenSSL's server, which demands a certificate
# and sends back what comes: one connection by certificates, the others resumed.
live_certificates() {
    local name=$1 thread=$2 what=$3 port time_port chip_port folder log=$nano/live/$1-$2-$3.log lab=$nano/live/laboratory server time edits resumed anew signed good=0
    port=$(free_port) time_port=$(free_port) chip_port=$(free_port) chip_pid=""
    edits=('s|(string Server = )"[^"]*"|\1"127.0.0.1"|' "s|(int Port = )[0-9]+|\\1$port|" 's|(int Interval = )[0-9]+|\1200|'
        "s|(string Authority = )\"\"|\\1\"$(source_text "$lab/ca.pem")\"|" 's|(string TimeServer = )"[^"]*"|\1"127.0.0.1"|' "s|(int TimePort = )[0-9]+|\\1$time_port|")
    if [ "$name" = SecureElementKey ]; then
        live_chip "$chip_port" "$log.chip" || { sample_stop "$chip_pid"; emulator_tally "$name" "$thread, $what" 0 1; return; }
        edits+=('s|(string Chip = )"[^"]*"|\1"127.0.0.1"|' "s|(int ChipPort = )[0-9]+|\\1$chip_port|" "s|(string Certificate = )\"\"|\\1\"$(source_text "$lab/element.pem")\"|")
    else
        sample_own=$lab/source
    fi
    folder=$(sample_copy "$name" "$thread" "${edits[@]}") || { sample_own=""; sample_stop "$chip_pid"; emulator_tally "$name" "$thread, $what" 0 1; return; }
    sample_own=""
    dotnet "$artifacts/bin/CertificateClient/release_net10.0/CertificateClient.dll" time "$time_port" > "$log.time" 2>&1 &
    time=$!
    rm -f "$log.back"
    mkfifo "$log.back"
    openssl s_server -dtls1_2 -accept "127.0.0.1:$port" -cert "$lab/server.pem" -key "$lab/server.key" -CAfile "$lab/ca.pem" -Verify 1 -verify_return_error -quiet \
        <> "$log.back" >&0 2> "$log.server" &
    server=$!
    : > "$log"
    if sample_wait "$log.time" 'is on UDP port' 1 "$time"; then
        sample_start "$folder" "$log" "${@:4}"
        sample_wait "$log" ' was taken\.' "$sample_connections" "$sample_pid" || true
        sample_stop "$sample_pid"
    fi
    for port in "$server" "$time" $chip_pid; do sample_stop "$port"; done
    anew=$(grep -ac '^Connected by certificates' "$log" || true)
    resumed=$(grep -ac '^Resumed the session' "$log" || true)
    signed=""
    if [ "$name" = SecureElementKey ]; then signed=", $(grep -ac '^Signs' "$log.chip" || true) signatures of the chip's"; fi
    say "" "== $name, $thread, $what: $(grep -ac ' was taken\.' "$log" || true) reports taken, $anew connection by certificates, $resumed resumed$signed"
    if [ "$anew" -eq 1 ] && [ "$resumed" -ge $((sample_connections - 1)) ] && [[ "$signed" = "" || "$signed" = ", 1 "* ]]; then good=1; else tail -n 5 "$log"; fi
    emulator_tally "$name" "$thread, $what" "$good" "$((1 - good))"
}

live_certificate() { live_certificates CertificateClient "$@"; }

live_element() { live_certificates SecureElementKey "$@"; }

# both_heaps LIVE HEAP THREAD: a sample in a heap of so many bytes, as it is and with collection and compaction forced.
both_heaps() {
    sample_heap=$2
    "$1" "$3" "heap-$(($2 / 1024))-KB"
    "$1" "$3" "heap-$(($2 / 1024))-KB-GC-and-compaction-forced" --forcegc --compactionaftergc
    sample_heap=$emulator_heap
}

# run_samples [NAME...]: the samples named, or all, as PE files over real UDP on loopback against libcoap, OpenSSL and wolfSSL, on both
# kinds of thread, in the smallest heap.
run_samples() {
    local thread name wanted=" ${*:-CoapsSensor SleepyDevice EchoServer ModemTransport Provisioning Dtls13Client CertificateClient SecureElementKey} "
    mkdir -p "$nano/live"
    for name in coap-server-openssl coap-client-openssl openssl; do
        if ! command -v "$name" > /dev/null; then say "" "the samples: not run: there is no $name"; return; fi
    done
    quietly dotnet build targets/host/nfdtls -c Release "${quiet[@]}" || { emulator_tally "the samples' servers" built 0 1; return; }
    for name in Provisioning CertificateClient SecureElementKey; do
        quietly dotnet build "firmware-samples/$name/$name.csproj" -c Release -f net10.0 "${quiet[@]}" || { emulator_tally "$name" "on .NET" 0 1; return; }
    done
    live_laboratory || { emulator_tally "the samples' certificates" made 0 1; return; }
    for thread in main-thread another-thread; do
        if [[ $wanted == *" CoapsSensor "* ]]; then both_heaps live_sensor "$emulator_heap" "$thread"; fi
        if [[ $wanted == *" SleepyDevice "* ]]; then both_heaps live_sleepy "$sleepy_heap" "$thread"; fi
        if [[ $wanted == *" ModemTransport "* ]]; then both_heaps live_modem "$modem_heap" "$thread"; fi
        if [[ $wanted == *" Provisioning "* ]]; then both_heaps live_provisioning "$provisioning_heap" "$thread"; fi
        if [[ $wanted == *" Dtls13Client "* ]]; then both_heaps live_13 "$dtls13_heap" "$thread"; fi
        if [[ $wanted == *" CertificateClient "* ]]; then both_heaps live_certificate "$certificate_heap" "$thread"; fi
        if [[ $wanted == *" SecureElementKey "* ]]; then both_heaps live_element "$certificate_heap" "$thread"; fi
        if [[ $wanted == *" EchoServer "* ]]; then
            live_echo small "$thread" heap-64-KB
            live_echo small "$thread" heap-64-KB-GC-and-compaction-forced --forcegc --compactionaftergc
            sample_heap=114688
            live_echo normal "$thread" heap-112-KB
            sample_heap=$emulator_heap
        fi
    done
}

# emulator_prepare PROJECT NAME: builds a test assembly and all that it needs; writes the list of what nanoCLR loads.
emulator_prepare() {
    local project=$1 folder=$nano/emulator/$2
    nano_build "$project" && nano_modules "$project" NFUnitTest "$folder" || return 1
    echo "$NANO_TOOLCHAIN/lib/nanoFramework.UnitTestLauncher.pe" >> "$folder/modules"
}

# Runs every portable test assembly. Sets the counts and emulator_line.
run_emulator() {
    local project name part gap heap chosen
    emulator_passed=0 emulator_failed=0 emulator_skipped=0
    for part in lib metadata-processor nanoclr; do
        gap=$(toolchain_gap "$part")
        if [ -n "$gap" ]; then emulator_line="emulator: not run: $gap"; return; fi
    done
    if ! nano_compare "$NANO_TOOLCHAIN/lib"; then
        emulator_failed=1 emulator_line="emulator: run"
        return
    fi
    nano_references=$NANO_TOOLCHAIN/lib
    if ! build_tools; then
        emulator_failed=1 emulator_line="emulator: run"
        return
    fi
    check_collector
    for project in nf-dtls.Tests/Portable.*/*.csproj; do
        name=$(basename "$project" .csproj)
        if [ "$#" -gt 0 ] && [[ " $* " != *" $name "* ]]; then continue; fi
        if grep -q '<NanoSockets>true' "$project" && [ "${NANO_SOCKETS:-}" != 1 ]; then
            say "" "$name: not run: NANO_SOCKETS is not 1, so the runtime is taken to have no sockets"
            continue
        fi
        if ! quietly emulator_prepare "$project" "$name"; then
            say "$name: cannot be made for nanoCLR"
            emulator_failed=$((emulator_failed + 1))
            continue
        fi
        heap=$(sed -n -E 's|.*<NanoHeap>([0-9]+)</NanoHeap>.*|\1|p' "$project")
        heap=${heap:-$emulator_heap}
        emulator_run "$name" "own-heap" 0
        emulator_run "$name" "heap-$((heap / 1024))-KB" "$heap"
        emulator_run "$name" "heap-$((heap / 1024))-KB-GC-and-compaction-forced" "$heap" --forcegc --compactionaftergc
    done
    if [ "${NANO_SOCKETS:-}" = 1 ] && { [ "$#" -eq 0 ] || [[ " $* " == *" samples "* ]]; }; then
        chosen=()
        for name in "$@"; do
            if [ -d "firmware-samples/$name" ]; then chosen+=("$name"); fi
        done
        run_samples "${chosen[@]}"
    fi
    emulator_line="emulator: run"
}

# heap_figure NAME TEXT: a number that a test of a portable assembly said of the heap, in its declared heap and nothing forced; 0 where it did not.
heap_figure() {
    local logs=("$nano/emulator/$1"/heap-*-KB.log)
    sed -n -E "s/^Heap: $2: ([0-9]+)\\r?\$/\\1/p" "${logs[0]}" 2> /dev/null | grep . || echo 0
}

# put_row PATTERN ROW: a table's row in docs/nano.md anew, the first whose first cells match; what stands further down was measured otherwise.
put_row() { sed -i -E "0,\\#^\\| $1 \\|#s#^\\| $1 \\|.*#$2#" docs/nano.md; }

# Puts into docs/nano.md what the runs said: how many tests an assembly has, and the heap that handshakes take.
write_runs() {
    local name logs count before what row kind
    for name in "$@"; do
        logs=("$nano/emulator/$name"/heap-*-KB.log)
        [ -f "${logs[0]}" ] || continue
        count=$(grep -ac '^Test passed,' "${logs[0]}" || true)
        sed -i -E "0,\\#^\\| $name \\| [0-9]+#s#^(\\| $name \\| )[0-9]+#\\1$count#" docs/nano.md
    done
    if [[ " $* " == *" Portable.Memory "* ]]; then
        for what in before:before "with both ends made:both ends made" "at the handshake's peak:at the handshake's peak" \
            "after the handshake:after the handshake" "after 100 echoes:after 100 echoes of 64 bytes"; do
            count=$(heap_figure Portable.Memory "free ${what%%:*}")
            if [ "$count" -gt 0 ]; then put_row "${what#*:}" "| ${what#*:} | $(grouped "$count") |"; fi
        done
    fi
    if [[ " $* " == *" Portable.Certificates "* ]]; then
        for what in "ECDHE_PSK:ECDHE_PSK" "certificate:ECDHE_ECDSA, the server's certificate" "two certificates:certificates of both" \
            "two raw keys:raw public keys of both"; do
            before=$(heap_figure Portable.Certificates "${what%%:*}: free before")
            row="| ${what#*:} |"
            for kind in "with both ends made" "at the handshake's peak" "after the handshake"; do
                count=$(heap_figure Portable.Certificates "${what%%:*}: free $kind")
                row+=" $(grouped $((before - count))) |"
            done
            if [ "$before" -gt 0 ]; then put_row "${what#*:}" "$row"; fi
        done
    fi
}

# emulator [PROJECT...]: those portable test assemblies (samples: the samples over UDP, or those named behind it), or all.
verb_emulator() {
    need_sdk
    run_emulator "$@"
    if [ "$emulator_line" != "emulator: run" ]; then say "$emulator_line"; return; fi
    if [ "$emulator_failed" -eq 0 ]; then write_runs $(cd nf-dtls.Tests && echo Portable.*); fi
    say "" "$emulator_passed passed, $emulator_failed failed, $emulator_skipped skipped on nanoCLR" "$emulator_line"
    [ "$emulator_failed" -eq 0 ]
}
