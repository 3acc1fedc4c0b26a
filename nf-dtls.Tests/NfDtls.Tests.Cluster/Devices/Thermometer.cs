using System;
using System.Collections.Generic;
using System.Text;
using System.Threading.Tasks;
using NfDtls.Cluster.Orleans;
using Orleans;

namespace NfDtls.Tests.Cluster.Devices;

/// <summary>A device of the tests' application.</summary>
public interface IThermometer : IDeviceGrain
{
    /// <summary>What it said since its grain was made, and "+" and "-" for its connections.</summary>
    Task<string[]> HeardAsync();

    /// <summary>Lets its grain be forgotten.</summary>
    Task PutAwayAsync();

    /// <summary>Where its grain is.</summary>
    Task<string> SiloAsync();
}

/// <summary>Answers what begins with "ask", and fails of "fail".</summary>
public sealed class Thermometer : DeviceGrain, IThermometer
{
    private readonly List<string> _heard = [];

    public Task<string[]> HeardAsync()
    {
        return Task.FromResult(_heard.ToArray());
    }

    public Task PutAwayAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task<string> SiloAsync()
    {
        return Task.FromResult(RuntimeIdentity);
    }

    protected override async Task OnDatagramAsync(DeviceDatagram datagram)
    {
        ArgumentNullException.ThrowIfNull(datagram);
        string said = Encoding.UTF8.GetString(datagram.Data);
        _heard.Add(said);
        if (said == "fail")
        {
            throw new InvalidOperationException("As the device has it.");
        }

        if (said.StartsWith("ask", StringComparison.Ordinal))
        {
            await SendAsync(Encoding.UTF8.GetBytes(Identity + " answers " + said));
        }
    }

    protected override Task OnConnectedAsync(DeviceLink link)
    {
        _heard.Add("+");
        return Task.CompletedTask;
    }

    protected override Task OnDisconnectedAsync(DeviceLink link)
    {
        _heard.Add("-");
        return Task.CompletedTask;
    }
}
