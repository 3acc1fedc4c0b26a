# Runs the tests and adds up what came of them; build.sh reads this for its verb `test`.

hang_minutes=30  # one test that runs longer is taken for stuck; how fast the machine is is not tested
export VSTEST_CONNECTION_TIMEOUT=${VSTEST_CONNECTION_TIMEOUT:-600}  # seconds that a test process may take to start

passed=0 failed=0 skipped=0
summary=()  # a line for each project
reasons=()  # why something was skipped: how many tests, project, reason
failures=()  # a line for each test that failed: project, test, the first line of what it said

# counter FILE NAME: a number of the summary in a result file, 0 where there is none.
counter() {
    local counters
    counters=$(grep -o '<Counters [^>]*' "$1" 2> /dev/null || true)
    if [[ $counters =~ \ $2=\"([0-9]+)\" ]]; then echo "${BASH_REMATCH[1]}"; else echo 0; fi
}

# skip_reasons FILE: why tests of a result file were skipped or inconclusive, each reason once, behind the number of tests. A test
# that gives no reason is named instead.
skip_reasons() {
    awk 'BEGIN { RS = "<UnitTestResult " }
        NR > 1 && /outcome="(NotExecuted|Inconclusive|NotRunnable)"/ {
            text = ""
            if (match($0, /<Message>[^<]*/)) { text = substr($0, RSTART + 9, RLENGTH - 9) }
            else if (match($0, /<StdOut>[^<]*/)) { text = substr($0, RSTART + 8, RLENGTH - 8) }
            gsub(/[ \t\r\n]+/, " ", text)
            sub(/^ /, "", text)
            sub(/ $/, "", text)
            sub(/^Assert\.Inconclusive failed\. /, "", text)
            if (text == "" || text == "Assert.Inconclusive failed.") { match($0, /testName="[^"]*/); text = "no reason given by " substr($0, RSTART + 10, RLENGTH - 10) }
            gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text); gsub(/&apos;/, "\047", text); gsub(/&#xD;|&#xA;/, " ", text); gsub(/&amp;/, "\\&", text)
            count[text]++
        }
        END { for (text in count) { print count[text], text } }' "$1" | sort -k1,1nr -k2
}

# failures_of FILE: the tests of a result file that failed, each with the first line of its message.
failures_of() {
    awk 'BEGIN { RS = "<UnitTestResult " }
        NR > 1 && /^[^>]*outcome="(Failed|Timeout|Aborted|Error)"/ {
            match($0, /testName="[^"]*/)
            name = substr($0, RSTART + 10, RLENGTH - 10)
            text = match($0, /<Message>[^<]*/) ? substr($0, RSTART + 9, RLENGTH - 9) : "no message"
            gsub(/&#xD;|&#xA;|[\r\n\t]+/, " ", text)
            gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text); gsub(/&apos;/, "\047", text); gsub(/&amp;/, "\\&", text)
            print name ": " substr(text, 1, 300)
        }' "$1"
}

# show_tests: of what `dotnet test` says at verbosity normal, the tests that failed and the end.
show_tests() {
    awk '/^(Test run for|A total of|Data collector|Results File:)/ || /^  (Passed|Skipped) / { show = 0; next }
        /^  Failed / || /^[^ \t]/ { show = 1 }
        show && !/^[ \t]*$/ { print; fflush() }'
}

# tests_done LOG: how many tests `dotnet test` has told of.
tests_done() { grep -cE '^  (Passed|Failed|Skipped) ' "$1" || true; }

# tally NAME PASSED FAILED SKIPPED: a line of the summary, and the sums.
tally() {
    passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
    summary+=("$(printf '%-28s %6d passed %4d failed %4d skipped' "$@")")
}

# because NUMBER NAME REASON: why so many of that name were skipped.
because() { reasons+=("$(printf '%6d of %s: %s' "$@")"); }

# show_summary: every line of it, why what was skipped was, and last what failed.
show_summary() {
    say "" "${summary[@]}"
    if [ "$skipped" -gt 0 ]; then say "$skipped skipped or inconclusive:" "${reasons[@]}"; fi
    if [ "${#failures[@]}" -gt 0 ]; then say "${failures[@]}"; fi
}

