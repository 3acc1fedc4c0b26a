# The verb `sbom`: what each package for .NET is made of, in CycloneDX's form; build.sh reads this.

# sbom: artifacts/packages/NAME.cdx.json for each package, with the packages that it stands on, their versions and hashes.
verb_sbom() {
    local nuspec name project count=0
    need_sdk
    dotnet tool restore > /dev/null
    mkdir -p "$packages"
    for nuspec in nuget/*.nuspec; do
        name=$(basename "$nuspec" .nuspec)
        project=$(find nf-dtls targets/host native-interop -name "$name.csproj" -path "*/$name/*" | head -n 1)
        if [ -z "$project" ]; then continue; fi
        dotnet restore "$project" -v quiet
        # No serial number and no new restore: the same commit gives the same list.
        quietly dotnet dotnet-CycloneDX "$project" -o "$packages" -fn "$name.cdx.json" -F Json -ns -dpr -ipr -biop "$artifacts/obj" \
            -sn "$name" -sv "$(project_version)" -st Library
        count=$((count + 1))
    done
    say "$count lists in artifacts/packages (*.cdx.json)"
}
