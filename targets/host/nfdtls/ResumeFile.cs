using System;
using System.IO;
using System.Security.Cryptography;
using NfDtls.Extensions;

namespace NfDtls.Tool;

/// <summary>--resume FILE: a client's session, or the key of a server's tickets, kept from one run to the next.</summary>
internal sealed class ResumeFile
{
    private const string Option = "--resume";
    private const int KeyLength = 16;

    private readonly string _path;
    private TicketKeys? _keys;

    public ResumeFile(string path)
    {
        _path = path;
    }

    /// <summary>What a client resumes by: its session is in the file, or will be.</summary>
    public SessionResumption ForClient()
    {
        byte[]? kept = Read();
        try
        {
            return new SessionResumption { Clock = new SystemTime(), Session = kept == null ? null : ResumableSession.Import(kept) };
        }
        catch (ArgumentException e)
        {
            throw ToolException.Usage($"{Option} {_path}: {e.Message.Split(" (Parameter")[0]}");
        }
    }

    /// <summary>What a server resumes by: the tickets of its earlier runs, too.</summary>
    public SessionResumption ForServer()
    {
        return new SessionResumption { Clock = new SystemTime(), TicketKeys = _keys ??= MakeKeys() };
    }

    /// <summary>Keeps what a client has now; without a session there is no file.</summary>
    public void Save(SessionResumption resumption)
    {
        ResumableSession? session = resumption.Session;
        if (session == null)
        {
            File.Delete(_path);
        }
        else
        {
            Write(session.Export());
        }
    }

    private TicketKeys MakeKeys()
    {
        byte[]? kept = Read();
        if (kept == null)
        {
            kept = RandomNumberGenerator.GetBytes(TicketKey.NameLength + KeyLength);
            Write(kept);
        }

        return kept.Length == TicketKey.NameLength + KeyLength
            ? new OneTicketKey(kept)
            : throw ToolException.Usage($"{Option} {_path}: this is no ticket key of a server.");
    }

    private byte[]? Read()
    {
        try
        {
            return File.Exists(_path) ? File.ReadAllBytes(_path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw ToolException.Usage($"{Option} {_path} cannot be read: {e.Message}");
        }
    }

    /// <summary>For the user's own eyes: it is as good as a key.</summary>
    private void Write(byte[] bytes)
    {
        FileStreamOptions options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using FileStream file = new FileStream(_path, options);
            file.Write(bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw ToolException.Usage($"{Option} cannot write to {_path}: {e.Message}");
        }
    }

    private sealed class SystemTime : SessionClock
    {
        public override long UtcSeconds => DateTimeOffset.UtcNow.ToUnixTimeSeconds();
    }

    /// <summary>One key for ever, as long as its file is not deleted: a laboratory's server.</summary>
    private sealed class OneTicketKey : TicketKeys
    {
        private readonly byte[] _name;
        private readonly TicketKey _key;

        public OneTicketKey(byte[] kept)
        {
            _name = kept[..TicketKey.NameLength];
            _key = new TicketKey(_name, CryptoAlgorithm.Aes128Ccm, kept[TicketKey.NameLength..]);
        }

        public override TicketKey GetCurrent(CryptoProvider crypto, long now)
        {
            return _key;
        }

        public override TicketKey? Find(byte[] name, int offset, long now)
        {
            return name.AsSpan(offset, _name.Length).SequenceEqual(_name) ? _key : null;
        }
    }
}
