using System;
using System.Collections.Generic;
using System.Net;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Cluster.Orleans;
using NfDtls.Cluster.Orleans.Nodes;
using NfDtls.Tests.Net;
using Orleans.Runtime;

namespace NfDtls.Tests.Cluster.Devices;

/// <summary>In which order a grain tries the connections of its device.</summary>
[TestClass]
public sealed class DeviceLinksTests
{
    private static readonly SiloAddress Silo = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 9), 1);

    [TestMethod]
    public async Task What_is_heard_while_the_silos_are_asked_stays_before_what_they_say()
    {
        DeviceLink first = new(Silo, Guid.NewGuid());
        DeviceLink second = new(Silo, Guid.NewGuid());
        DeviceLink heard = new(Silo, Guid.NewGuid());
        List<DeviceLink> tried = [];
        TaskCompletionSource<DeviceLink[]> found = new(TaskCreationOptions.RunContinuationsAsynchronously);
        DeviceLinks links = new(
            (link, _) =>
            {
                tried.Add(link);
                return Task.FromResult(link == second ? Sending.Sent : Sending.Gone);
            },
            () => found.Task);
        Task<bool> sending = links.SendAsync([1]);
        links.Hear(heard);
        found.SetResult([first, heard, second]);
        Assert.IsTrue(await sending.WaitAsync(Ends.Patience));
        CollectionAssert.AreEqual(new[] { heard, first, second }, tried);
    }
}
