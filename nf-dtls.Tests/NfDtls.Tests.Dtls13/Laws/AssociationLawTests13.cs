using CsCheck;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>An association of DTLS 1.3 beside the same model.</summary>
[TestClass]
public sealed class AssociationLawTests13
{
    [TestMethod]
    public void What_was_sent_is_received_once_whatever_happens_on_the_way()
    {
        Law.Holds(AssociationModel.Rows, 100, steps => new AssociationModel(Bed13.PskAlone().Connect()).Play(steps, null));
    }

    [TestMethod]
    public void Nothing_but_what_was_sent_is_received_when_an_end_closes()
    {
        Gen<(Step[], bool)> rows = Gen.Select(AssociationModel.Rows, Gen.Bool);
        Law.Holds(rows, 40, row => new AssociationModel(Bed13.PskAlone().Connect()).Play(row.Item1, new Step(Deed.Close, row.Item2, 1000)));
    }
}
