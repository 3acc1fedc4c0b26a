using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Projects.Nullability;

/// <summary>Where null is allowed, a compiler reads from the assemblies what people read in the texts.</summary>
[TestClass]
public sealed partial class NullabilityTests
{
    [TestMethod]
    public void Every_package_for_dotnet_is_looked_at()
    {
        string[] found = PublicSurface.Members.Select(member => member.ContainingAssembly.Name).Distinct().ToArray();
        CollectionAssert.AreEquivalent(PublicSurface.Names, found);
    }

    [TestMethod]
    public void Every_public_member_says_whether_it_may_be_null()
    {
        string[] silent = PublicSurface.Members.Where(member => PublicSurface.TypesOf(member).Any(part => IsSilent(part.Type)))
            .Select(member => member.ToDisplayString()).ToArray();
        Assert.IsEmpty(silent, string.Join('\n', silent));
    }

    [TestMethod]
    public void What_may_be_null_by_its_text_is_marked_so()
    {
        string[] wrong = PublicSurface.Members.SelectMany(Unmarked).ToArray();
        Assert.IsEmpty(wrong, string.Join('\n', wrong));
    }

    [TestMethod]
    public void An_event_that_nobody_listens_to_is_null()
    {
        string[] wrong = PublicSurface.Members.OfType<IEventSymbol>().Where(happening => !IsMarked(happening.Type))
            .Select(happening => happening.ToDisplayString()).ToArray();
        Assert.IsEmpty(wrong, string.Join('\n', wrong));
    }

    [TestMethod]
    [DataRow("M:NfDtls.PacketPool.Rent", true)]
    [DataRow("M:NfDtls.DtlsEngine.PollDatagram(System.Int64)", true)]
    [DataRow("P:NfDtls.EndpointOptions.ServerName", true)]
    [DataRow("P:NfDtls.EndpointOptions.Psk", true)]
    [DataRow("P:NfDtls.Sockets.DtlsClient.PeerCertificates", true)]
    [DataRow("P:NfDtls.Sockets.DtlsClient.RemoteEndPoint", true)]
    [DataRow("P:NfDtls.Sockets.DtlsSession.Tag", true)]
    [DataRow("M:NfDtls.Sockets.DtlsServer.Find(System.Net.IPEndPoint)", true)]
    [DataRow("P:NfDtls.X509.VerifiedChain.Anchor", true)]
    [DataRow("P:NfDtls.EndpointOptions.Crypto", false)]
    [DataRow("P:NfDtls.EndpointOptions.Suites", false)]
    [DataRow("P:NfDtls.Packet.Buffer", false)]
    [DataRow("P:NfDtls.Sockets.DtlsSession.RemoteEndPoint", false)]
    [DataRow("P:NfDtls.Sockets.DtlsClient.Statistics", false)]
    public void What_is_known_of_a_member_is_what_it_says(string id, bool mayBeNull)
    {
        ISymbol member = PublicSurface.Members.Single(member => member.GetDocumentationCommentId() == id);
        Assert.AreEqual(mayBeNull, IsMarked(Own(member)));
    }

    private static IEnumerable<string> Unmarked(ISymbol member)
    {
        XElement? text = PublicSurface.TextOf(member);
        if (text == null)
        {
            yield break;
        }

        (string? Parameter, ITypeSymbol Type)[] types = PublicSurface.TypesOf(member).ToArray();
        if (text.Elements("returns").Any(SaysNull) && !IsMarked(Own(member)))
        {
            yield return member.ToDisplayString() + ": what it returns";
        }

        foreach (XElement parameter in text.Elements("param").Where(SaysNull))
        {
            if (!IsMarked(types.Single(part => part.Parameter == (string)parameter.Attribute("name")!).Type))
            {
                yield return member.ToDisplayString() + ": " + (string)parameter.Attribute("name")!;
            }
        }

        if (text.Elements("summary").Any(SaysNull) && !types.Any(part => IsMarked(part.Type)))
        {
            yield return member.ToDisplayString() + ": its summary";
        }
    }

    /// <summary>What a member returns or holds.</summary>
    private static ITypeSymbol Own(ISymbol member)
    {
        return PublicSurface.TypesOf(member).Single(part => part.Parameter == null).Type;
    }

    private static bool SaysNull(XElement text)
    {
        return NullWord().IsMatch(text.Value);
    }

    /// <summary>Whether it is, or what a task or a delegate of it comes to.</summary>
    private static bool IsMarked(ITypeSymbol type)
    {
        return type.NullableAnnotation == NullableAnnotation.Annotated || (type is INamedTypeSymbol named && named.TypeArguments.Any(IsMarked));
    }

    private static bool IsSilent(ITypeSymbol type)
    {
        return (type.IsReferenceType && type.NullableAnnotation == NullableAnnotation.None) || type switch
        {
            IArrayTypeSymbol array => IsSilent(array.ElementType),
            INamedTypeSymbol named => named.TypeArguments.Any(IsSilent),
            _ => false,
        };
    }

    [GeneratedRegex(@"\b[Nn]ull\b")]
    private static partial Regex NullWord();
}
