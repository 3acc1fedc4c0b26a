# NfDtls.Templates: what goes into the package, and a try of what it makes; build.sh reads this.

# stage_templates FOLDER VERSION: the templates, which take our packages in this version.
stage_templates() {
    mkdir -p "$1"
    cp -r nuget/templates/. "$1"
    grep -rlZ NFDTLS-VERSION "$1" | xargs -0 sed -i "s/NFDTLS-VERSION/$2/g"
}

# Makes a project of each template, with each kind of credentials, builds them of the packages and lets each client talk to its server.
try_templates() {
    local folder=$artifacts/pack/templates version=$1 kind
    rm -rf "$folder"
    mkdir -p "$folder"
    cp nuget/Fresh/Directory.* "$artifacts/pack/fresh/nuget.config" "$folder"
    template_new install "$packages/NfDtls.Templates.$version.nupkg" || return 1
    for kind in psk certificate; do
        template_new nfdtls-server --no-update-check --skipRestore --credentials "$kind" -o "$folder/$kind/Server" || return 1
        template_new nfdtls-client --no-update-check --skipRestore --credentials "$kind" -o "$folder/$kind/Client" || return 1
    done
    template_new nfdtls-device --no-update-check --server gateway.example --identity thing-7 -o "$folder/Device" || return 1
    cat > "$folder/All.proj" <<'PROJECT'
<Project>
  <ItemGroup><Made Include="*/*/*.csproj" /></ItemGroup>
  <Target Name="Build">
    <MSBuild Projects="@(Made)" Targets="Restore" />
    <MSBuild Projects="@(Made)" Targets="Build" Properties="Configuration=Release;TreatWarningsAsErrors=true" />
  </Target>
</Project>
PROJECT
    quietly dotnet build "$folder/All.proj" "${quiet[@]}" || return 1
    for kind in psk certificate; do template_talk "$folder/$kind" || return 1; done
    template_device "$folder/Device"
}

# template_new ARGUMENT...: `dotnet new` with templates and settings of its own.
template_new() { quietly dotnet new "$@" --debug:custom-hive "$artifacts/pack/templates/hive"; }

# template_talk FOLDER: its client and its server exchange a line, and the server stops when it is told to.
template_talk() {
    local folder=$1 log=$1/server.log key server port="" answer="" status=0 tries=1200
    key=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    (cd "$folder" && DTLS_KEY=$key exec dotnet Server/bin/Release/net10.0/Server.dll 0) > "$log" 2>&1 &
    server=$!
    while [ -z "$port" ] && [ "$((tries -= 1))" -gt 0 ] && kill -0 "$server" 2> /dev/null; do
        sleep 0.1
        port=$(sed -n 's/^Listening on .*:\([0-9]*\)$/\1/p' "$log")
    done
    if [ -n "$port" ]; then
        answer=$(DTLS_KEY=$key DTLS_TRUST=$folder/server.crt dotnet "$folder/Client/bin/Release/net10.0/Client.dll" 127.0.0.1 "$port" 2>&1) || status=$?
    fi
    kill "$server" 2> /dev/null || true
    wait "$server" || status=$?
    say "templates: $(basename "$folder"): $(tail -n 1 <<< "$answer")"
    if [ "$status" -ne 0 ] || [[ $answer != *"Received: Is anybody there?"* ]]; then
        say "$answer" "the server said:" "$(cat "$log")"
        return 1
    fi
}

# template_device FOLDER: the device's sources compile against the references that its project names, where there are assemblies for boards.
template_device() {
    local folder=$1 project=$1/Device.nfproj name arguments=() sources=()
    grep -q '"gateway.example"' "$folder/Program.cs" && grep -q '"thing-7"' "$folder/Secrets.cs" || { say "templates: the device's server or name was not put in"; return 1; }
    if [ ! -f "$nano/build/bin/NfDtls/release_netnano1.0/NfDtls.dll" ]; then say "templates: the device is not compiled: $nano_gap"; return; fi
    while read -r name; do
        if [ -f "${nano_references:-}/$name.dll" ]; then
            arguments+=("-r:$nano_references/$name.dll")
        else
            arguments+=("-r:$nano/build/bin/$name/release_netnano1.0/$name.dll")
        fi
    done < <(sed -n 's/.*<Reference Include="\([^"]*\)".*/\1/p' "$project")
    mapfile -t sources < <(sed -n 's/.*<Compile Include="\([^"]*\)".*/\1/p' "$project" | tr '\\' '/')
    (cd "$folder" && quietly dotnet "$(dotnet --list-sdks | sed -n "s/^\($sdk_major\.[^ ]*\) \[\(.*\)\]$/\2\/\1/p" | tail -n 1)/Roslyn/bincore/csc.dll" \
        -nologo -noconfig -nostdlib -warnaserror -langversion:latest -target:exe -out:Device.exe "${arguments[@]}" "${sources[@]}") || return 1
    say "templates: the device compiles for nanoFramework"
}
