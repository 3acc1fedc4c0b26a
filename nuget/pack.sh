# Packages; build.sh reads this.

packages=$artifacts/packages

project_version() { grep -o '<Version>[^<]*' Directory.Build.props | head -n 1 | cut -d '>' -f 2; }

# The name that packages have for this system and processor.
runtime_identifier() {
    case $(uname -m) in
        x86_64) echo linux-x64 ;;
        aarch64) echo linux-arm64 ;;
        armv7*) echo linux-arm ;;
        *) echo "linux-$(uname -m)" ;;
    esac
}

# stage_host NAME FOLDER: the assembly for .NET, where it was built.
stage_host() {
    local name=$1 folder=$2 built file
    for built in "$artifacts/bin/$name/release_net10.0" "$artifacts/bin/$name/release"; do
        if [ -f "$built/$name.dll" ]; then break; fi
    done
    mkdir -p "$folder"
    for file in dll xml; do cp "$built/$name.$file" "$folder"; done
}

# pack_one NUSPEC VERSION: stages what goes into a package, and makes it. Sets packed to yes, or to no where there is nothing to pack:
# a package for boards alone while nothing could be built for them.
pack_one() {
    local nuspec=$1 version=$2 name stage file
    name=$(basename "$nuspec" .nuspec)
    stage=$artifacts/pack/$name
    rm -rf "$stage"
    mkdir -p "$stage/lib"
    cp "nuget/$name.md" "$stage/README.md"
    cp LICENSE "$stage/LICENSE.txt"
    for file in dll pe pdbx xml; do
        if [ -f "$nano/$name/$name.$file" ]; then
            mkdir -p "$stage/lib/netnano1.0"
            cp "$nano/$name/$name.$file" "$stage/lib/netnano1.0"
        fi
    done
    if grep -q 'targetFramework="net10.0"' "$nuspec"; then stage_host "$name" "$stage/lib/net10.0" || return 1; fi
    if grep -q 'target="analyzers"' "$nuspec"; then
        mkdir -p "$stage/analyzers/dotnet/cs"
        cp "$artifacts/bin/NfDtls.Analyzers/release/NfDtls.Analyzers.dll" "$stage/analyzers/dotnet/cs" || return 1
    fi
    if grep -q 'target="runtimes"' "$nuspec" && [ -f "$artifacts/native/libnfdtls.so" ]; then
        mkdir -p "$stage/runtimes/$(runtime_identifier)/native"
        cp "$artifacts/native/libnfdtls.so" "$stage/runtimes/$(runtime_identifier)/native"
    fi
    packed=no
    if [ "$name" = NfDtls.Templates ]; then
        stage_templates "$stage/content" "$version"
    elif [ -z "$(ls "$stage/lib")" ]; then
        return
    fi
    packed=yes
    # A template's settings stand in a folder whose name begins with a dot.
    quietly dotnet pack nuget/Pack.csproj -c Release --no-build --no-restore "${quiet[@]}" -o "$packages" \
        -p:NuspecFile="$root/$nuspec" -p:NuspecBasePath="$stage" -p:NuspecProperties="version=$version" -p:NoDefaultExcludes=true
}

# The assemblies for boards, for the packages. Without .pe files a package serves .NET alone, and so can do without them.
pack_nano() {
    rm -rf "${nano:?}"/NfDtls*
    if [ "${1:-}" = --no-pe ]; then
        build_tools || die "the tools of the nano flavour do not build"
        if ! nano_find_references; then say "the packages hold what is for .NET alone: $nano_gap"; return; fi
    fi
    verb_nano || die "the assemblies for boards do not build"
}

# pack [--no-pe]: every package, in artifacts/packages.
verb_pack() {
    local version nuspec packed count=0 left=()
    need_sdk
    version=$(project_version)
    if [ "${1:-}" = --no-pe ]; then
        version=$version-no-pe
    elif [ -n "$(toolchain_gap metadata-processor)" ]; then
        die "no packages without .pe files: $(toolchain_gap metadata-processor); --no-pe makes packages that are not to be published"
    fi
    native_build || say "NfDtls.Crypto.HostNative goes without its library"
    build_solution || die "the solution does not build"
    pack_nano "${1:-}"
    rm -rf "$packages"
    quietly dotnet build nuget/Pack.csproj -c Release "${quiet[@]}" || die "nuget/Pack.csproj does not build"
    for nuspec in nuget/*.nuspec; do
        pack_one "$nuspec" "$version" || die "$(basename "$nuspec") cannot be packed"
        if [ "$packed" = yes ]; then count=$((count + 1)); else left+=("$(basename "$nuspec" .nuspec)"); fi
    done
    if [ "${#left[@]}" -gt 0 ]; then say "left out, since they are for boards alone: ${left[*]}"; fi
    say "$count packages of version $version in artifacts/packages"
}

# Restores packages into a fresh project, which shakes hands with them and nothing else of ours; nuget/Fresh is the project.
try_packages() {
    local folder=$artifacts/pack/fresh version native=no
    version=$(project_version)
    [ -f "$packages/NfDtls.Sockets.Server.$version.nupkg" ] || version=$version-no-pe
    if [ -f "$artifacts/native/libnfdtls.so" ]; then native=yes; fi
    rm -rf "$folder"
    mkdir -p "$folder"
    cp nuget/Fresh/* "$folder"
    cat > "$folder/nuget.config" <<CONFIG
<configuration>
  <packageSources><clear /><add key="local" value="$packages" /></packageSources>
  <config><add key="globalPackagesFolder" value="$folder/packages" /></config>
</configuration>
CONFIG
    quietly dotnet build "$folder/Fresh.csproj" -p:NfDtlsVersion="$version" "${quiet[@]}" -o "$folder/out" || return 1
    dotnet "$folder/out/Fresh.dll" "$native" && try_templates "$version"
}

# The packages are made and used: without .pe files where nothing can make them.
test_packages() {
    local option=()
    if [ -n "$(toolchain_gap metadata-processor)" ]; then option=(--no-pe); fi
    (verb_pack "${option[@]}") && try_packages
}
