using System;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using NfDtls.Tests.Net;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Cluster;

/// <summary>Debian's Chromium without a window, told what to do by the DevTools protocol. Where it is not installed, the test is inconclusive and says so.</summary>
internal sealed partial class Browser : IAsyncDisposable
{
    private readonly PeerProgram _program;
    private readonly DirectoryInfo _profile;
    private readonly ClientWebSocket _socket = new();
    private int _calls;

    private Browser(PeerProgram program, DirectoryInfo profile)
    {
        _program = program;
        _profile = profile;
    }

    /// <summary>Opens a page.</summary>
    internal static async Task<Browser> OpenAsync(Uri page)
    {
        DirectoryInfo profile = Directory.CreateTempSubdirectory("nfdtls-browser");
        PeerProgram program = PeerProgram.Start(
            false, "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--window-size=1300,900", "--user-data-dir=" + profile.FullName, "--remote-debugging-port=0", page.AbsoluteUri);
        Browser browser = new(program, profile);
        try
        {
            program.WaitForOutput("DevTools listening on ws://");
            await Ends.UntilAsync(() => PortPattern().IsMatch(program.Output), "the port of its protocol");
            string port = PortPattern().Match(program.Output).Groups[1].Value;
            await browser._socket.ConnectAsync(await FindAsync(port, page), CancellationToken.None).WaitAsync(Ends.Patience);
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    /// <summary>What an expression of JavaScript is in the page.</summary>
    internal async Task<string> EvaluateAsync(string expression)
    {
        JsonElement result = await CallAsync("Runtime.evaluate", new { expression, returnByValue = true });
        return result.GetProperty("result").GetProperty("value").GetString()!;
    }

    /// <summary>The page as a PNG.</summary>
    internal async Task<byte[]> CaptureAsync()
    {
        JsonElement result = await CallAsync("Page.captureScreenshot", new { format = "png" });
        return result.GetProperty("data").GetBytesFromBase64();
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _program.Dispose();
        for (int tries = 50; ; tries--)
        {
            try
            {
                _profile.Delete(true);
                return;
            }
            catch (IOException) when (tries > 0)
            {
                await Task.Delay(100); // Its children end after it.
            }
        }
    }

    private static async Task<Uri> FindAsync(string port, Uri page)
    {
        using HttpClient http = new() { Timeout = Ends.Patience };
        for (long left = (long)Ends.Patience.TotalMilliseconds / 50; left > 0; left--)
        {
            JsonElement[] targets = (await http.GetFromJsonAsync<JsonElement[]>(new Uri("http://127.0.0.1:" + port + "/json/list")))!;
            JsonElement target = targets.FirstOrDefault(one => one.GetProperty("type").GetString() == "page" && one.GetProperty("url").GetString() == page.AbsoluteUri);
            if (target.ValueKind == JsonValueKind.Object)
            {
                return new Uri(target.GetProperty("webSocketDebuggerUrl").GetString()!);
            }

            await Task.Delay(50);
        }

        throw new TimeoutException("Chromium does not open " + page);
    }

    private async Task<JsonElement> CallAsync(string method, object parameters)
    {
        using CancellationTokenSource end = new(Ends.Patience);
        int id = ++_calls;
        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(new { id, method, @params = parameters }), WebSocketMessageType.Text, true, end.Token);
        while (true)
        {
            using MemoryStream message = new();
            byte[] buffer = new byte[65536];
            ValueWebSocketReceiveResult part;
            do
            {
                part = await _socket.ReceiveAsync(buffer.AsMemory(), end.Token);
                message.Write(buffer, 0, part.Count);
            }
            while (!part.EndOfMessage);

            JsonElement said = JsonSerializer.Deserialize<JsonElement>(message.ToArray());
            if (said.TryGetProperty("id", out JsonElement answered) && answered.GetInt32() == id)
            {
                return said.TryGetProperty("result", out JsonElement result) ? result : throw new InvalidOperationException(method + ": " + said.GetRawText());
            }
        }
    }

    [GeneratedRegex(@"DevTools listening on ws://127\.0\.0\.1:([0-9]+)/")]
    private static partial Regex PortPattern();
}
