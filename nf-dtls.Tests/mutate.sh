# The verb `mutate`: changes one thing after another in the code, by Stryker.NET, and asks the tests whether they notice.

mutate_version=5.1.0
mutate_threads=${MUTATE_THREADS:-1}

# What is tried: a name; the assembly; its files, as Stryker takes them; and the projects whose tests are asked.
mutate_parts=(
    "records|NfDtls|Records/*.cs Wire/ConstantTime.cs|Portable.Engine NfDtls.Tests.Engine"
    "flights|NfDtls|Flights/RangeSet.cs Flights/Message*.cs|Portable.Engine NfDtls.Tests.Engine"
    "rules|NfDtls|Handshakes/HandshakeRules.cs Handshakes/ExtensionBlock.cs Handshakes/HeldRecords.cs Handshakes/FlightTimer.cs Dtls12/*.cs|NfDtls.Tests.Engine"
    "handshake|NfDtls|Handshakes/MessageReceiver.cs Handshakes/FlightScript.cs Handshakes/Patience.cs Associations/AlertReceiver.cs Associations/RecordReceiver.cs Associations/EpochTable.cs Associations/LastFlight.cs|NfDtls.Tests.Engine"
    "cookies|NfDtls.Server|CookieSecret.cs CookieKeys.cs PlainAnswers.cs BeginRate.cs Dtls12ServerVersion.cs HelloDigest.cs|NfDtls.Tests.Engine"
    "server|NfDtls.Server|HandshakeSlots.cs Reception.cs Admission.cs HostTable.cs SharedHeld.cs UnreadRecords.cs DeadlineHeap.cs|NfDtls.Tests.Engine"
    "chains|NfDtls.X509|Chains/*.cs|NfDtls.Tests.X509"
    "der|NfDtls.X509|Der/*.cs|Portable.X509 NfDtls.Tests.X509"
    "names|NfDtls.X509|Names/*.cs|Portable.X509 NfDtls.Tests.X509"
    "records13|NfDtls.Dtls13|Records/*.cs Secrets/*.cs|NfDtls.Tests.Dtls13"
    "messages13|NfDtls.Dtls13|Messages/*.cs Handshakes/Rules13.cs|NfDtls.Tests.Dtls13"
)

# mutate [PART or ASSEMBLY...]: each of them in a copy of the sources, under artifacts/mutate, as the tests run the changed code.
verb_mutate() {
    local folder=$artifacts/mutate part name assembly chosen=() failed=0
    need_sdk
    command -v jq > /dev/null || apt_install jq || die "mutate: jq is missing (Debian: apt-get install jq)"
    for part in "${mutate_parts[@]}"; do
        IFS='|' read -r name assembly _ <<< "$part"
        if [ $# -eq 0 ] || [[ " $* " == *" $name "* ]] || [[ " $* " == *" $assembly "* ]]; then chosen+=("$part"); fi
    done
    if [ "${#chosen[@]}" -eq 0 ]; then die "mutate: there is no part $*; there are: $(printf '%s\n' "${mutate_parts[@]}" | cut -d'|' -f1 | xargs)"; fi
    mkdir -p "$folder"
    if [ ! -x "$folder/tools/dotnet-stryker" ]; then
        quietly dotnet tool install dotnet-stryker --version "$mutate_version" --tool-path "$folder/tools" || die "mutate: dotnet-stryker $mutate_version cannot be installed"
    fi
    rm -rf "$folder/sources"
    mkdir -p "$folder/sources"
    tar -c --exclude=./artifacts --exclude=./.git . | tar -x -C "$folder/sources"
    for part in "${chosen[@]}"; do
        IFS='|' read -r name assembly files tests <<< "$part"
        mutate_part "$folder" "$name" "$assembly" "$files" "$tests" || failed=1
    done
    return "$failed"
}

# mutate_part FOLDER NAME ASSEMBLY FILES TESTS: leaves survivors and score in FOLDER/NAME.txt, and Stryker's own report beside it.
mutate_part() {
    local folder=$1 name=$2 file test patterns=() projects=() settings=$1/$2.json
    for file in $4; do patterns+=("\"$file\""); done
    for test in $5; do projects+=("\"$folder/sources/nf-dtls.Tests/$test/$test.csproj\""); done
    cat > "$settings" <<SETTINGS
{ "stryker-config": {
    "project": "$3.csproj", "configuration": "Release", "target-framework": "net10.0", "concurrency": $mutate_threads,
    "test-projects": [$(IFS=,; echo "${projects[*]}")], "mutate": [$(IFS=,; echo "${patterns[*]}")],
    "mutation-level": "Standard", "ignore-mutations": ["string"], "coverage-analysis": "perTest", "additional-timeout": 20000,
    "reporters": ["json", "cleartext"], "thresholds": { "high": 90, "low": 80, "break": 0 } } }
SETTINGS
    say "mutate: $name ($(date -u +%H:%M))"
    (cd "$folder/sources/nf-dtls/$3" && "$folder/tools/dotnet-stryker" --config-file "$settings" --output "$folder/$name" --skip-version-check) > "$folder/$name.log" 2>&1 || {
        tail -30 "$folder/$name.log"
        return 1
    }
    mutate_figures "$name" "$folder/$name/reports/mutation-report.json" > "$folder/$name.txt" || return 1
    tail -n 1 "$folder/$name.txt"
}

# mutate_figures NAME REPORT: what no test noticed, a line each, and in the last line how many there are of each kind.
mutate_figures() {
    jq -r '.files | to_entries[] | .key as $file | .value.mutants[] | select(.status == "Survived" or .status == "NoCoverage")
        | "\($file | split("/") | last):\(.location.start.line):\(.location.start.column) \(.status) \(.mutatorName): \(.replacement | gsub("\\s+"; " "))"' "$2"
    jq -r --arg name "$1" '[.files[].mutants[].status] | {killed: map(select(. == "Killed" or . == "Timeout")) | length, left: map(select(. == "Survived" or . == "NoCoverage")) | length}
        | "mutate: \($name): \(.killed) of \(.killed + .left) noticed, \(if .killed + .left > 0 then 1000 * .killed / (.killed + .left) | floor / 10 else 0 end) %"' "$2"
}
