#!/usr/bin/env bash
# Builds, tests and shows NfDtls; `./build.sh help` lists the verbs. All output goes to artifacts/.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$root"
artifacts=$root/artifacts
nano=$artifacts/nano

sdk_major=10
il_budget=45056    # bytes of IL that an assembly for a board may have; nanoCLR loads no more than 64 KB

# Test data that is not part of this repository, and the tools for the nano flavour. Tests read the variable, too.
export NFDTLS_TEST_DATA=${NFDTLS_TEST_DATA:-$root/../shared}
if [ -d "$NFDTLS_TEST_DATA" ]; then NFDTLS_TEST_DATA=$(cd "$NFDTLS_TEST_DATA" && pwd); fi

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=${DOTNET_SYSTEM_GLOBALIZATION_INVARIANT:-1}  # a fresh machine may lack ICU
export MSBUILDDISABLENODEREUSE=1                                                         # leave no build nodes behind

quiet=(-v quiet -clp:NoSummary)    # what a build says: its errors, once
telling=(-v minimal -clp:NoSummary)  # and which projects are ready

# The programs that the tests let NfDtls talk to, and headers to build one with, by their paths; and the packages that bring them.
peers=(openssl:openssl redis-server:redis-server gnutls-cli:gnutls-bin coap-client-openssl:libcoap3-bin tshark:tshark
    gcc:gcc /usr/include/stdlib.h:libc6-dev /usr/include/mbedtls/ssl.h:libmbedtls-dev)

# nanoFramework's packages, as ID=VERSION: its class libraries and its test framework.
mapfile -t nano_packages < <(sed -n -E 's/^pin (nanoFramework[^ ]*) +([0-9.]+)$/\1=\2/p' targets/nanoframework.txt)

usage() {
    cat <<'USAGE'
usage: ./build.sh VERB [argument...]
  demo    builds the command-line tool, then shows DTLS at work: runs `nfdtls demo` with the arguments given
  test [PROJECT...]       builds, runs every test and the check below; the last line is `N passed, N failed`; with names such as
          NfDtls.Tests.Engine: those projects alone
  build   builds everything and leaves the command-line tool as artifacts/nfdtls/nfdtls
  check   builds the assemblies for boards against nanoFramework and runs nf-check over them
  nano    builds them into artifacts/nano: .dll, .xml and, with NANO_TOOLCHAIN, .pe and .pdbx, and the samples' images for
          a board's flash; prints their sizes
  emulator [PROJECT...]   runs the portable tests on nanoCLR, where NANO_TOOLCHAIN names it; with NANO_SOCKETS=1 those over sockets,
          too, and the samples against libcoap and OpenSSL (alone: emulator samples)
  toolchain               makes such a folder from nanoFramework's packages, as far as a feed has them
  native [--full]         builds the native core and tests it; --full: for Cortex-M and RISC-V, too, on emulators
  projects                writes Visual Studio's project files and the nuspecs after those of dotnet
  pack [--no-pe]          makes the packages; they need .pe files, and so NANO_TOOLCHAIN
  aot     compiles a program over NfDtls.Net ahead of time (Native AOT), any warning an error, and runs it against OpenSSL
  sbom    lists what the packages for .NET stand on, as CycloneDX, beside them
  sample  builds a sample of firmware-samples for .NET and runs it: NAME [argument...]
  docs    builds the documentation site into artifacts/docs, with docfx; a broken link is an error
  gateway [--urls URL] [--coaps PORT] [--nodes N --redis HOST:PORT]   runs the gateway of targets/host/FleetGateway: CoAP over
          DTLS in, REST and a page out; with nodes as a fleet on this machine
  page    tries the gateway's page in a browser, which it installs (Debian's chromium)
  bench [FILTER] [--json FILE]   times NfDtls with each provider beside BouncyCastle, OpenSSL, mbedTLS and wolfSSL; --help: what else
  fuzz TARGET SECONDS    runs a target under AFL++, with our assemblies instrumented by SharpFuzz
  timing [SECONDS]       compares times that must not tell a secret, managed and over the host's cryptography; tells, and fails nothing
  mutate [PART...]       changes the code, one thing at a time, and asks the tests (Stryker.NET); a part, an assembly, or all
  ops [--linked] [PART OF A NAME]   counts what records, handshakes and primitives take of a board's interpreter; by method for those
          named; --linked: beside it what they take once nf-link has made one program of them
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

