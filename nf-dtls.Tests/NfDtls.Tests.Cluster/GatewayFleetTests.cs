using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Net;
using NfDtls.Tests.Net;
using NfDtls.Tests.Peers.Programs;
using StackExchange.Redis;

namespace NfDtls.Tests.Cluster;

/// <summary>FleetGateway as `./build.sh gateway --nodes 3 --redis ADDRESS` runs it: what it shows is its page's and REST's.</summary>
[TestClass]
public sealed class GatewayFleetTests
{
    private const byte Get = 1;
    private const byte Put = 3;
    private const byte Changed = 0x44;
    private const byte Content = 0x45;

    public TestContext TestContext { get; set; } = null!;

    private readonly HttpClient _http = new() { Timeout = Ends.Patience };
    private ushort _id = 100;

    [TestMethod]
    public async Task A_device_goes_on_without_a_handshake_when_its_node_is_killed_and_the_gateway_tells_where()
    {
        using RedisServer redis = new();
        int coaps = FreePorts.Udp();
        using PeerProgram gateway = Start(coaps, "--nodes", "3", "--redis", redis.Address);
        gateway.WaitForOutput("CoAP over DTLS at ");
        DtlsClientOptions options = Ends.ClientOptions(new IPEndPoint(IPAddress.Loopback, coaps));
        options.ConnectionIdLength = 0;
        await using DtlsConnection device = await DtlsConnection.ConnectAsync(options).AsTask().WaitAsync(Ends.Patience);
        await AskAsync(device, Put, "telemetry/before", "told to the first node", Changed);
        await AskAsync(device, Put, "telemetry/temperature", "21.5", Changed);
        Assert.AreEqual(HttpStatusCode.NoContent, (await _http.PutAsJsonAsync("api/devices/device/settings", new { interval = 5 })).StatusCode);
        Assert.AreEqual(HttpStatusCode.NotFound, (await _http.PutAsJsonAsync("api/devices/nobody/settings", new { interval = 5 })).StatusCode);
        await UntilStoredAsync(redis);
        JsonElement before = await UntilAsync(status => DeviceOf(status).GetProperty("messages").GetInt64() >= 2 && Living(status) == 3, "the device, and three nodes");
        string node = DeviceOf(before).GetProperty("node").GetString()!;
        JsonElement its = before.GetProperty("nodes").EnumerateArray().Single(one => one.GetProperty("name").GetString() == node);
        Assert.AreEqual(1, its.GetProperty("devicesConnected").GetInt32());
        using (Process process = Process.GetProcessById(its.GetProperty("processId").GetInt32()))
        {
            process.Kill();
        }

        await AskAsync(device, Put, "telemetry/temperature", "22.5", Changed);
        Assert.AreEqual("told to the first node", await AskAsync(device, Get, "telemetry/before", "", Content));
        Assert.AreEqual("""{"interval":5}""", await AskAsync(device, Get, "settings", "", Content));
        JsonElement after = await UntilAsync(
            status => Living(status) == 3 && DeviceOf(status).GetProperty("node").GetString() != node && status.GetProperty("associationsTakenOver").GetInt64() > 0 && ValueOf(status) == "22.5", "another node of the device, and one in the fallen one's place");
        Assert.AreEqual(1, DeviceOf(after).GetProperty("handovers").GetInt32());
        Assert.IsTrue(DeviceOf(after).GetProperty("isConnected").GetBoolean());
        Assert.AreEqual(1, after.GetProperty("handshakesCompleted").GetInt64());
        Assert.AreEqual(1, after.GetProperty("associationsTakenOver").GetInt64());
        JsonElement fallen = after.GetProperty("nodes").EnumerateArray().Single(one => !one.GetProperty("isAlive").GetBoolean());
        Assert.AreEqual(node, fallen.GetProperty("name").GetString());

        // A device without a connection ID is known by its address, and served as well.
        options.ConnectionIdLength = null;
        await using DtlsConnection other = await DtlsConnection.ConnectAsync(options).AsTask().WaitAsync(Ends.Patience);
        Assert.AreEqual("22.5", await AskAsync(other, Get, "telemetry/temperature", "", Content));
        await device.CloseAsync().AsTask().WaitAsync(Ends.Patience);
    }

