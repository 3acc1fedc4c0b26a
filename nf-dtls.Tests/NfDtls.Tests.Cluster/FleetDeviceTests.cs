using System;
using FleetGateway;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Cluster;

/// <summary>What FleetGateway knows of a device that goes from node to node.</summary>
[TestClass]
public sealed class FleetDeviceTests
{
    [TestMethod]
    public void What_was_told_elsewhere_takes_the_place_of_what_is_older_and_of_nothing_else()
    {
        DateTimeOffset now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
        Device device = new("device", "a device", []);
        device.Recall("temperature", new Reading("20", now));
        Assert.AreEqual("20", device.Find("temperature")!.Value);
        device.Tell("temperature", "21", now.AddSeconds(2));
        device.Recall("temperature", new Reading("late", now.AddSeconds(1)));
        Assert.AreEqual("21", device.Find("temperature")!.Value);
        device.Recall("temperature", new Reading("22", now.AddSeconds(3)));
        Assert.AreEqual("22", device.Find("temperature")!.Value);

        // What the device itself says counts, whatever this node's clock does.
        device.Tell("temperature", "23", now);
        Assert.AreEqual("23", device.Find("temperature")!.Value);
    }
}