# tests_of PROJECT NAME: runs them, and keeps what is said of each in a file.
tests_of() {
    dotnet test "$1" -c Release --no-build --logger "trx;LogFileName=$2.trx" --logger "console;verbosity=normal" \
        --results-directory "$artifacts/test-results" --blame-hang-timeout "${hang_minutes}m" --blame-hang-dump-type none 2>&1 \
        | tee "$artifacts/test-results/$2.log" | show_tests
}

# run_tests PROJECT NUMBER: one test project; NUMBER is its place among all.
run_tests() {
    local project=$1 name results log status=0 total good bad line
    name=$(basename "$project" .csproj)
    results=$artifacts/test-results/$name.trx
    log=$artifacts/test-results/$name.log
    mkdir -p "$artifacts/test-results"
    : > "$log"
    say "" "== $name ($2, $(elapsed))"
    with_pulse "$name" "tests_done $log" tests_of "$project" "$name" || status=$?
    total=$(counter "$results" total)
    good=$(counter "$results" passed)
    bad=$(counter "$results" failed)
    # A project that broke off, or had nothing to run, must not count as a success.
    if [ "$bad" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$total" -eq 0 ]; }; then
        say "$name: did not run to its end (exit code $status, $total results)"
        total=$((total + 1)) bad=1
        failures+=("FAILED: $name did not run to its end (exit code $status)")
    fi
    tally "$name" "$good" "$bad" "$((total - good - bad))"
    if [ -f "$results" ]; then
        while read -r line; do because "${line%% *}" "$name" "${line#* }"; done < <(skip_reasons "$results")
        while read -r line; do failures+=("FAILED: $name: $line"); done < <(failures_of "$results")
    fi
}

# test [PROJECT...]: all tests and what goes with them; or only the test projects named, each built by itself.
verb_test() {
    local projects=(nf-dtls.Tests/*/*.csproj) project number=0
    need_sdk
    if [ "$#" -gt 0 ]; then named_projects "$@"; fi
    need_peers
    rm -rf "$artifacts/test-results"
    native_build || say "tests that need the native library will be inconclusive"
    if build_tests "$@"; then
        for project in "${projects[@]}"; do run_tests "$project" "$((number += 1)) of ${#projects[@]}"; done
    else
        tally "build" 0 1 0
        failures+=("FAILED: the build")
    fi
    if [ "$#" -eq 0 ]; then what_goes_with_tests; fi

    show_summary
    if [ "$#" -eq 0 ]; then say "$emulator_line"; fi
    say "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}

# named_projects NAME...: fills `projects` with those test projects.
named_projects() {
    local name
    projects=()
    for name in "$@"; do
        [ -f "nf-dtls.Tests/$name/$name.csproj" ] || die "there is no test project '$name'; nf-dtls.Tests has a folder for each"
        projects+=("nf-dtls.Tests/$name/$name.csproj")
    done
}

# build_tests [NAME...]: everything, or those test projects and what they stand on.
build_tests() {
    local name
    if [ "$#" -eq 0 ]; then build_solution; return; fi
    for name in "$@"; do
        watched dotnet build "nf-dtls.Tests/$name/$name.csproj" -c Release "${telling[@]}" || return 1
    done
}

# what_goes_with_tests: the assemblies for boards, the packages, and the emulator.
what_goes_with_tests() {
    say "" "== nano flavour ($(elapsed))"
    check_nano
    tally "nano flavour" "$nano_passed" "$nano_failed" "$nano_skipped"
    if [ "$nano_failed" -gt 0 ]; then failures+=("FAILED: nano flavour: $nano_failed assemblies, named above"); fi
    if [ "$nano_skipped" -gt 0 ]; then because "$nano_skipped" "nano flavour" "$nano_gap"; fi
    say "" "== packages ($(elapsed))"
    if test_packages; then tally "packages" 1 0 0; else tally "packages" 0 1 0; failures+=("FAILED: packages"); fi
    run_emulator
    if [ "$emulator_line" = "emulator: run" ]; then
        tally "emulator" "$emulator_passed" "$emulator_failed" "$emulator_skipped"
        if [ "$emulator_skipped" -gt 0 ]; then because "$emulator_skipped" "emulator" "the runtime stopped, or the test said why above"; fi
    fi
}
