# The verb `mutate`: changes one thing after another in the code, by Stryker.NET, and asks the tests whether they notice (mutate.cs).

mutate_version=5.1.0

# What is tried: a name; the assembly; its files; and the projects whose tests are asked.
mutate_parts=(
    "records|NfDtls|Records/*.cs Wire/ConstantTime.cs|Portable.Engine NfDtls.Tests.Engine NfDtls.Tests.Extensions"
    "flights|NfDtls|Flights/RangeSet.cs Flights/Message*.cs|Portable.Engine NfDtls.Tests.Engine"
    "rules|NfDtls|Handshakes/HandshakeRules.cs Handshakes/ExtensionBlock.cs Handshakes/HeldRecords.cs Handshakes/FlightTimer.cs Dtls12/*.cs|Portable.Engine NfDtls.Tests.Engine NfDtls.Tests.Extensions"
    "handshake|NfDtls|Handshakes/MessageReceiver.cs Handshakes/FlightScript.cs Handshakes/Patience.cs Associations/AlertReceiver.cs Associations/RecordReceiver.cs Associations/EpochTable.cs Associations/LastFlight.cs|Portable.Engine NfDtls.Tests.Engine NfDtls.Tests.Extensions NfDtls.Tests.Dtls13"
    "cookies|NfDtls.Server|CookieSecret.cs CookieKeys.cs PlainAnswers.cs BeginRate.cs Dtls12ServerVersion.cs HelloDigest.cs|NfDtls.Tests.Engine"
    "server|NfDtls.Server|HandshakeSlots.cs Reception.cs Admission.cs HostTable.cs SharedHeld.cs UnreadRecords.cs DeadlineHeap.cs|NfDtls.Tests.Engine NfDtls.Tests.Extensions"
    "chains|NfDtls.X509|Chains/*.cs|Portable.X509 NfDtls.Tests.X509"
    "der|NfDtls.X509|Der/*.cs|Portable.X509 NfDtls.Tests.X509"
    "names|NfDtls.X509|Names/*.cs|Portable.X509 NfDtls.Tests.X509"
    "records13|NfDtls.Dtls13|Records/*.cs Secrets/*.cs|NfDtls.Tests.Dtls13"
    "messages13|NfDtls.Dtls13|Messages/*.cs Handshakes/Rules13.cs|NfDtls.Tests.Dtls13"
)

# Stryker itself is to make the changes and ask nothing, but runs a test that comes by a change at least: a test for each assembly, and the
# only file that it comes by, in which nothing is asked.
mutate_idle=(
    "NfDtls|Utf8Tests|Wire/Utf8.cs"
    "NfDtls.Server|The_list_of_uses_agrees_with_a_list|UseList.cs"
    "NfDtls.X509|SystemClockTests|Store/SystemClock.cs"
    "NfDtls.Dtls13|PskImporterTests|PskImporter.cs"
)

