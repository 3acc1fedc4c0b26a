using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Threading;
using System.Threading.Tasks;
using FleetGateway.Fleet;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Net;

namespace NfDtls.Tests.Cluster;

/// <summary>A place of FleetGateway's fleet, whose nodes fail.</summary>
[TestClass]
public sealed class FleetPlaceTests
{
    [TestMethod]
    public async Task A_place_whose_node_fails_is_given_another_one_after_a_pause()
    {
        AtOnce time = new();
        List<Exception> told = [];
        using CancellationTokenSource end = new();
        Exception[] failures = [new Win32Exception(11), new FormatException(), new InvalidOperationException()];
        int started = 0;
        await new Place(time, told.Add).KeepAsync(
            () =>
            {
                if (started == failures.Length)
                {
                    end.Cancel();
                    return Task.CompletedTask;
                }

                return started++ % 2 == 0 ? throw failures[started - 1] : Task.FromException(failures[started - 1]);
            },
            end.Token).WaitAsync(Ends.Patience);
        CollectionAssert.AreEqual(failures, told);
        CollectionAssert.AreEqual(new[] { Place.Pause, Place.Pause, Place.Pause }, time.Waits);
    }

    /// <summary>A time in which every wait is over at once.</summary>
    private sealed class AtOnce : TimeProvider
    {
        internal List<TimeSpan> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Add(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
