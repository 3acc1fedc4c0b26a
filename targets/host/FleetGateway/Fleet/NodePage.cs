using System;
using System.IO;
using System.Net.Http;
using System.Net.Http.Json;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace FleetGateway.Fleet;

/// <summary>A node's own page, which may be gone at any moment.</summary>
internal static class NodePage
{
    /// <summary>What a node shows; null where it falls just now, or is busy.</summary>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    internal static async Task<T?> AskAsync<T>(HttpClient http, Uri page, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await http.GetFromJsonAsync<T>(new Uri(page, "api/status"), cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            // An answer that ends early is an IOException, not an HttpRequestException.
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
