using System;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using FleetGateway.Fleet;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Net;

namespace NfDtls.Tests.Cluster;

/// <summary>What FleetGateway asks its nodes for, where one dies over the answer.</summary>
[TestClass]
public sealed class FleetNodePageTests
{
    [TestMethod]
    [DataRow("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"isReady\":", DisplayName = "a body that ends early")]
    [DataRow("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n100\r\n{", DisplayName = "a chunk that ends early")]
    [DataRow("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n{", DisplayName = "no JSON")]
    public async Task A_node_that_dies_while_it_tells_what_it_shows_has_told_nothing(string answer)
    {
        using Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        server.Listen();
        Task serving = AnswerAsync(server, answer);
        using HttpClient http = new() { Timeout = Ends.Patience };
        Assert.IsNull(await NodePage.AskAsync<JsonDocument>(http, new Uri($"http://{server.LocalEndPoint}/"), CancellationToken.None));
        await serving;
    }

    private static async Task AnswerAsync(Socket server, string answer)
    {
        using Socket client = await server.AcceptAsync();
        await client.ReceiveAsync(new byte[4096]);
        await client.SendAsync(Encoding.ASCII.GetBytes(answer));
        client.Shutdown(SocketShutdown.Send);
    }
}
