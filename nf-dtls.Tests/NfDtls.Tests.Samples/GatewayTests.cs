using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Samples;

/// <summary>FleetGateway as a process: libcoap's client on the one side, REST on the other.</summary>
[TestClass]
public sealed class GatewayTests
{
    private const string Key = "16 bytes of key!";

    private readonly int _coaps = FreePorts.Udp();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMilliseconds(Patience.Milliseconds) };

    [TestMethod]
    public async Task What_a_device_tells_over_coap_is_told_by_rest_and_what_rest_is_told_the_device_gets()
    {
        using PeerProgram gateway = Start("Devices__device-7__Key=" + Convert.ToHexString(Encoding.ASCII.GetBytes(Key)), "Devices__device-7__Label=<b>seven");
        Coap("put", "telemetry/temperature", "21.5");
        StringAssert.Contains(Coap("get", "telemetry/temperature"), "21.5");
        StringAssert.Contains(Coap("get", ".well-known/core"), "</telemetry>");
        StringAssert.Contains(Coap("get", "nowhere"), "4.04");
        StringAssert.Contains(Coap("delete", "time"), "4.05");

        JsonElement device = await _http.GetFromJsonAsync<JsonElement>("api/devices/device-7");
        Assert.AreEqual("21.5", device.GetProperty("telemetry").GetProperty("temperature").GetProperty("value").GetString());

        // One for each request, and more where the client came again.
        Assert.IsGreaterThanOrEqualTo(5, device.GetProperty("sessions").GetInt32());
        Assert.AreEqual("<b>seven", device.GetProperty("label").GetString());
        Assert.DoesNotContain(Convert.ToHexString(Encoding.ASCII.GetBytes(Key)), device.GetRawText());
        Assert.AreEqual(HttpStatusCode.NotFound, (await _http.GetAsync(new Uri("api/devices/device-8", UriKind.Relative))).StatusCode);

        Assert.AreEqual(HttpStatusCode.NoContent, (await _http.PutAsJsonAsync("api/devices/device-7/settings", new { interval = 5 })).StatusCode);
        StringAssert.Contains(Coap("get", "settings"), """{"interval":5}""");
        Assert.AreEqual(HttpStatusCode.BadRequest, (await _http.PutAsJsonAsync("api/devices/device-7/settings", new string('x', 600))).StatusCode);

        // Of three bytes each.
        using StringContent wide = new("\"" + new string('\u20AC', 200) + "\"", Encoding.UTF8, "application/json");
        Assert.AreEqual(HttpStatusCode.BadRequest, (await _http.PutAsync(new Uri("api/devices/device-7/settings", UriKind.Relative), wide)).StatusCode);

        // A stranger is no device, and nobody's session.
        Run(["-m", "get", "-B", "2", "-u", "stranger", "-k", Key, Url("time")]);
        JsonElement status = await _http.GetFromJsonAsync<JsonElement>("api/status");
        Assert.IsGreaterThanOrEqualTo(6, status.GetProperty("handshakesCompleted").GetInt64());
        Assert.AreEqual("Healthy", await _http.GetStringAsync(new Uri("health", UriKind.Relative)));
        StringAssert.Contains(await _http.GetStringAsync(new Uri("", UriKind.Relative)), "EventSource('/events')");
        await AssertEventsAsync();
    }

    [TestMethod]
    public void Without_devices_in_the_configuration_there_is_one_with_a_key_of_the_runs()
    {
        using PeerProgram gateway = Start("ASPNETCORE_ENVIRONMENT=Development");
        gateway.WaitForOutput("identity device-1, key (hexadecimal) ");
    }

    [TestMethod]
    public void That_key_is_not_written_to_the_journal_of_a_service()
    {
        using PeerProgram gateway = Start("ASPNETCORE_ENVIRONMENT=Production");
        gateway.WaitForOutput("The configuration names no devices.");
        Assert.DoesNotContain("hexadecimal", gateway.Output);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("not hexadecimal")]
    public void A_device_whose_key_is_none_ends_the_start_and_is_named(string key)
    {
        using PeerProgram gateway = Launch("Devices__device-7__Key=" + key);
        gateway.WaitForOutput("Devices:device-7:Key");
    }

    // Two events, a second apart: they go on by themselves.
    private async Task AssertEventsAsync()
    {
        using CancellationTokenSource end = new(Patience.Milliseconds);
        await using Stream stream = await _http.GetStreamAsync(new Uri("events", UriKind.Relative), end.Token);
        using StreamReader reader = new(stream);
        List<string> events = [];
        while (events.Count < 2)
        {
            string line = await reader.ReadLineAsync(end.Token) ?? throw new EndOfStreamException();
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                events.Add(line);
            }
        }

        StringAssert.Contains(events[1], "\"identity\":\"device-7\"");
    }

    private string Coap(string method, string path, string? payload = null)
    {
        string[] more = payload == null ? [] : ["-e", payload];
        return Run(["-m", method, "-B", (Patience.Milliseconds / 1000).ToString(CultureInfo.InvariantCulture), "-u", "device-7", "-k", Key, .. more, Url(path)]);
    }

    private static string Run(string[] arguments)
    {
        using PeerProgram client = PeerProgram.Start(false, "coap-client-openssl", arguments);
        return client.WaitForExit();
    }

    private string Url(string path)
    {
        return "coaps://127.0.0.1:" + _coaps.ToString(CultureInfo.InvariantCulture) + "/" + path;
    }

    private PeerProgram Start(params string[] settings)
    {
        PeerProgram gateway = Launch(settings);
        gateway.WaitForOutput("CoAP over DTLS at ");
        return gateway;
    }

    private PeerProgram Launch(params string[] settings)
    {
        string url = "http://127.0.0.1:" + FreePorts.Tcp().ToString(CultureInfo.InvariantCulture);
        _http.BaseAddress = new Uri(url + "/");
        string program = AppContext.BaseDirectory.Replace("NfDtls.Tests.Samples", "FleetGateway", StringComparison.Ordinal);
        return PeerProgram.Start(
            false, "env", ["Dtls__Address=127.0.0.1", "Logging__LogLevel__Default=Warning", .. settings, "dotnet", "exec", Path.Combine(program, "FleetGateway.dll"), "--urls", url, "--coaps", _coaps.ToString(CultureInfo.InvariantCulture)]);
    }
}