    [TestMethod]
    public async Task The_page_shows_in_a_browser_what_the_gateway_counts()
    {
        const string Shown = """
            JSON.stringify({
                link: document.getElementById('link').textContent,
                numbers: Object.fromEntries([...document.querySelectorAll('dd')].map(one => [one.id, one.textContent])),
                devices: [...document.querySelectorAll('#devices tr')].map(row => [...row.cells].map(cell => cell.textContent)),
                nodes: [...document.querySelectorAll('#nodes tr')].map(row => [...row.cells].map(cell => cell.textContent)),
                isFleet: !document.getElementById('fleet').hidden,
            })
            """;
        _ = PeerProgram.Find("chromium");
        using RedisServer redis = new();
        int coaps = FreePorts.Udp();
        using PeerProgram gateway = Start(coaps, "--nodes", "2", "--redis", redis.Address);
        gateway.WaitForOutput("CoAP over DTLS at ");
        await using Browser browser = await Browser.OpenAsync(_http.BaseAddress!);
        DtlsClientOptions options = Ends.ClientOptions(new IPEndPoint(IPAddress.Loopback, coaps));
        await using DtlsConnection device = await DtlsConnection.ConnectAsync(options).AsTask().WaitAsync(Ends.Patience);
        await AskAsync(device, Put, "telemetry/<b>", "21.5", Changed);
        options.Psk = new DtlsPskCredential("stranger", Ends.Key);
        await Assert.ThrowsExactlyAsync<DtlsException>(() => DtlsConnection.ConnectAsync(options).AsTask().WaitAsync(Ends.Patience));
        await UntilAsync(status => DeviceOf(status).GetProperty("isConnected").GetBoolean() && status.GetProperty("handshakesFailed").GetInt64() == 1, "both");
        JsonElement shown = JsonSerializer.Deserialize<JsonElement>(await browser.EvaluateAsync(Shown));
        for (Stopwatch clock = Stopwatch.StartNew(); !IsShown(shown, await _http.GetFromJsonAsync<JsonElement>("api/status"));)
        {
            Assert.IsFalse(Patience.IsOver(clock), "The page shows something else: " + shown);
            await Task.Delay(100);
            shown = JsonSerializer.Deserialize<JsonElement>(await browser.EvaluateAsync(Shown));
        }

        string file = Path.Combine(TestContext.TestRunResultsDirectory!, "gateway-page.png");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        byte[] picture = await browser.CaptureAsync();
        await File.WriteAllBytesAsync(file, picture);
        TestContext.AddResultFile(file);
        TestContext.WriteLine("The page as it was: " + file);
        CollectionAssert.AreEqual((byte[])[0x89, 0x50, 0x4E, 0x47], picture[..4]);

        // Nobody's word is markup.
        Assert.AreEqual("<b> = 21.5", shown.GetProperty("devices")[0][9].GetString());
        gateway.Dispose();
        for (Stopwatch clock = Stopwatch.StartNew(); await browser.EvaluateAsync("document.getElementById('link').textContent") != "no connection to the gateway";)
        {
            Assert.IsFalse(Patience.IsOver(clock), "The page does not tell that the gateway has gone.");
            await Task.Delay(100);
        }
    }

    private static bool IsShown(JsonElement shown, JsonElement counted)
    {
        if (shown.GetProperty("link").GetString() != "live" || !shown.GetProperty("isFleet").GetBoolean())
        {
            return false;
        }

        string[] names = ["devicesConnected", "sessions", "handshakesCompleted", "handshakesFailed", "recordsDropped", "peersMoved", "associationsTakenOver"];
        JsonElement node = counted.GetProperty("nodes")[0];
        JsonElement device = DeviceOf(counted);
        return names.All(name => shown.GetProperty("numbers").GetProperty(name).GetString() == counted.GetProperty(name).GetRawText())
            && shown.GetProperty("numbers").GetProperty("handshakesPerSecond").GetString() == "0.0"
            && shown.GetProperty("nodes").GetArrayLength() == 2
            && shown.GetProperty("nodes")[0][0].GetString() == node.GetProperty("name").GetString()
            && shown.GetProperty("nodes")[0][1].GetString() == node.GetProperty("processId").GetRawText()
            && shown.GetProperty("nodes")[0][2].GetString() == "alive"
            && shown.GetProperty("devices")[0][1].GetString() == "connected"
            && shown.GetProperty("devices")[0][2].GetString() == device.GetProperty("endPoint").GetString()
            && shown.GetProperty("devices")[0][7].GetString() == device.GetProperty("node").GetString();
    }

