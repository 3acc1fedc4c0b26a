# The verb `aot`: a program over NfDtls.Net and NfDtls.Hosting that is compiled ahead of time; build.sh reads this.

ahead=$artifacts/ahead

# ahead_asks OPTION...: OpenSSL's client says something to the program and hears it again, before it is told goodbye.
ahead_asks() {
    local said="bye $RANDOM"
    if ! timeout 120 openssl s_client -dtls1_2 -connect "127.0.0.1:$ahead_port" -quiet -ign_eof "$@" <<< "$said" 2> "$ahead/openssl.log" | grep -qxF "$said"; then
        cat "$ahead/openssl.log"
        return 1
    fi
}

# aot: publishes nuget/Ahead, where any warning of the trimmer's or the compiler's is an error, and runs it.
verb_aot() {
    local status=0 tries=1200 server
    need_sdk
    command -v openssl > /dev/null || apt_install openssl || true
    command -v clang > /dev/null || command -v gcc > /dev/null || apt_install gcc libc6-dev || true
    rm -rf "$ahead"
    mkdir -p "$ahead/certificates"
    quietly dotnet publish nuget/Ahead/Ahead.csproj -c Release "${quiet[@]}" -o "$ahead/program" || die "the program cannot be compiled ahead of time"
    mkfifo "$ahead/input"
    "$ahead/program/Ahead" "$ahead/certificates" < "$ahead/input" > "$ahead/output" 2>&1 &
    server=$!
    exec 9> "$ahead/input"
    while ! grep -q 'ready on port' "$ahead/output" && kill -0 "$server" 2> /dev/null && [ "$((tries -= 1))" -gt 0 ]; do sleep 0.1; done
    cat "$ahead/output"
    ahead_port=$(sed -n -E 's/.*ready on port ([0-9]+)\.$/\1/p' "$ahead/output")
    if [ -z "$ahead_port" ]; then
        status=1
    else
        ahead_asks -psk "$(printf '16 bytes of key!' | od -An -tx1 | tr -d ' \n')" -psk_identity ahead -cipher PSK:@SECLEVEL=0 || { say "OpenSSL's client hears nothing with a key"; status=1; }
        ahead_asks -CAfile "$ahead/certificates/server.pem" -verify_return_error -verify_hostname localhost || { say "OpenSSL's client hears nothing with certificates"; status=1; }
    fi
    exec 9>&-
    wait "$server" || status=1
    [ "$status" -eq 0 ] || die "the program that was compiled ahead of time does not do"
    say "compiled ahead of time: $(($(wc -c < "$ahead/program/Ahead") / 1024)) KB, heard by OpenSSL's client with a key and with certificates"
}
