using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FleetGateway;

/// <summary>REST, the page, and the events that keep it live.</summary>
internal static class Api
{
    private const int MostSettings = 512;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    internal static void Map(WebApplication app)
    {
        IGateway gateway = app.Services.GetRequiredService<IGateway>();
        app.MapGet("/", () => Results.Stream(typeof(Snapshot).Assembly.GetManifestResourceStream("index.html")!, "text/html; charset=utf-8"));
        app.MapHealthChecks("/health");
        app.MapGet("/api/status", gateway.Take);
        app.MapGet("/api/devices", () => gateway.Take().Devices);
        app.MapGet("/api/devices/{identity}", (string identity) => gateway.Take().Devices.FirstOrDefault(device => device.Identity == identity) is { } device ? Results.Ok(device) : Results.NotFound());
        app.MapGet("/api/devices/{identity}/settings", (string identity) => gateway.SettingsOf(identity) is { } settings ? Results.Text(settings, "application/json") : Results.NotFound());
        app.MapPut("/api/devices/{identity}/settings", (string identity, JsonElement settings) => SetAsync(gateway, identity, settings.GetRawText()));
        app.MapGet("/events", (IHostApplicationLifetime lifetime, TimeProvider time, HttpContext context) =>
        {
            CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, context.RequestAborted);
            context.Response.RegisterForDispose(end);
            return TypedResults.ServerSentEvents(WatchAsync(gateway, time, end.Token));
        });
    }

    private static async Task<IResult> SetAsync(IGateway gateway, string identity, string settings)
    {
        if (gateway.SettingsOf(identity) == null)
        {
            return Results.NotFound();
        }

        if (Encoding.UTF8.GetByteCount(settings) > MostSettings)
        {
            return Results.BadRequest($"Settings have {MostSettings} bytes of UTF-8 at the most: a device takes them in one record.");
        }

        await gateway.SetAsync(identity, settings);
        return Results.NoContent();
    }

    private static async IAsyncEnumerable<Snapshot> WatchAsync(IGateway gateway, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(Every, time);
        do
        {
            yield return gateway.Take();
        }
        while (await WaitAsync(timer, cancellationToken));
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
