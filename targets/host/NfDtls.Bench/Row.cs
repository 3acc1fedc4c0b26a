using System;
using System.Collections.Generic;
using System.Globalization;

namespace NfDtls.Bench;

/// <summary>
/// One thing that is measured: what is done, with which suite, over what. A client that is played over and over knows its server's
/// chain from the time before; at a first contact it does not (other stacks remember none, and so do the same in both).
/// </summary>
internal sealed record Row(Work Work, Suite Suite, bool IsResumed, bool Is13, Way Way, int Size, bool IsFirstContact = false)
{
    /// <summary>As it is named on the command line and in results, such as handshake/psk-ccm8/resumed/1.2/udp.</summary>
    internal string Id
    {
        get
        {
            string what = Work == Work.Handshake ? (IsResumed ? "resumed" : IsFirstContact ? "first" : "full") : Size.ToString(CultureInfo.InvariantCulture);
            return string.Join('/', NameOf(Work), NameOf(Suite), what, Is13 ? "1.3" : "1.2", NameOf(Way));
        }
    }

    /// <summary>Every row, handshakes first.</summary>
    internal static IEnumerable<Row> All()
    {
        foreach (Way way in new[] { Way.Memory, Way.Udp })
        {
            foreach (bool is13 in new[] { false, true })
            {
                foreach (Suite suite in new[] { Suite.PskCcm8, Suite.EcdsaGcm, Suite.RsaGcm })
                {
                    yield return new Row(Work.Handshake, suite, false, is13, way, 0);
                    yield return new Row(Work.Handshake, suite, true, is13, way, 0);
                }
            }
        }

        foreach (Suite suite in new[] { Suite.EcdsaGcm, Suite.RsaGcm })
        {
            yield return new Row(Work.Handshake, suite, false, false, Way.Memory, 0, true);
        }

        foreach ((Way way, bool is13) in new[] { (Way.Memory, false), (Way.Memory, true), (Way.Udp, false), (Way.Udp, true), (Way.Threads, false) })
        {
            foreach (Suite suite in new[] { Suite.PskCcm8, Suite.PskGcm })
            {
                foreach (int size in new[] { 64, 256, 1024 })
                {
                    yield return new Row(Work.Echo, suite, false, is13, way, size);
                }
            }
        }

        foreach ((Way way, bool is13) in new[] { (Way.Memory, false), (Way.Memory, true), (Way.Udp, false), (Way.Udp, true) })
        {
            foreach (Suite suite in new[] { Suite.PskCcm8, Suite.PskGcm })
            {
                yield return new Row(Work.Send, suite, false, is13, way, 1300);
            }
        }

        foreach (Suite suite in new[] { Suite.PskCcm8, Suite.PskGcm })
        {
            yield return new Row(Work.Echo, suite, false, false, Way.Crowd, 64);
        }
    }

    /// <summary>The row of a name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    internal static Row Parse(string id)
    {
        foreach (Row row in All())
        {
            if (row.Id == id)
            {
                return row;
            }
        }

        throw new ArgumentException("There is no row " + id + ".", nameof(id));
    }

    internal static string NameOf(Suite suite)
    {
        return suite switch
        {
            Suite.PskCcm8 => "psk-ccm8",
            Suite.PskGcm => "psk-gcm",
            Suite.EcdsaGcm => "ecdsa-gcm",
            _ => "rsa-gcm",
        };
    }

    internal static string NameOf(Way way)
    {
        return way switch
        {
            Way.Memory => "memory",
            Way.Udp => "udp",
            Way.Crowd => "crowd",
            _ => "threads",
        };
    }

    private static string NameOf(Work work)
    {
        return work switch
        {
            Work.Handshake => "handshake",
            Work.Echo => "echo",
            _ => "send",
        };
    }
}

/// <summary>What one turn does.</summary>
internal enum Work
{
    /// <summary>A handshake of a client with a server, with the cookie, both ends' Finished verified.</summary>
    Handshake,

    /// <summary>A record from the client to the server and one back: four times a record's cryptography.</summary>
    Echo,

    /// <summary>A record from the client to the server.</summary>
    Send,
}

/// <summary>AES-128 in all, P-256 where keys are agreed on; the server alone has a certificate, below a root that the client trusts.</summary>
internal enum Suite
{
    PskCcm8,
    PskGcm,
    EcdsaGcm,
    RsaGcm,
}

/// <summary>What datagrams go by.</summary>
internal enum Way
{
    /// <summary>Queues within the process: the stacks alone.</summary>
    Memory,

    /// <summary>Two sockets on the loopback address, both served by one thread.</summary>
    Udp,

    /// <summary>UDP with a thread for each end at least: what an application gets that calls blocking or asynchronous functions. The peers' figures are those of <see cref="Udp"/>.</summary>
    Threads,

    /// <summary>UDP between a server and 32 clients that have an echo under way each; the server's share of the time is what counts.</summary>
    Crowd,
}
