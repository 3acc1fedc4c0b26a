using System;
using System.Diagnostics;
using System.Security.Cryptography;
using NfDtls;
using NfDtls.Crypto.Compare;
using NfDtls.Crypto.Host;
using NfDtls.Crypto.Native;
using NfDtls.Crypto.Software;

// Each primitive, timed with every provider in one run: microseconds a call, and how many times as long the others take as
// the native one. On a PC all of it is software; a board with engines gives other figures, and a larger distance to managed code.
SoftwareProvider software = new(new SystemEntropy());
HostProvider host = new();
CryptoProvider[] providers;
try
{
    providers =
    [
        new NativeProvider(),
        new CompositeProvider([software, new SoftwareEccProvider(software), new SoftwareRsaProvider(software)]),
        host,
    ];
}
catch (NotSupportedException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

using RSA rsa = RSA.Create(2048);
Console.WriteLine($"{"primitive",-34}{"native",10}{"managed",12}{".NET",10}{"managed/native",16}{".NET/native",13}");
foreach (Primitive primitive in Primitive.All(rsa))
{
    double[] times = new double[providers.Length];
    for (int i = 0; i < providers.Length; i++)
    {
        times[i] = providers[i].Supports(primitive.Algorithm) ? Time(primitive.Prepare(providers[i])) : double.NaN;
    }

    Console.WriteLine($"{primitive.Name,-34}{Text(times[0]),10}{Text(times[1]),12}{Text(times[2]),10}{Ratio(times[1], times[0]),16}{Ratio(times[2], times[0]),13}");
}

return 0;

// The best of several rounds, each long enough for the clock.
static double Time(Action act)
{
    int calls = 1;
    act();
    for (; ; calls *= 2)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
        {
            act();
        }

        if (Stopwatch.GetElapsedTime(start).TotalMilliseconds > 20)
        {
            break;
        }
    }

    double best = double.MaxValue;
    for (int round = 0; round < 5; round++)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
        {
            act();
        }

        best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMicroseconds / calls);
    }

    return best;
}

static string Text(double microseconds)
{
    return double.IsNaN(microseconds) ? "-" : microseconds.ToString("F1");
}

static string Ratio(double time, double native)
{
    return double.IsNaN(time) || double.IsNaN(native) ? "-" : (time / native).ToString("F2");
}