    [TestMethod]
    [DataRow("A fleet wants --nodes N, 1 to 16, and --redis HOST:PORT.", "--nodes", "3")]
    [DataRow("A fleet wants --nodes N, 1 to 16, and --redis HOST:PORT.", "--redis", "127.0.0.1:1")]
    [DataRow("There is no Redis at 127.0.0.1:1,connectTimeout=1: ", "--nodes", "3", "--redis", "127.0.0.1:1,connectTimeout=1")]
    public void A_fleet_that_lacks_something_ends_the_start_and_says_what(string said, params string[] arguments)
    {
        using PeerProgram gateway = Start(FreePorts.Udp(), arguments);
        StringAssert.Contains(gateway.WaitForExit(), said);
        Assert.AreEqual(1, gateway.ExitCode);
    }

    private PeerProgram Start(int coaps, params string[] arguments)
    {
        string url = "http://127.0.0.1:" + RedisServer.Text(FreePorts.Tcp());
        _http.BaseAddress = new Uri(url + "/");
        string program = Path.Combine(AppContext.BaseDirectory.Replace("NfDtls.Tests.Cluster", "FleetGateway", StringComparison.Ordinal), "FleetGateway.dll");
        string key = Convert.ToHexString(Ends.Key);
        return PeerProgram.Start(
            false, "env", ["Dtls__Address=127.0.0.1", $"Devices__{Ends.Identity}__Key={key}", "dotnet", "exec", program, "--urls", url, "--coaps", RedisServer.Text(coaps), .. arguments]);
    }

    // A request that is said again until it is answered (RFC 7252 section 4.2), with a message ID of its own.
    private async Task<string> AskAsync(DtlsConnection device, byte method, string path, string payload, byte expected)
    {
        ushort id = _id++;
        byte[] request = [0x40, method, (byte)(id >> 8), (byte)id, .. path.Split('/').SelectMany(Option), .. payload.Length == 0 ? [] : (byte[])[0xFF, .. Encoding.UTF8.GetBytes(payload)]];
        byte[] answer = new byte[2048];
        for (Stopwatch clock = Stopwatch.StartNew(); ;)
        {
            Assert.IsFalse(Patience.IsOver(clock), "No answer to " + path);
            await device.SendAsync(request);
            using CancellationTokenSource wait = new(TimeSpan.FromMilliseconds(500));
            try
            {
                while (true)
                {
                    int length = await device.ReceiveAsync(answer, wait.Token);
                    if (length >= 4 && answer[0] == 0x60 && answer[2] == (byte)(id >> 8) && answer[3] == (byte)id)
                    {
                        Assert.AreEqual(expected, answer[1], path);
                        int at = Array.IndexOf(answer, (byte)0xFF, 4, length - 4);
                        return at < 0 ? "" : Encoding.UTF8.GetString(answer, at + 1, length - at - 1);
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // Once more.
            }
        }
    }

    // Uri-Path, the first with its number, the others without; of 13 bytes and more with one byte of length.
    private static byte[] Option(string segment, int index)
    {
        byte[] text = Encoding.UTF8.GetBytes(segment);
        byte number = (byte)(index == 0 ? 0xB0 : 0);
        return text.Length < 13 ? [(byte)(number | text.Length), .. text] : [(byte)(number | 13), (byte)(text.Length - 13), .. text];
    }

    private static JsonElement DeviceOf(JsonElement status)
    {
        return status.GetProperty("devices").EnumerateArray().Single();
    }

    private static string? ValueOf(JsonElement status)
    {
        return DeviceOf(status).GetProperty("telemetry").TryGetProperty("temperature", out JsonElement value) ? value.GetProperty("value").GetString() : null;
    }

    private static int Living(JsonElement status)
    {
        return status.GetProperty("nodes").EnumerateArray().Count(node => node.GetProperty("isAlive").GetBoolean());
    }

    private async Task<JsonElement> UntilAsync(Func<JsonElement, bool> isSo, string what)
    {
        for (Stopwatch clock = Stopwatch.StartNew(); ;)
        {
            JsonElement status = await _http.GetFromJsonAsync<JsonElement>("api/status");
            if (isSo(status))
            {
                return status;
            }

            Assert.IsFalse(Patience.IsOver(clock), "did not come about: " + what + ": " + status.GetRawText());
            await Task.Delay(100);
        }
    }

    // Until then an association is its node's alone. All that the device had said must be promised, too.
    private static async Task UntilStoredAsync(RedisServer redis)
    {
        await using ConnectionMultiplexer connection = await redis.ConnectAsync();
        IServer server = connection.GetServer(redis.Address);
        await Ends.UntilAsync(() => server.Keys(pattern: "gateway:association:*").Any(), "the association in the store");
    }
}
