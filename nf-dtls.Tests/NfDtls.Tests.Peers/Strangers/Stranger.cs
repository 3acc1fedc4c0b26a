using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Peers.Strangers;

/// <summary>
/// A peer made of a library newer than the machine's, for connection IDs, resumption, renegotiation, sizes and names. It runs as a
/// process, takes commands and says a line for each event:
/// <code>
/// using Stranger peer = Stranger.StartServer(StrangerLibrary.Mbed, new StrangerOptions { Cid = [1, 2, 3], Tickets = true });
/// using TestClient client = new(options, peer.Port);
/// client.Connect(suite.Suite);
/// StrangerState state = peer.WaitForState("connected", client);   // our end is served while we wait
/// Assert.AreEqual("010203", state.OwnCid);
/// client.Echo(10, 100);                                           // it sends back what comes
/// peer.Command("renegotiate");
/// peer.WaitForState("renegotiated", client);
/// </code>
/// Commands: send TEXT; fill NUMBER (so many bytes); move (a client: a new socket, another port, the same session); renegotiate; export LABEL
/// LENGTH [CONTEXT as hex] ("exported HEX"); save (the session to its file: "saved"); reconnect (a client: close, and from another port connect
/// again with the session that it has); wake (the same without a close, as after a crash); close; crash (ends without a word).
/// Lines: "connected ...", "renegotiated ..." (both as <see cref="StrangerState"/>), "received TEXT" or "received N bytes", "peer moved to port N",
/// "moved to port N", "renegotiation refused", "closed by the peer", "abandoned by the peer" (a hello from another port; a server
/// shakes hands again), "alert N received", "failed ...", "ignored N bytes from port N", "misused ..." (no such option or command here).
/// </summary>
internal sealed class Stranger : IDisposable
{
    private readonly PeerProgram _program;
    private readonly Dictionary<string, int> _taken = [];

    private Stranger(PeerProgram program)
    {
        _program = program;
        string ready = WaitFor("ready on port ");
        Port = int.Parse(ready[ready.LastIndexOf(' ')..], CultureInfo.InvariantCulture);
    }

    /// <summary>The port that it began with.</summary>
    internal int Port { get; }

    /// <summary>All that it said, for the message of a failure.</summary>
    internal string Output
    {
        get { return _program.Output; }
    }

    /// <summary>A server on a port of its own. It takes one peer after the other.</summary>
    internal static Stranger StartServer(StrangerLibrary library, StrangerOptions options)
    {
        return new Stranger(PeerProgram.Start(false, library.Program, ["server", "port=0", .. options.Arguments()]));
    }

    /// <summary>A client, which connects at once.</summary>
    internal static Stranger StartClient(StrangerLibrary library, int port, StrangerOptions options)
    {
        return new Stranger(PeerProgram.Start(false, library.Program, ["client", "port=" + port, .. options.Arguments()]));
    }

    /// <summary>Tells it to do something.</summary>
    internal void Command(string command)
    {
        _program.Write(command + "\n");
    }

    /// <summary>Waits for the next line that begins so, each taken once.</summary>
    /// <param name="start">How it begins.</param>
    /// <param name="end">Our end, served meanwhile; null where there is none.</param>
    /// <returns>The whole line.</returns>
    internal string WaitFor(string start, Driver? end = null)
    {
        string? line = null;
        bool HasCome()
        {
            return (line = Next(start)) != null || _program.HasExited;
        }

        if (end != null)
        {
            end.Run(HasCome);
        }
        else
        {
            Stopwatch clock = Stopwatch.StartNew();
            while (!HasCome() && !Patience.IsOver(clock))
            {
                Thread.Sleep(5);
            }
        }

        if (line == null && _program.HasExited)
        {
            // What it said last may not have been read before.
            _program.WaitForExit();
            line = Next(start);
        }

        Assert.IsNotNull(line, "It did not say \"" + start + "\". " + Output);
        _taken[start] = _taken.GetValueOrDefault(start) + 1;
        return line;
    }

    /// <summary>Waits for the next "connected" or "renegotiated".</summary>
    internal StrangerState WaitForState(string what, Driver? end = null)
    {
        return new StrangerState(WaitFor(what + " ", end));
    }

    /// <summary>Lets a client go on from another port, and returns that.</summary>
    internal int Move(Driver? end = null)
    {
        Command("move");
        string moved = WaitFor("moved to port ", end);
        return int.Parse(moved[moved.LastIndexOf(' ')..], CultureInfo.InvariantCulture);
    }

    /// <summary>Whether it has said a line that begins so, and that no wait has taken.</summary>
    internal bool Said(string start)
    {
        return Next(start) != null;
    }

    /// <summary>Waits for its end, and returns all that it said.</summary>
    internal string WaitForExit()
    {
        return _program.WaitForExit();
    }

    public void Dispose()
    {
        _program.Dispose();
    }

    private string? Next(string start)
    {
        string said = Output;
        int skipped = _taken.GetValueOrDefault(start);
        string[] lines = said[(said.IndexOf(" wrote: ", StringComparison.Ordinal) + 8)..].Split('\n');
        for (int i = 0; i < lines.Length - 1; i++)
        {
            if (lines[i].StartsWith(start, StringComparison.Ordinal) && skipped-- == 0)
            {
                return lines[i];
            }
        }

        return null;
    }
}