# mutate [PART or ASSEMBLY...]: each of them in a copy of the sources, under artifacts/mutate, as the tests run the changed code.
verb_mutate() {
    local folder=$artifacts/mutate part name assembly chosen=() failed=0
    need_sdk
    for part in "${mutate_parts[@]}"; do
        IFS='|' read -r name assembly _ <<< "$part"
        if [ $# -eq 0 ] || [[ " $* " == *" $name "* ]] || [[ " $* " == *" $assembly "* ]]; then chosen+=("$part"); fi
    done
    if [ "${#chosen[@]}" -eq 0 ]; then die "mutate: there is no part $*; there are: $(printf '%s\n' "${mutate_parts[@]}" | cut -d'|' -f1 | xargs)"; fi
    mkdir -p "$folder"
    if [ ! -x "$folder/tools/dotnet-stryker" ]; then
        quietly dotnet tool install dotnet-stryker --version "$mutate_version" --tool-path "$folder/tools" || die "mutate: dotnet-stryker $mutate_version cannot be installed"
    fi
    if [ -z "${MUTATE_GOES_ON:-}" ]; then rm -rf "$folder/sources" "$folder/changed"; fi
    mkdir -p "$folder/sources" "$folder/asker"
    tar -c --exclude=./artifacts --exclude=./.git . | tar -x -C "$folder/sources"
    cp nf-dtls.Tests/mutate.cs "$folder/asker/asker.cs"
    echo '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType></PropertyGroup></Project>' > "$folder/asker/asker.csproj"
    echo '<Project />' > "$folder/asker/Directory.Build.props"
    quietly dotnet build "$folder/asker/asker.csproj" -c Release -o "$folder/asker/bin" || die "mutate: mutate.cs cannot be built"
    for part in "${chosen[@]}"; do
        IFS='|' read -r name assembly files tests <<< "$part"
        mutate_part "$folder" "$name" "$assembly" "$files" "$tests" || failed=1
    done
    return "$failed"
}

# mutate_part FOLDER NAME ASSEMBLY FILES TESTS: leaves survivors and score in FOLDER/NAME.txt.
mutate_part() {
    local folder=$1 name=$2 changed test assemblies=() result=3
    changed=$folder/changed/$3.${5// /.}
    say "mutate: $name ($(date -u +%H:%M))"
    if [ ! -f "$changed/report.json" ]; then mutate_change "$folder" "$changed" "$3" "$5" || return 1; fi
    for test in $5; do assemblies+=("$(ls "$changed/$test/$test.dll" "$changed/$test/NFUnitTest.dll" 2> /dev/null | head -n 1)"); done
    unset MUTATE_CRASHED
    while [ "$result" -ne 0 ]; do
        # 3: it begins anew behind a change that was noticed; others are the end of the process by what was changed.
        result=0
        DOTNET_GCHeapHardLimit=0x40000000 dotnet "$folder/asker/bin/asker.dll" "$changed" "$4" "${assemblies[@]}" >> "$folder/$name.log" 2>&1 || result=$?
        if [ ! -f "$changed/coverage.txt" ]; then tail -n 30 "$folder/$name.log"; return 1; fi
        if [ "$result" -eq 3 ]; then unset MUTATE_CRASHED; else export MUTATE_CRASHED=1; fi
    done
    MUTATE_FIGURES=1 dotnet "$folder/asker/bin/asker.dll" "$changed" "$4" > "$folder/$name.txt" || return 1
    echo "mutate: $name: $(tail -n 1 "$folder/$name.txt")"
}

# mutate_change FOLDER CHANGED ASSEMBLY TESTS: has Stryker put all its changes into an assembly, each of which can be turned on; CHANGED then
# has its report, and a folder for each project of tests with the changed assembly in it.
mutate_change() {
    local folder=$1 changed=$2 test projects=() stryker row assembly idle spared
    for row in "${mutate_idle[@]}"; do
        IFS='|' read -r assembly idle spared <<< "$row"
        if [ "$assembly" = "$3" ]; then break; fi
    done
    for test in $4; do projects+=("\"$folder/sources/nf-dtls.Tests/$test/$test.csproj\""); done
    mkdir -p "$changed"
    cat > "$changed/settings.json" <<SETTINGS
{ "stryker-config": {
    "project": "$3.csproj", "configuration": "Release", "target-framework": "net10.0", "concurrency": 1,
    "test-projects": [$(IFS=,; echo "${projects[*]}")], "mutate": ["!$spared"], "test-case-filter": "FullyQualifiedName~$idle",
    "mutation-level": "Standard", "ignore-mutations": ["string"], "coverage-analysis": "perTest",
    "reporters": ["json"], "thresholds": { "high": 90, "low": 80, "break": 0 } } }
SETTINGS
    (cd "$folder/sources/nf-dtls/$3" && exec "$folder/tools/dotnet-stryker" --config-file "$changed/settings.json" --output "$changed/stryker" --skip-version-check) > "$changed/stryker.log" 2>&1 &
    stryker=$!

    # It takes its changes out of the assembly again in the end.
    while kill -0 "$stryker" 2> /dev/null && ! grep -q 'Capture mutant coverage' "$changed/stryker.log"; do sleep 0.1; done
    for test in $4; do cp -r "$folder/sources/artifacts/bin/$test/release"* "$changed/$test"; done
    wait "$stryker" || {
        tail -n 30 "$changed/stryker.log"
        return 1
    }
    for test in $4; do grep -q MutantControl "$changed/$test/$3.dll" || die "mutate: there are no changes in $changed/$test/$3.dll"; done
    cp "$changed/stryker/reports/mutation-report.json" "$changed/report.json"
}
