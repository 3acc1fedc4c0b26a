using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;

namespace NfDtls.Net;

/// <summary>
/// What can be measured and traced: a meter and an activity source, both called <see cref="Name"/>. Names and units follow
/// OpenTelemetry's conventions; addresses stand in activities alone, and secrets nowhere.
/// </summary>
public static class DtlsTelemetry
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "NfDtls";

    internal const string Role = "dtls.role";

    private static readonly ActivitySource Activities = new(Name);
    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> HandshakeDuration = Meter.CreateHistogram<double>(
        "dtls.handshake.duration", "s", "How long handshakes took, those that failed included.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });

    private static readonly UpDownCounter<long> ActiveConnections = Meter.CreateUpDownCounter<long>("dtls.connections.active", "{connection}", "Connections that are not over.");
    private static readonly Counter<long> Received = Meter.CreateCounter<long>("dtls.data.received", "By", "Bytes of application data received.");
    private static readonly Counter<long> Sent = Meter.CreateCounter<long>("dtls.data.sent", "By", "Bytes of application data sent.");
    private static readonly Counter<long> Dropped = Meter.CreateCounter<long>("dtls.datagrams.dropped", "{datagram}", "Datagrams of application data that were dropped because nobody received them in time.");
    private static readonly Counter<long> Rejected = Meter.CreateCounter<long>("dtls.connections.rejected", "{connection}", "Connections that were closed because the backlog was full.");

    internal static Activity? BeginHandshake(ActivityKind kind, IPEndPoint peer)
    {
        Activity? before = Activity.Current;
        Activity? activity = Activities.StartActivity("dtls.handshake", kind);
        if (activity != null)
        {
            // Who began it goes on with something else: nothing of his is to hang below.
            Activity.Current = before;
            activity.SetTag("network.transport", "udp");
            activity.SetTag("network.peer.address", peer.Address.ToString());
            activity.SetTag("network.peer.port", peer.Port);
        }

        return activity;
    }

    internal static void EndHandshake(Activity? activity, Association association, DtlsError error, TimeSpan duration, bool isServer)
    {
        TagList tags = new() { { Role, isServer ? "server" : "client" } };
        if (error != DtlsError.None)
        {
            tags.Add("error.type", error.ToString());
        }
        else
        {
            tags.Add("tls.protocol.version", VersionName(association.Version));
        }

        HandshakeDuration.Record(duration.TotalSeconds, tags);
        if (activity != null)
        {
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                activity.SetTag(tag.Key, tag.Value);
            }

            if (error == DtlsError.None)
            {
                activity.SetTag("tls.cipher", association.Suite!.Name);
                activity.SetTag("tls.resumed", association.IsResumed);
            }
            else
            {
                activity.SetStatus(ActivityStatusCode.Error, DtlsErrors.Describe(error));
            }

            activity.Stop();
        }
    }

    internal static void CountConnection(int change, bool isServer)
    {
        ActiveConnections.Add(change, new KeyValuePair<string, object?>(Role, isServer ? "server" : "client"));
    }

    internal static void CountReceived(int bytes)
    {
        Received.Add(bytes);
    }

    internal static void CountSent(int bytes)
    {
        Sent.Add(bytes);
    }

    internal static void CountDropped()
    {
        Dropped.Add(1);
    }

    internal static void CountRejected()
    {
        Rejected.Add(1);
    }

    private static string VersionName(int version)
    {
        return version == DtlsVersion.Dtls12 ? "1.2" : "1.3";
    }
}
