#!/usr/bin/env bash
# Builds, tests and shows NfDtls; `./build.sh help` lists the verbs. All output goes to artifacts/.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$root"
artifacts=$root/artifacts
nano=$artifacts/nano

sdk_major=10
il_budget=45056    # bytes of IL that an assembly for a board may have; nanoCLR loads no more than 64 KB
project_minutes=7  # one test project must not take longer
test_minutes=3     # nor one test

# Test data that is not part of this repository, and the tools for the nano flavour. Tests read the variable, too.
export NFDTLS_TEST_DATA=${NFDTLS_TEST_DATA:-$root/../shared}
if [ -d "$NFDTLS_TEST_DATA" ]; then NFDTLS_TEST_DATA=$(cd "$NFDTLS_TEST_DATA" && pwd); fi

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=${DOTNET_SYSTEM_GLOBALIZATION_INVARIANT:-1}  # a fresh machine may lack ICU
export MSBUILDDISABLENODEREUSE=1                                                         # leave no build nodes behind

quiet=(-v quiet -clp:NoSummary)  # what a build says: its errors, once

# The programs that the tests let NfDtls talk to, and headers to build one with, by their paths; and the packages that bring them.
peers=(openssl:openssl gnutls-cli:gnutls-bin coap-client-openssl:libcoap3-bin tshark:tshark
    gcc:gcc /usr/include/stdlib.h:libc6-dev /usr/include/mbedtls/ssl.h:libmbedtls-dev)

# nanoFramework's packages, as ID=VERSION: its class libraries and its test framework.
mapfile -t nano_packages < <(sed -n -E 's/^pin (nanoFramework[^ ]*) +([0-9.]+)$/\1=\2/p' targets/nanoframework.txt)

usage() {
    cat <<'USAGE'
usage: ./build.sh VERB [argument...]
  demo    builds, then shows DTLS at work: runs `nfdtls demo` with the arguments given
  test    builds, runs every test and the check below; the last line is `N passed, N failed`
  build   builds everything and leaves the command-line tool as artifacts/nfdtls/nfdtls
  check   builds the assemblies for boards against nanoFramework and runs nf-check over them
  nano    builds them into artifacts/nano: .dll, .xml and, with NANO_TOOLCHAIN, .pe and .pdbx, and the samples' images for
          a board's flash; prints their sizes
  emulator [PROJECT...]   runs the portable tests on nanoCLR, where NANO_TOOLCHAIN names it
  toolchain               makes such a folder from nanoFramework's packages, as far as a feed has them
  native [--full]         builds the native core and tests it; --full: for Cortex-M and RISC-V, too, on emulators
  projects                writes Visual Studio's project files and the nuspecs after those of dotnet
  pack [--no-pe]          makes the packages; they need .pe files, and so NANO_TOOLCHAIN
  sample  builds a sample of firmware-samples for .NET and runs it: NAME [argument...]
  help    prints this
Each installs what it needs where apt can, and says what is missing where it cannot.
NANO_TOOLCHAIN names a folder with nanoFramework's libraries, metadata processor and runtime: docs/nano.md.
NFDTLS_TEST_DATA names the folder of outside test data and nanoFramework tools (default: ../shared).
With CI=true, `check` fails where those tools are missing; otherwise it says so and goes on.
USAGE
}

say() { printf '%s\n' "$@"; }
die() { printf 'build.sh: %s\n' "$*" >&2; exit 1; }

# quietly COMMAND...: shows the command's output only when it fails.
quietly() {
    local log status=0
    log=$(mktemp)
    "$@" > "$log" 2>&1 || status=$?
    if [ "$status" -ne 0 ]; then cat "$log"; fi
    rm -f "$log"
    return "$status"
}

# --- what the machine must have ---

