# The documentation site; build.sh reads this for its verb `docs`.

# docs_sources FOLDER: what the site is made of, in a folder of its own where every page stands as it does here, but for the first one.
docs_sources() {
    rm -rf "$1"
    mkdir -p "$1/assemblies"
    find ./*.md LICENSE docs firmware-samples native-interop nuget nf-dtls.Tests/Portable nf-dtls.Tests/Portable.Runtime targets \
        \( -name bin -o -name obj -o -path docs/site \) -prune -o -type f \
        \( -name '*.md' -o -name '*.svg' -o -name '*.txt' -o -name '*.h' -o -name '*.c' -o -name '*.cpp' -o -name '*.ld' -o -name cross.sh -o -name toc.yml -o -name LICENSE \) \
        -print | xargs cp --parents -t "$1"
    cp docs/site/docfx.json docs/site/toc.yml docs/site/filter.yml "$1"
    sed 's|](\.\./\.\./|](|g; s|](\.\./|](docs/|g' docs/site/index.md > "$1/index.md"
}

# verb_docs: the pages and the reference of the public types, as a site of files. The reference is made of the assemblies that the C# in
# the pages is compiled against.
verb_docs() {
    local project=NfDtls.Tests.Projects sources=$artifacts/docs-source built
    built=$artifacts/bin/$project/release
    need_sdk
    say "building the assemblies"
    watched dotnet build "nf-dtls.Tests/$project" -c Release "${telling[@]}" || die "the assemblies do not build"
    quietly dotnet tool restore || quietly dotnet tool restore || die "docfx cannot be restored"
    docs_sources "$sources"
    rm -rf "$artifacts/docs"
    find "$built" -maxdepth 1 \( -name '*.dll' -o -name 'NfDtls*.xml' \) ! -name "$project.*" ! -name 'NfDtls.Projects.*' -exec cp -t "$sources/assemblies" {} +
    say "  $(elapsed) the reference"
    quietly dotnet docfx metadata "$sources/docfx.json" --warningsAsErrors || die "the comments in the sources are not what docfx reads"
    say "  $(elapsed) the site"
    quietly dotnet docfx build "$sources/docfx.json" --warningsAsErrors || die "a page has a broken link, or what docfx does not read"
    say "the site is artifacts/docs; to look at it: dotnet docfx serve artifacts/docs"
}
