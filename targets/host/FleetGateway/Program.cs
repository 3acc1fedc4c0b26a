using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using FleetGateway;
using FleetGateway.Fleet;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NfDtls.Hosting;
using NfDtls.Net;

const string DefaultUrl = "http://127.0.0.1:8080";

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Configuration.AddCommandLine(args, new Dictionary<string, string> { ["--coaps"] = "Dtls:Port", ["--nodes"] = "Fleet:Nodes", ["--redis"] = "Fleet:Redis" });
builder.WebHost.UseUrls(builder.Configuration["urls"] ?? DefaultUrl);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton<DeviceRegistry>();
builder.Services.AddHealthChecks();
FleetOptions fleet = builder.Configuration.GetSection("Fleet").Get<FleetOptions>() ?? new FleetOptions();
if (fleet.IsLauncher)
{
    if (!await Launcher.TryAddAsync(builder, fleet))
    {
        return 1;
    }
}
else
{
    builder.Services.AddSingleton<CoapService>();
    builder.Services.AddSingleton<IGateway, Snapshots>();
    builder.Services.AddDtlsServer(_ => { });
    builder.Services.AddOptions<DtlsServerOptions>().Configure<DeviceRegistry, CoapService>((options, registry, coap) =>
    {
        options.PskCallback = registry.FindKeyAsync;
        options.Handler = coap.ServeAsync;
        options.ConfigureListener = listener =>
        {
            listener.EnabledProtocols = DtlsProtocols.Dtls12 | DtlsProtocols.Dtls13;
            listener.ConnectionIdLength ??= 8;
        };
    });
    builder.Services.AddHealthChecks().AddDtlsServer();
    if (fleet.IsNode)
    {
        await FleetMember.AddAsync(builder, fleet);
    }
}

WebApplication app = builder.Build();
DeviceRegistry devices = app.Services.GetRequiredService<DeviceRegistry>();
Api.Map(app);
await app.StartAsync();
TextWriter output = Console.Out;
object? coaps = fleet.IsLauncher ? app.Services.GetRequiredService<Launcher>().EndPoint : app.Services.GetRequiredService<DtlsServerService>().Listener!.LocalEndPoint;
output.WriteLine($"Page and REST at {string.Join(' ', app.Urls)}, CoAP over DTLS at {coaps}.");
if (devices.ExampleKey is { } key)
{
    // A service's output is kept in a journal, where no key belongs.
    output.WriteLine(!Console.IsOutputRedirected || app.Environment.IsDevelopment()
        ? "The configuration names no devices. One for this run: identity device-1, key (hexadecimal) " + Convert.ToHexString(key)
        : "The configuration names no devices. At a terminal, or in the environment Development, one is made up for the run and its key printed.");
}

if (fleet.IsNode)
{
    // A node ends with the process that started it, however that ends.
    _ = Starter.WaitForEndAsync(Console.In).ContinueWith(_ => app.Lifetime.StopApplication(), System.Threading.Tasks.TaskScheduler.Default);
}

await app.WaitForShutdownAsync();
return 0;
