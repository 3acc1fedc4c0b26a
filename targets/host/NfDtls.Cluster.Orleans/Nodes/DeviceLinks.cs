using System;
using System.Collections.Generic;
using System.Threading.Tasks;

namespace NfDtls.Cluster.Orleans.Nodes;

/// <summary>
/// The connections by which a grain's device was heard, the last one first. A device that moved to another node may still have one at
/// the old, which does not know: so what is heard last is tried first, and what turns out to be gone is forgotten.
/// </summary>
internal sealed class DeviceLinks(Func<DeviceLink, byte[], Task<Sending>> send, Func<Task<DeviceLink[]>> find)
{
    private const int Most = 4;

    private readonly List<DeviceLink> _heard = [];

    internal void Hear(DeviceLink link)
    {
        if (_heard.Count > 0 && _heard[0] == link)
        {
            return;
        }

        _heard.Remove(link);
        _heard.Insert(0, link);
        if (_heard.Count > Most)
        {
            _heard.RemoveAt(Most);
        }
    }

    internal void Forget(DeviceLink link)
    {
        _heard.Remove(link);
    }

    /// <exception cref="ArgumentException">It is too long for the connection.</exception>
    internal async Task<bool> SendAsync(byte[] datagram)
    {
        return await SendAsync(_heard.ToArray(), datagram) ?? await SendAsync(await FindAsync(), datagram) ?? false;
    }

    // What was heard while the silos were asked is newer than what they say, and stays before it.
    private async Task<DeviceLink[]> FindAsync()
    {
        foreach (DeviceLink link in await find())
        {
            if (_heard.Count < Most && !_heard.Contains(link))
            {
                _heard.Add(link);
            }
        }

        return _heard.ToArray();
    }

    // Null where none of them is there any more.
    private async Task<bool?> SendAsync(DeviceLink[] links, byte[] datagram)
    {
        foreach (DeviceLink link in links)
        {
            switch (await send(link, datagram))
            {
                case Sending.Sent:
                    return true;
                case Sending.NotNow:
                    return false;
                case Sending.TooLong:
                    throw new ArgumentException($"The datagram has {datagram.Length} bytes, which is more than the connection takes.", nameof(datagram));
                default:
                    Forget(link);
                    break;
            }
        }

        return null;
    }
}
