// What `nfdtls keygen device --form csharp` writes goes here, to try the sample on a board. Whoever has that source, or the image in the
// board's flash, has the key: README.md says where a device in the field keeps it. On .NET files are read instead.
internal static class Credentials
{
    public const string Certificate = "";

    public const string PrivateKey = "";
}