# elapsed: the time since the start, as minutes:seconds.
elapsed() { printf '%d:%02d' $((SECONDS / 60)) $((SECONDS % 60)); }

# watched COMMAND...: a build that is given `telling`: a line for each project that is ready, and what else it says when it fails.
# Where it fails for want of a package feed's answer, it is tried again.
watched() {
    local log status tries=3
    log=$(mktemp)
    while true; do
        status=0
        "$@" 2>&1 | tee "$log" | show_projects || status=$?
        tries=$((tries - 1))
        if [ "$status" -eq 0 ] || [ "$tries" -eq 0 ] || ! grep -qE 'error NU130[01]|Failed to (retrieve|download)' "$log"; then break; fi
        say "a package feed did not answer; once more"
    done
    if [ "$status" -ne 0 ]; then awk '/^Build FAILED/ { exit } !/ -> |^  (Restored|Determining|All projects) / && NF' "$log"; fi
    rm -f "$log"
    return "$status"
}

show_projects() {
    local line
    while IFS= read -r line; do
        if [[ $line =~ ^\ +([^\ ]+)\ -\>\  ]]; then
            say "  $(elapsed) ${BASH_REMATCH[1]}"
        elif [[ $line == *"Determining projects to restore"* ]]; then
            say "  $(elapsed) restoring packages"
        fi
    done
}

# with_pulse NAME COUNT COMMAND...: runs the command, and says twice a minute that it still runs and what COUNT, a command, prints.
with_pulse() {
    local name=$1 count=$2 pulse status=0
    shift 2
    (
        trap 'kill "$!" 2> /dev/null; exit' TERM
        while sleep 30 & wait "$!" && kill -0 $$ 2> /dev/null; do say "   $(elapsed) $name: $($count) done"; done
    ) &
    pulse=$!
    "$@" || status=$?
    kill "$pulse"
    wait "$pulse" 2> /dev/null || true
    return "$status"
}

# --- what the machine must have ---

# apt_install PACKAGE...: installs what it can; false, with the reason, when something is still missing.
apt_install() {
    local package status=0 apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 -o Acquire::Retries=3)
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

solution_built=no

build_solution() {
    if [ "$solution_built" = yes ]; then return; fi
    say "building NfDtls.slnx"
    watched dotnet build NfDtls.slnx -c Release "${telling[@]}" || return 1
    solution_built=yes
}