# apt_install PACKAGE...: installs what it can; false, with the reason, when something is still missing.
apt_install() {
    local package status=0 apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120)
    if ! command -v apt-get > /dev/null; then say "there is no apt-get here"; return 1; fi
    if [ "$(id -u)" -ne 0 ]; then
        if ! sudo -n true 2> /dev/null; then say "only root may install; run: sudo apt-get install $*"; return 1; fi
        apt=(sudo -n "${apt[@]}")
    fi
    if ! quietly "${apt[@]}" update; then say "apt-get update failed"; fi
    for package in "$@"; do
        if [ -z "$(apt-cache show --no-all-versions "$package" 2> /dev/null)" ]; then say "apt knows no package $package"; status=1; continue; fi
        say "installing $package"
        if ! quietly "${apt[@]}" install -y --no-install-recommends "$package"; then status=1; fi
    done
    return "$status"
}

has_sdk() { command -v dotnet > /dev/null && [[ $'\n'$(dotnet --list-sdks) == *$'\n'"$sdk_major."* ]]; }

need_sdk() {
    if ! has_sdk; then
        apt_install "dotnet-sdk-$sdk_major.0" || true
        hash -r
        has_sdk || die "the .NET SDK $sdk_major is needed; install it from https://dotnet.microsoft.com/download/dotnet/$sdk_major.0"
    fi
    # Where the SDK is not in a usual place, the tools built here find it by this variable.
    if [ -z "${DOTNET_ROOT:-}" ]; then DOTNET_ROOT=$(dirname "$(readlink -f "$(command -v dotnet)")"); fi
    export DOTNET_ROOT
}

# The packages of peers that are not there, one a line.
missing_peers() {
    local peer
    for peer in "${peers[@]}"; do
        if ! command -v "${peer%%:*}" > /dev/null && [ ! -f "${peer%%:*}" ]; then echo "${peer#*:}"; fi
    done
}

need_peers() {
    local missing
    mapfile -t missing < <(missing_peers)
    [ "${#missing[@]}" -gt 0 ] || return 0
    apt_install "${missing[@]}" || true
    hash -r
    mapfile -t missing < <(missing_peers)
    [ "${#missing[@]}" -eq 0 ] || say "tests that need ${missing[*]} will be inconclusive"
}

# --- build, demo ---

build_solution() {
    say "building NfDtls.slnx"
    quietly dotnet build NfDtls.slnx -c Release "${quiet[@]}"
}

verb_build() {
    local launcher
    need_sdk
    build_solution || die "the solution does not build"
    rm -rf "$artifacts/nfdtls"
    quietly dotnet publish targets/host/nfdtls -c Release --no-build "${quiet[@]}" -o "$artifacts/nfdtls" \
        || die "the command-line tool cannot be published"
    # The assembly has another name: .NET takes nfdtls.dll and NfDtls.dll for the same. So the launcher is renamed here.
    launcher=$(basename "$artifacts"/nfdtls/*.runtimeconfig.json .runtimeconfig.json)
    if [ "$launcher" != nfdtls ]; then mv -f "$artifacts/nfdtls/$launcher" "$artifacts/nfdtls/nfdtls"; fi
    say "the command-line tool is artifacts/nfdtls/nfdtls"
}

verb_demo() {
    verb_build
    exec "$artifacts/nfdtls/nfdtls" demo "$@"
}

# sample NAME [argument...]: builds a sample for .NET and runs it.
verb_sample() {
    local name=${1:-} project
    project=firmware-samples/$name/$name.csproj
    [ -n "$name" ] && [ -f "$project" ] || die "there is no sample '$name'; there are: $(cd firmware-samples && echo */*.csproj | sed 's|/[^ ]*||g')"
    need_sdk
    quietly dotnet build "$project" -c Release -f net10.0 "${quiet[@]}" || die "the sample does not build"
    exec dotnet "$artifacts/bin/$name/release_net10.0/$name.dll" "${@:2}"
}

verb_projects() {
    need_sdk
    quietly dotnet build targets/emulator/NfDtls.Projects -c Release "${quiet[@]}" || die "the tool for it does not build"
    dotnet "$artifacts/bin/NfDtls.Projects/release/NfDtls.Projects.dll" "$root"
}

# --- check: the nano flavour ---

# What check_nano counts: each assembly is one test.
nano_passed=0 nano_failed=0 nano_skipped=0

# tool NAME ARGUMENT...: runs one of the nanoFramework tools of targets/emulator, which build_tools has built.
tool() { dotnet "$nano/tools/bin/$1/release/$1.dll" "${@:2}"; }

