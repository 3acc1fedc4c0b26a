using CsCheck;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

/// <summary>An association of DTLS 1.2 beside its model.</summary>
[TestClass]
public sealed class AssociationLawTests
{
    [TestMethod]
    public void What_was_sent_is_received_once_whatever_happens_on_the_way()
    {
        Law.Holds(AssociationModel.Rows, 150, steps => new AssociationModel(new TestBed().Connect()).Play(steps, null));
    }

    [TestMethod]
    public void Nothing_but_what_was_sent_is_received_when_an_end_closes()
    {
        Gen<(Step[], bool)> rows = Gen.Select(AssociationModel.Rows, Gen.Bool);
        Law.Holds(rows, 50, row => new AssociationModel(new TestBed().Connect()).Play(row.Item1, new Step(Deed.Close, row.Item2, 1000)));
    }
}
