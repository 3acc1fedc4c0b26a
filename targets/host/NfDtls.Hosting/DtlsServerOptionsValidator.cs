using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using Microsoft.Extensions.Options;
using NfDtls.Net;

namespace NfDtls.Hosting;

/// <summary>Names everything that is wrong with the options when the host starts. No message has a key in it.</summary>
internal sealed class DtlsServerOptionsValidator : IValidateOptions<DtlsServerOptions>
{
    public ValidateOptionsResult Validate(string? name, DtlsServerOptions options)
    {
        List<string> wrong = [];
        Check(IPAddress.TryParse(options.Address, out _), $"Address must be an IP address, not {options.Address}.");
        Check(options.Port is >= 0 and <= 65535, $"Port must be 0 to 65535, not {options.Port}.");
        Check(options.MaxConnections is >= 1 and <= 65535, $"MaxConnections must be 1 to 65535, not {options.MaxConnections}.");
        Check(options.MaxHandshakes is >= 2 and <= 65535, $"MaxHandshakes must be 2 to 65535, not {options.MaxHandshakes}.");
        Check(options.Shards is >= 0 and <= DtlsListenerOptions.MaxShards, $"Shards must be 0 to {DtlsListenerOptions.MaxShards}, not {options.Shards}.");
        Check(options.IdleTimeout >= TimeSpan.Zero, $"IdleTimeout must be 0 or more, not {options.IdleTimeout}.");
        Check(options.HandshakeTimeout > TimeSpan.Zero, $"HandshakeTimeout must be more than 0, not {options.HandshakeTimeout}.");
        Check(options.DrainTimeout >= TimeSpan.Zero, $"DrainTimeout must be 0 or more, not {options.DrainTimeout}.");
        Check(options.CertificateReload >= TimeSpan.Zero, $"CertificateReload must be 0 or more, not {options.CertificateReload}.");
        Check(options.Handler != null, "Handler must be set, by MapDtls for example.");
        Check(
            options.CertificateFile != null || options.PskCallback != null || options.Keys.Count > 0 || options.ConfigureListener != null,
            "CertificateFile, Keys or PskCallback must be set: without any no handshake could succeed.");
        Check(options.KeyFile == null || options.CertificateFile != null, "KeyFile is of no use without CertificateFile.");
        Check(options.ClientCertificates == ClientCertificates.None || options.CertificateFile != null || options.ConfigureListener != null, "ClientCertificates asks clients for certificates, so CertificateFile must be set.");
        foreach (string? file in new[] { options.CertificateFile, options.KeyFile, options.TrustFile })
        {
            Check(file == null || File.Exists(file), $"There is no file {file}.");
        }

        foreach ((string identity, string key) in options.Keys)
        {
            Check(key.Length is > 0 and <= 2 * DtlsPskCredential.MaxKeyLength && key.Length % 2 == 0 && IsHex(key), $"Keys: the key of {identity} must be 1 to {DtlsPskCredential.MaxKeyLength} bytes in hexadecimal digits.");
        }

        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);

        void Check(bool isRight, string message)
        {
            if (!isRight)
            {
                wrong.Add(message);
            }
        }
    }

    private static bool IsHex(string text)
    {
        foreach (char digit in text)
        {
            if (!char.IsAsciiHexDigit(digit))
            {
                return false;
            }
        }

        return true;
    }
}
