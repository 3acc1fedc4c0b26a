extern alias provisioning;

using System;
using System.Collections.Generic;
using provisioning::NfDtls.Samples;

namespace NfDtls.Tests.Samples.Provisioning;

/// <summary>A session whose other end a test plays, in a time that passes only while somebody waits for it.</summary>
internal sealed class ScriptedChannel : CoapChannel
{
    private const int Latency = 50;

    private readonly Queue<byte[]> _coming = new();
    private long _now = 1000;

    /// <summary>What the other end does with a message.</summary>
    internal Action<byte[]> Takes { get; set; } = _ => { };

    /// <summary>What happens where there is nothing to receive.</summary>
    internal Action Idles { get; set; } = () => { };

    internal List<byte[]> Sent { get; } = [];

    internal override long Now
    {
        get { return _now; }
    }

    internal void Say(byte[] message)
    {
        _coming.Enqueue(message);
    }

    internal override void Send(byte[] bytes, int count)
    {
        byte[] message = bytes[..count];
        Sent.Add(message);
        Takes(message);
    }

    /// <summary>The arrays that messages came into.</summary>
    internal HashSet<byte[]> Buffers { get; } = [];

    internal override int Receive(byte[] buffer, int timeout)
    {
        Buffers.Add(buffer);
        if (_coming.Count == 0)
        {
            Idles();
        }

        if (!_coming.TryDequeue(out byte[]? message))
        {
            _now += timeout;
            return -1;
        }

        _now += Latency;
        message.CopyTo(buffer, 0);
        return message.Length;
    }
}
