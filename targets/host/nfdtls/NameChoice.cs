using System;
using System.Collections.Generic;
using NfDtls.Extensions;

namespace NfDtls.Tool;

/// <summary>--alpn NAME,... and --sni NAME,...: which protocol the lines are, and which server is meant.</summary>
internal sealed class NameChoice
{
    private readonly string[]? _protocols;
    private readonly string[]? _servers;

    private NameChoice(string[]? protocols, string[]? servers)
    {
        _protocols = protocols;
        _servers = servers;
    }

    public static NameChoice Parse(string? protocols, string? servers, bool ofServer)
    {
        NameChoice choice = new NameChoice(protocols?.Split(','), servers?.Split(','));
        if (!ofServer && choice._servers?.Length > 1)
        {
            throw ToolException.Usage("--sni of a client is one name: the server that it asks for.");
        }

        choice.Make(ofServer);
        return choice;
    }

    /// <summary>Adds what was chosen to the options of a client or a server.</summary>
    public void ApplyTo(DtlsOptions options, bool ofServer)
    {
        List<Feature> features = Make(ofServer);
        if (features.Count > 0)
        {
            options.Features = [.. options.Features ?? [], .. features];
        }

        if (!ofServer && _servers != null)
        {
            // What its certificate is compared with, too.
            options.ServerName = _servers[0];
        }
    }

    private List<Feature> Make(bool ofServer)
    {
        List<Feature> features = [];
        string option = "--alpn";
        try
        {
            if (_protocols != null)
            {
                features.Add(new ApplicationProtocols(_protocols));
            }

            option = "--sni";
            if (_servers != null)
            {
                ServerNames names = new ServerNames { RefusesUnknown = ofServer };
                foreach (string name in _servers)
                {
                    names.Add(name);
                }

                features.Add(names);
            }
        }
        catch (ArgumentException e)
        {
            throw ToolException.Usage($"{option}: {e.Message.Split(" (Parameter")[0]}");
        }

        return features;
    }
}