# build_tool OPTION...: the command-line tool and what it is made of, as artifacts/nfdtls/nfdtls.
build_tool() {
    local launcher
    rm -rf "$artifacts/nfdtls"
    watched dotnet publish targets/host/nfdtls -c Release "${telling[@]}" -o "$artifacts/nfdtls" "$@" || return 1
    # The assembly has another name: .NET takes nfdtls.dll and NfDtls.dll for the same. So the launcher is renamed here.
    launcher=$(basename "$artifacts"/nfdtls/*.runtimeconfig.json .runtimeconfig.json)
    if [ "$launcher" != nfdtls ]; then mv -f "$artifacts/nfdtls/$launcher" "$artifacts/nfdtls/nfdtls"; fi
}

verb_build() {
    need_sdk
    build_solution || die "the solution does not build"
    build_tool --no-build || die "the command-line tool cannot be published"
    say "the command-line tool is artifacts/nfdtls/nfdtls"
}

verb_demo() {
    need_sdk
    say "building the command-line tool"
    build_tool || die "the command-line tool does not build"
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

# gateway [argument...]: builds the gateway and runs it.
verb_gateway() {
    need_sdk
    quietly dotnet build targets/host/FleetGateway -c Release "${quiet[@]}" || die "the gateway does not build"
    exec dotnet "$artifacts/bin/FleetGateway/release/FleetGateway.dll" "$@"
}

# page: the tests of the gateway's page, with a browser: some 350 MB, which `test` takes where it is there and does not install.
verb_page() {
    local tests=nf-dtls.Tests/NfDtls.Tests.Cluster/NfDtls.Tests.Cluster.csproj
    need_sdk
    need_peers
    command -v chromium > /dev/null || apt_install chromium || die "there is no chromium"
    hash -r
    quietly dotnet build "$tests" -c Release "${quiet[@]}" || die "the tests do not build"
    rm -rf "$artifacts/test-results/page"
    dotnet test "$tests" -c Release --no-build --filter FullyQualifiedName~The_page_shows_in_a_browser --results-directory "$artifacts/test-results/page" || return 1
    say "the page as it was: $(find "$artifacts/test-results/page" -name gateway-page.png)"
}

# bench [argument...]: builds the program that times the stacks, and runs it.
verb_bench() {
    need_sdk
    need_peers
    native_build || say "the native provider is left out"
    quietly dotnet build targets/host/NfDtls.Bench -c Release "${quiet[@]}" || die "the program does not build"
    exec dotnet "$artifacts/bin/NfDtls.Bench/release/NfDtls.Bench.dll" "$@"
}

# ops [--linked] [PART OF A NAME]: counts operations.
verb_ops() {
    need_sdk
    quietly dotnet build targets/host/NfDtls.Ops -c Release "${quiet[@]}" || die "the program does not build"
    exec dotnet "$artifacts/bin/NfDtls.Ops/release/NfDtls.Ops.dll" "$@"
}

verb_projects() {
    need_sdk
    quietly dotnet build targets/emulator/NfDtls.Projects -c Release "${quiet[@]}" || die "the tool for it does not build"
    dotnet "$artifacts/bin/NfDtls.Projects/release/NfDtls.Projects.dll" "$root"
}

# --- check: the nano flavour ---

# What check_nano counts: each assembly is one test.
nano_passed=0 nano_failed=0 nano_skipped=0
nano_gap="no feed has nanoFramework's packages, and NFDTLS_TEST_DATA names no folder with their surface"

# tool NAME ARGUMENT...: runs one of the nanoFramework tools of targets/emulator, which build_tools has built.
tool() { dotnet "$nano/tools/bin/$1/release/$1.dll" "${@:2}"; }

build_tools() {
    local name
    for name in nf-reference nf-check nf-link; do
        quietly dotnet build "targets/emulator/$name/$name.csproj" -c Release --artifacts-path "$nano/tools" "${quiet[@]}" || return 1
    done
}

# Fills a folder with the assemblies of those of nanoFramework's packages that a feed has, and sets packages_found and packages_missing.
packages_found=() packages_missing=()
references_from_packages() {
    local package id folder=$1 probe=$nano/probe try gone
    rm -rf "$folder"
    mkdir -p "$probe" "$folder"
    packages_found=("${nano_packages[@]}") packages_missing=()
    # A restore names every package that no feed has; the second one is without these. Where no feed answers none is named.
    for try in 1 2; do
        {
            say '<Project Sdk="Microsoft.NET.Sdk">' '<ItemGroup>'
            for package in "${packages_found[@]}"; do say "<PackageDownload Include=\"${package%=*}\" Version=\"[${package#*=}]\" />"; done
            say '</ItemGroup>' '</Project>'
        } > "$probe/probe.csproj"
        # One try is enough: where a feed does not answer, generated references do as well.
        if NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT=1 timeout --kill-after=5 180 dotnet restore "$probe/probe.csproj" --artifacts-path "$probe/artifacts" \
            -p:RestorePackagesPath="$probe/packages" > "$probe/restore.log" 2>&1; then
            for package in "${packages_found[@]}"; do
                id=$(tr '[:upper:]' '[:lower:]' <<< "${package%=*}")
                find "$probe/packages/$id/${package#*=}" -path '*/lib/*' -name '*.dll' -exec cp -p {} "$folder" \;
            done
            return
        fi
        gone=$(sed -n -E 's/.*error NU110[12]: .* package (nanoFramework[A-Za-z0-9.]*[A-Za-z0-9]).*/\1/p' "$probe/restore.log" | sort -u)
        if [ "$try" = 2 ] || [ -z "$gone" ]; then break; fi
        packages_found=()
        for package in "${nano_packages[@]}"; do
            if grep -qxF "${package%=*}" <<< "$gone"; then packages_missing+=("$package"); else packages_found+=("$package"); fi
        done
        if [ "${#packages_found[@]}" -eq 0 ]; then break; fi
    done
    packages_found=() packages_missing=("${nano_packages[@]}")
}

references_found=""  # yes or no, once it has been tried

# Sets nano_references to a folder of reference assemblies: real ones where a feed has them, and generated ones for the rest; and
# nano_surface to the folder that nf-check learns the class libraries from. False where neither is to be had.
find_references() {
    local data=$NFDTLS_TEST_DATA/nanoframework/surface real=$nano/references-packages
    if [ -n "$references_found" ]; then [ "$references_found" = yes ]; return; fi
    references_found=no
    references_from_packages "$real"
    if [ "${#packages_missing[@]}" -eq 0 ]; then
        nano_references=$real
        say "nano flavour: compiled against nanoFramework's packages"
    elif [ -d "$data" ]; then
        nano_references=$nano/references
        quietly tool nf-reference --no-generics --surface "$data" "$nano_references" || return 1
        if [ "${#packages_found[@]}" -eq 0 ]; then
            say "nano flavour: compiled against generated references (no feed has nanoFramework's packages)"
        else
            cp -p "$real"/*.dll "$nano_references"
            say "nano flavour: compiled against the packages ${packages_found[*]/=/ }," "  and generated references for ${packages_missing[*]%=*} (no feed has these)"
        fi
    else
        return 1
    fi
    nano_surface=$nano_references
    references_found=yes
}

# Counts projects as not built. That fails nothing, except in CI.
nano_not_built() {
    say "nano flavour: not built: $nano_gap"
    if [ "${CI:-}" = true ]; then nano_failed=$1; else nano_skipped=$1; fi
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
        nano_not_built "${#projects[@]}"
        return
    fi

    : > "$log"
    for project in "${projects[@]}"; do
        name=$(basename "$project" .csproj)
        say "  $(elapsed) $name"
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
    tool nf-check --surface "$nano_surface" --warn-as-error --il-budget "$il_budget" \
        --probed nf-dtls.Tests/Portable.Runtime/members.txt --json "$nano/sizes.json" "${arguments[@]}" > "$report" 2>&1 || status=$?
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
    flash_check
    nano_passed=$((nano_passed + flash_passed)) nano_failed=$((nano_failed + flash_failed))
    # The document is written by check and nano; here it is only told that it is old.
    if [ -f "$nano/sizes.json" ]; then document_sizes "$nano/sizes.json" || true; fi
}

verb_check() {
    need_sdk
    check_nano
    if [ "$nano_failed" -eq 0 ] && [ -f "$nano/sizes.json" ] && ! document_sizes "$nano/sizes.json" > /dev/null; then
        write_sizes "$nano/sizes.json"
        say "docs/nano.md: the table of sizes is written anew"
    fi
    say "nano flavour: $nano_passed assemblies passed, $nano_failed failed, $nano_skipped skipped"
    [ "$nano_failed" -eq 0 ]
}

# shellcheck source=nf-dtls.Tests/run.sh
source nf-dtls.Tests/run.sh

# shellcheck source=nf-dtls.Tests/fuzz.sh
source nf-dtls.Tests/fuzz.sh

# shellcheck source=nf-dtls.Tests/mutate.sh
source nf-dtls.Tests/mutate.sh

source targets/emulator/nano.sh

source native-interop/native.sh
# shellcheck source=nuget/pack.sh
source nuget/pack.sh
# shellcheck source=nuget/templates.sh
source nuget/templates.sh
# shellcheck source=nuget/sbom.sh
source nuget/sbom.sh
# shellcheck source=nuget/aot.sh
source nuget/aot.sh
# shellcheck source=docs/site/docs.sh
source docs/site/docs.sh

verb=${1:-}
case $verb in
    demo | test | build | check | nano | emulator | toolchain | native | sample | gateway | page | bench | ops | projects | pack | aot | fuzz | mutate | timing | sbom | docs) "verb_$verb" "${@:2}" ;;
    help | -h | --help) usage ;;
    *) usage >&2; exit 2 ;;
esac