build_tools() {
    local name
    for name in nf-reference nf-check; do
        quietly dotnet build "targets/emulator/$name/$name.csproj" -c Release --artifacts-path "$nano/tools" "${quiet[@]}" || return 1
    done
}

# Fills a folder from real packages; false, in silence, where no feed has them.
references_from_packages() {
    local package folder=$1 probe=$nano/probe
    mkdir -p "$probe" "$folder"
    {
        say '<Project Sdk="Microsoft.NET.Sdk">' '<ItemGroup>'
        for package in "${nano_packages[@]}"; do say "<PackageDownload Include=\"${package%=*}\" Version=\"[${package#*=}]\" />"; done
        say '</ItemGroup>' '</Project>'
    } > "$probe/probe.csproj"
    # One try is enough: where a feed does not answer, generated references do as well.
    NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT=1 timeout --kill-after=5 60 dotnet restore "$probe/probe.csproj" --artifacts-path "$probe/artifacts" \
        -p:RestorePackagesPath="$probe/packages" > "$probe/restore.log" 2>&1 || return 1
    find "$probe/packages" -path '*/lib/*' -name '*.dll' -exec cp -p {} "$folder" \;
    [ -f "$folder/mscorlib.dll" ]
}

# Sets nano_references to a folder of reference assemblies: real ones where a feed has them, else generated ones; and
# nano_surface to the folder that nf-check learns the class libraries from. False where there is neither.
find_references() {
    local data=$NFDTLS_TEST_DATA/nanoframework/surface
    nano_references=$nano/references-packages
    nano_surface=$nano_references
    if references_from_packages "$nano_references"; then
        say "nano flavour: compiled against nanoFramework's packages"
    elif [ -d "$data" ]; then
        nano_references=$nano/references
        nano_surface=$data
        quietly tool nf-reference --no-generics --surface "$data" "$nano_references" || return 1
        say "nano flavour: compiled against generated references (no feed has nanoFramework's packages)"
    else
        say "nano flavour: no feed has nanoFramework's packages, and there is no surface data in $NFDTLS_TEST_DATA (NFDTLS_TEST_DATA)"
        return 1
    fi
}

# Counts projects as not built. That fails nothing, except in CI.
nano_not_built() {
    say "nano flavour: not built: $1"
    if [ "${CI:-}" = true ]; then nano_failed=$2; else nano_skipped=$2; fi
}

