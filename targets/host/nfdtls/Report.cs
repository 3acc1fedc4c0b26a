using System;
using System.Collections.Generic;
using NfDtls.Sockets;

namespace NfDtls.Tool;

/// <summary>Tables of what was agreed on and what was counted.</summary>
internal static class Report
{
    public static void Negotiated(Screen screen, DtlsClient client, CryptoChoice crypto)
    {
        DtlsStatistics counters = client.Statistics;
        List<(string, string)> table = [];
        Row(table, "peer", client.RemoteEndPoint!.ToString());
        Row(table, "version", VersionChoice.NameOf(client.Version));
        Row(table, "suite", client.Suite!.Name);
        Row(table, client.PskIdentity == null ? "server" : "identity", PeerText.Of(client.PskIdentity, client.PeerCertificates));
        if (client.ApplicationProtocol != null)
        {
            Row(table, "protocol", client.ApplicationProtocol);
        }

        Row(table, "cryptography", crypto.Name);
        Row(table, "payload", $"up to {client.MaxPayload} bytes a record");
        Row(table, "handshake", counters.HandshakesCompleted == 0 ? "none" : (client.IsResumed ? "resumed, " : "") + HandshakeBytes(counters));
        screen.Report("connected", table);
    }

    public static string HandshakeBytes(DtlsStatistics counters)
    {
        return $"{counters.BytesSent + counters.BytesReceived} bytes over UDP, {counters.BytesSent} sent and {counters.BytesReceived} received";
    }

    public static void Counters(Screen screen, string title, DtlsStatistics counters, PacketPool pool)
    {
        List<(string, string)> table = [];
        Row(table, "sent", $"{counters.DatagramsSent} datagrams, {counters.BytesSent} bytes, {counters.RecordsSent} records");
        Row(table, "received", $"{counters.DatagramsReceived} datagrams, {counters.BytesReceived} bytes, {counters.RecordsReceived} records");
        Row(table, "handshakes", $"{counters.HandshakesCompleted} completed, {counters.HandshakesFailed} failed, {counters.Retransmissions} flights sent again");
        Row(table, "dropped", Drops(counters));
        Row(table, "packets", $"{pool.HighWaterMark} of {pool.Count} used at most, {pool.Exhausted} times none free");
        Row(table, "memory", $"{GC.GetTotalMemory(forceFullCollection: false) / 1024} KB of managed heap, {pool.Count * pool.PayloadSize / 1024} KB of that packets");
        screen.Report(title, table);
    }

    private static string Drops(DtlsStatistics counters)
    {
        List<string> drops = [];
        for (int reason = 0; reason < DropReason.Count; reason++)
        {
            if (counters.Dropped(reason) > 0)
            {
                drops.Add($"{counters.Dropped(reason)} {DtlsNames.OfDrop(reason)}");
            }
        }

        return drops.Count == 0 ? "nothing" : string.Join(", ", drops);
    }

    private static void Row(List<(string, string)> table, string what, string? value)
    {
        table.Add((what, value ?? ""));
    }
}
