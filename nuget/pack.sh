# Packages; build.sh reads this.

packages=$artifacts/packages

project_version() { grep -o '<Version>[^<]*' Directory.Build.props | head -n 1 | cut -d '>' -f 2; }

# pack_one NUSPEC VERSION: stages what goes into a package, and makes it.
pack_one() {
    local nuspec=$1 version=$2 name stage file
    name=$(basename "$nuspec" .nuspec)
    stage=$artifacts/pack/$name
    rm -rf "$stage"
    mkdir -p "$stage/lib/netnano1.0"
    cp "nuget/$name.md" "$stage/README.md"
    cp LICENSE "$stage/LICENSE.txt"
    for file in dll pe pdbx xml; do
        if [ -f "$nano/$name/$name.$file" ]; then cp "$nano/$name/$name.$file" "$stage/lib/netnano1.0"; fi
    done
    if grep -q 'targetFramework="net10.0"' "$nuspec"; then
        mkdir -p "$stage/lib/net10.0"
        for file in dll xml; do cp "$artifacts/bin/$name/release_net10.0/$name.$file" "$stage/lib/net10.0"; done
    fi
    quietly dotnet pack nuget/Pack.csproj -c Release --no-build --no-restore "${quiet[@]}" -o "$packages" \
        -p:NuspecFile="$root/$nuspec" -p:NuspecBasePath="$stage" -p:NuspecProperties="version=$version"
}

# pack [--no-pe]: every package, in artifacts/packages.
verb_pack() {
    local version nuspec count=0
    need_sdk
    version=$(project_version)
    if [ "${1:-}" = --no-pe ]; then
        version=$version-no-pe
    elif [ -n "$(toolchain_gap metadata-processor)" ]; then
        die "no packages without .pe files: $(toolchain_gap metadata-processor); --no-pe makes packages that are not to be published"
    fi
    build_solution || die "the solution does not build"
    verb_nano
    rm -rf "$packages"
    quietly dotnet build nuget/Pack.csproj -c Release "${quiet[@]}" || die "nuget/Pack.csproj does not build"
    for nuspec in nuget/*.nuspec; do
        pack_one "$nuspec" "$version" || die "$(basename "$nuspec") cannot be packed"
        count=$((count + 1))
    done
    say "$count packages of version $version in artifacts/packages"
}

# Installs NfDtls.Sockets.Server from the packages into a fresh project, which then uses it.
try_packages() {
    local folder=$artifacts/pack/fresh version
    version=$(project_version)
    [ -f "$packages/NfDtls.Sockets.Server.$version.nupkg" ] || version=$version-no-pe
    rm -rf "$folder"
    mkdir -p "$folder"
    cat > "$folder/Directory.Build.props" <<'PROPS'
<Project />
PROPS
    cp "$folder/Directory.Build.props" "$folder/Directory.Packages.props"
    cat > "$folder/nuget.config" <<CONFIG
<configuration>
  <packageSources><clear /><add key="local" value="$packages" /></packageSources>
  <config><add key="globalPackagesFolder" value="$folder/packages" /></config>
</configuration>
CONFIG
    cat > "$folder/Fresh.csproj" <<PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup>
    <PackageReference Include="NfDtls.Sockets.Server" Version="$version" />
    <PackageReference Include="NfDtls.Crypto.Software" Version="$version" />
  </ItemGroup>
</Project>
PROJECT
    cat > "$folder/Program.cs" <<'PROGRAM'
using NfDtls.Sockets;
System.Console.WriteLine(typeof(DtlsServer).Name + " " + NfDtls.PskSuites.Constrained().At(0).Name);
PROGRAM
    quietly dotnet build "$folder/Fresh.csproj" "${quiet[@]}" -o "$folder/out" || return 1
    [ "$(dotnet "$folder/out/Fresh.dll")" = "DtlsServer TLS_PSK_WITH_AES_128_CCM_8" ]
}

# The packages are made and one of them is used: without .pe files where nothing can make them.
test_packages() {
    local option=()
    if [ -n "$(toolchain_gap metadata-processor)" ]; then option=(--no-pe); fi
    (verb_pack "${option[@]}") && try_packages
}