check_nano() {
    local projects=(nf-dtls/*/*.csproj native-interop/*/*.csproj) project name report log=$nano/build.log assemblies=() arguments=() status=0 findings
    nano_passed=0 nano_failed=0 nano_skipped=0
    if ! build_tools; then
        nano_failed=${#projects[@]}
        say "nano flavour: its tools do not build"
        return
    fi
    if ! nano_find_references; then
        nano_not_built "nothing to compile against" "${#projects[@]}"
        return
    fi

    : > "$log"
    for project in "${projects[@]}"; do
        name=$(basename "$project" .csproj)
        # A folder of its own, so that the host flavour's restore and build stay as they are.
        if dotnet build "$project" -c Release -f netnano1.0 -p:NanoReferences="$nano_references" \
            --artifacts-path "$nano/build" "${quiet[@]}" >> "$log" 2>&1; then
            assemblies+=("$nano/build/bin/$name/release_netnano1.0/$name.dll")
        else
            say "$name: does not build for nanoFramework" >> "$log"
            nano_failed=$((nano_failed + 1))
        fi
    done
    # An assembly's errors come again with each that refers to it; once is enough.
    if [ "$nano_failed" -gt 0 ]; then awk '!seen[$0]++' "$log"; fi
    [ "${#assemblies[@]}" -gt 0 ] || return 0

    # nf-check wants all assemblies of a program in one call; its findings begin with the assembly's name.
    report=$nano/nf-check.txt
    for project in "${assemblies[@]}"; do
        # The one that holds nothing but native methods.
        if [ "$(basename "$project")" = NfDtls.Native.dll ]; then arguments+=(--native); fi
        arguments+=("$project")
    done
    tool nf-check --surface "$nano_surface" --warn-as-error --il-budget "$il_budget" "${arguments[@]}" > "$report" 2>&1 || status=$?
    cat "$report"
    findings=0
    for project in "${assemblies[@]}"; do
        name=$(basename "$project" .dll)
        if grep -qE "^${name//./\\.}: .*: NF[0-9]{3} (error|warning): " "$report"; then findings=$((findings + 1)); fi
    done
    # A failure that names no assembly is one of all.
    if [ "$status" -ne 0 ] && [ "$findings" -eq 0 ]; then findings=${#assemblies[@]}; fi
    nano_failed=$((nano_failed + findings))
    nano_passed=$((${#assemblies[@]} - findings))
}

verb_check() {
    need_sdk
    check_nano
    say "nano flavour: $nano_passed assemblies passed, $nano_failed failed, $nano_skipped skipped"
    [ "$nano_failed" -eq 0 ]
}

# --- test ---

# counter FILE NAME: a number of the summary in a result file, 0 where there is none.
counter() {
    local counters
    counters=$(grep -o '<Counters [^>]*' "$1" 2> /dev/null || true)
    if [[ $counters =~ \ $2=\"([0-9]+)\" ]]; then echo "${BASH_REMATCH[1]}"; else echo 0; fi
}

passed=0 failed=0 skipped=0

# tally NAME PASSED FAILED SKIPPED: a line of the summary, and the sums.
summary=()
tally() {
    passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
    summary+=("$(printf '%-28s %6d passed %4d failed %4d skipped' "$@")")
}

run_tests() {
    local project=$1 name results status=0 total good bad
    name=$(basename "$project" .csproj)
    results=$artifacts/test-results/$name.trx
    say "" "== $name"
    timeout --kill-after=10 "${project_minutes}m" dotnet test "$project" -c Release --no-build \
        --logger "trx;LogFileName=$name.trx" --results-directory "$artifacts/test-results" \
        --blame-hang-timeout "${test_minutes}m" --blame-hang-dump-type none || status=$?
    total=$(counter "$results" total)
    good=$(counter "$results" passed)
    bad=$(counter "$results" failed)
    # Why tests were inconclusive, each reason once.
    if [ -f "$results" ]; then
        { grep -o 'Assert.Inconclusive failed[^<]*' "$results" || true; } | sort | uniq -c
    fi
    if [ "$status" -eq 124 ]; then say "$name: stopped after $project_minutes minutes"; fi
    # A project that broke off, or had nothing to run, must not count as a success.
    if [ "$bad" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$total" -eq 0 ]; }; then
        say "$name: did not run to its end (exit code $status, $total results)"
        total=$((total + 1)) bad=1
    fi
    tally "$name" "$good" "$bad" "$((total - good - bad))"
}

verb_test() {
    local project
    need_sdk
    need_peers
    rm -rf "$artifacts/test-results"
    native_build || say "tests that need the native library will be inconclusive"
    if build_solution; then
        for project in nf-dtls.Tests/*/*.csproj; do run_tests "$project"; done
    else
        tally "build" 0 1 0
    fi
    say "" "== nano flavour"
    check_nano
    tally "nano flavour" "$nano_passed" "$nano_failed" "$nano_skipped"
    say "" "== packages"
    if test_packages; then tally "packages" 1 0 0; else tally "packages" 0 1 0; fi
    run_emulator
    if [ "$emulator_line" = "emulator: run" ]; then tally "emulator" "$emulator_passed" "$emulator_failed" "$emulator_skipped"; fi

    say "" "${summary[@]}"
    if [ "$skipped" -gt 0 ]; then say "$skipped skipped or inconclusive"; fi
    say "$emulator_line"
    say "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}

source targets/emulator/nano.sh

source native-interop/native.sh
# shellcheck source=nuget/pack.sh
source nuget/pack.sh

verb=${1:-}
case $verb in
    demo | test | build | check | nano | emulator | toolchain | native | sample | projects | pack) "verb_$verb" "${@:2}" ;;
    help | -h | --help) usage ;;
    *) usage >&2; exit 2 ;;
esac
