using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Configuration;

namespace FleetGateway;

/// <summary>The devices that the configuration names, with their pre-shared keys. Where it names none, there is one with a key of this run's.</summary>
internal sealed class DeviceRegistry
{
    private const int MostKey = 64;
    private const string Example = "device-1";

    private readonly Dictionary<string, Device> _all = new(StringComparer.Ordinal);

    /// <exception cref="FormatException">A device has no key, or one that is none; the message names it.</exception>
    public DeviceRegistry(IConfiguration configuration)
    {
        foreach ((string identity, DeviceOptions options) in configuration.GetSection("Devices").Get<Dictionary<string, DeviceOptions>>() ?? [])
        {
            _all[identity] = new Device(identity, options.Label ?? identity, ReadKey(identity, options.Key));
        }

        if (_all.Count == 0)
        {
            ExampleKey = RandomNumberGenerator.GetBytes(16);
            _all[Example] = new Device(Example, "an example", ExampleKey);
        }
    }

    /// <summary>The key of the device that stands in for the missing ones; null where the configuration has some.</summary>
    internal byte[]? ExampleKey { get; }

    internal IEnumerable<Device> All => _all.Values.OrderBy(device => device.Identity, StringComparer.Ordinal);

    internal Device? Find(string? identity)
    {
        return identity == null ? null : _all.GetValueOrDefault(identity);
    }

    /// <summary>The key of an identity; null for a stranger's.</summary>
    internal ValueTask<byte[]?> FindKeyAsync(ReadOnlyMemory<byte> identity, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Find(Encoding.UTF8.GetString(identity.Span))?.Key.ToArray());
    }

    private static byte[] ReadKey(string identity, string? key)
    {
        try
        {
            byte[] bytes = Convert.FromHexString(key ?? "");
            return bytes.Length is > 0 and <= MostKey ? bytes : throw new FormatException();
        }
        catch (FormatException)
        {
            throw new FormatException($"Devices:{identity}:Key has 1 to {MostKey} bytes in hexadecimal digits; what is there now has not.");
        }
    }
}
