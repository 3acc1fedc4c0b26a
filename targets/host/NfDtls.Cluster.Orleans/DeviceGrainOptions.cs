using System;
using System.Security.Cryptography;
using System.Text;
using NfDtls.Net;
using Orleans;

namespace NfDtls.Cluster.Orleans;

/// <summary>How connections and grains belong together.</summary>
public sealed class DeviceGrainOptions
{
    private const string CertificatePrefix = "certificate/";
    private static readonly UTF8Encoding s_strict = new(false, true);

    /// <summary>
    /// The grain of a connection; null refuses it. Default: <see cref="ByIdentity"/>. Where an application has several classes of
    /// devices, this says which one a connection is of.
    /// </summary>
    public Func<DtlsConnection, IGrainFactory, IDeviceGrain?> Grain { get; set; } = ByIdentity;

    /// <summary>How long a node has to send what a grain gave it, before the next is asked. Default: 3 s.</summary>
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// The grain whose key is the identity of the pre-shared key (UTF-8; another one is refused, for two of them would have one key), or
    /// where a certificate proved who it is, "certificate/" and the certificate's SHA-256 in hexadecimal digits. A pre-shared identity
    /// that begins so is refused. The application has one class with <see cref="IDeviceGrain"/>.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="grains">Where grains come from.</param>
    public static IDeviceGrain? ByIdentity(DtlsConnection connection, IGrainFactory grains)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(grains);
        string? key = connection.PskIdentity is { } identity ? KeyOf(identity.Span) : KeyOfCertificate(connection);
        return key == null ? null : grains.GetGrain<IDeviceGrain>(key);
    }

    /// <summary>The key of an identity; null where it has none.</summary>
    internal static string? KeyOf(ReadOnlySpan<byte> identity)
    {
        try
        {
            string key = s_strict.GetString(identity);
            return key.Length == 0 || key.StartsWith(CertificatePrefix, StringComparison.Ordinal) ? null : key;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static string? KeyOfCertificate(DtlsConnection connection)
    {
        using System.Security.Cryptography.X509Certificates.X509Certificate2? certificate = connection.RemoteCertificate;
        return certificate == null ? null : CertificatePrefix + certificate.GetCertHashString(HashAlgorithmName.SHA256);
    }
}
