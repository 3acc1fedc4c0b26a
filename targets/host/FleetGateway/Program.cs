using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Text.Json;
using System.Threading;
using FleetGateway;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NfDtls.Hosting;

const string DefaultUrl = "http://127.0.0.1:8080";
const int MostSettings = 512;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Configuration.AddCommandLine(args, new Dictionary<string, string> { ["--coaps"] = "Dtls:Port" });
builder.WebHost.UseUrls(builder.Configuration["urls"] ?? DefaultUrl);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton<DeviceRegistry>();
builder.Services.AddSingleton<CoapService>();
builder.Services.AddSingleton<Snapshots>();
builder.Services.AddDtlsServer(_ => { });
builder.Services.AddOptions<DtlsServerOptions>().Configure<DeviceRegistry, CoapService>((options, registry, coap) =>
{
    options.PskCallback = registry.FindKeyAsync;
    options.Handler = coap.ServeAsync;
    options.ConfigureListener = listener => listener.ConnectionIdLength ??= 8;
});
builder.Services.AddHealthChecks().AddDtlsServer();

WebApplication app = builder.Build();
DeviceRegistry devices = app.Services.GetRequiredService<DeviceRegistry>();
Snapshots snapshots = app.Services.GetRequiredService<Snapshots>();

app.MapGet("/", () => Results.Stream(typeof(Snapshot).Assembly.GetManifestResourceStream("index.html")!, "text/html; charset=utf-8"));
app.MapHealthChecks("/health");
app.MapGet("/api/status", snapshots.Take);
app.MapGet("/api/devices", () => snapshots.Take().Devices);
app.MapGet("/api/devices/{identity}", (string identity) => devices.Find(identity) is { } device ? Results.Ok(device.View()) : Results.NotFound());
app.MapGet("/api/devices/{identity}/settings", (string identity) => devices.Find(identity) is { } device ? Results.Text(device.Settings, "application/json") : Results.NotFound());
app.MapPut("/api/devices/{identity}/settings", (string identity, JsonElement settings) =>
{
    string text = settings.GetRawText();
    if (devices.Find(identity) is not { } device)
    {
        return Results.NotFound();
    }

    if (Encoding.UTF8.GetByteCount(text) > MostSettings)
    {
        return Results.BadRequest($"Settings have {MostSettings} bytes of UTF-8 at the most: a device takes them in one record.");
    }

    device.Settings = text;
    return Results.NoContent();
});
app.MapGet("/events", (IHostApplicationLifetime lifetime, HttpContext context) =>
{
    CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, context.RequestAborted);
    context.Response.RegisterForDispose(end);
    return TypedResults.ServerSentEvents(snapshots.WatchAsync(end.Token));
});

await app.StartAsync();
TextWriter output = Console.Out;
output.WriteLine($"Page and REST at {string.Join(' ', app.Urls)}, CoAP over DTLS at {app.Services.GetRequiredService<DtlsServerService>().Listener!.LocalEndPoint}.");
if (devices.ExampleKey is { } key)
{
    // A service's output is kept in a journal, where no key belongs.
    output.WriteLine(!Console.IsOutputRedirected || app.Environment.IsDevelopment()
        ? "The configuration names no devices. One for this run: identity device-1, key (hexadecimal) " + Convert.ToHexString(key)
        : "The configuration names no devices. At a terminal, or in the environment Development, one is made up for the run and its key printed.");
}

await app.WaitForShutdownAsync();
