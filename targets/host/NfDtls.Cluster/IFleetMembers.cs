using System;
using System.Net;

namespace NfDtls.Cluster;

/// <summary>Which nodes live, and where the others reach them: <see cref="RedisMembers"/>, or what an application has for it.</summary>
public interface IFleetMembers
{
    /// <summary>Where a node takes what is handed over; null where it does not live. Called for datagrams: it returns at once.</summary>
    /// <param name="name">The node's ID.</param>
    IPEndPoint? Find(ReadOnlySpan<byte> name);
}
