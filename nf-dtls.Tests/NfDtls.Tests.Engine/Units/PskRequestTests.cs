using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

[TestClass]
public class PskRequestTests
{
    [TestMethod]
    public void A_question_waits_until_it_is_answered()
    {
        PskRequest request = Make(true, false);
        Assert.IsTrue(request.IsWaiting);
        Assert.IsFalse(request.Step(1));
        request.Answer(TestBed.Key);
        Assert.IsFalse(request.IsWaiting);
        Assert.IsTrue(request.Step(1));
        Assert.AreEqual(DtlsError.None, request.Error);
        CollectionAssert.AreEqual(TestBed.Key, request.Key);
    }

    [TestMethod]
    public void Only_the_first_answer_counts()
    {
        PskRequest request = Make(true, false);
        request.Refuse();
        request.Answer(TestBed.Key);
        Assert.AreEqual(DtlsError.UnknownPskIdentity, request.Error);
        Assert.IsNull(request.Key);
    }

    [TestMethod]
    public void A_bad_answer_leaves_the_question_open()
    {
        PskRequest request = Make(false, false);
        Assert.ThrowsExactly<ArgumentException>(() => request.Answer(new byte[0], TestBed.Text("x")));
        Assert.ThrowsExactly<ArgumentException>(() => request.Answer(new byte[65], TestBed.Text("x")));
        Assert.ThrowsExactly<ArgumentException>(() => request.Answer(TestBed.Key, new byte[129]));
        Assert.ThrowsExactly<ArgumentException>(() => request.Answer(TestBed.Key, new byte[] { 0xFF }));
        Assert.IsTrue(request.IsWaiting);
    }

    [TestMethod]
    public void A_hidden_refusal_is_no_error()
    {
        PskRequest request = Make(true, true);
        request.Refuse();
        Assert.IsTrue(request.Step(1));
        Assert.AreEqual(DtlsError.None, request.Error);
    }

    [TestMethod]
    public void Cancelling_zeroes_the_key_and_late_answers_are_ignored()
    {
        PskRequest request = Make(true, false);
        request.Answer(TestBed.Key);
        byte[] key = request.Key;
        request.Cancel();
        Assert.IsTrue(Array.TrueForAll(key, octet => octet == 0));
        request.Answer(TestBed.Key);
        Assert.IsNull(request.Key);
    }

    [TestMethod]
    public void A_client_answering_without_an_identity_is_told_so()
    {
        PskRequest request = Make(false, false);
        Assert.ThrowsExactly<ArgumentNullException>(() => request.Answer(TestBed.Key, null!));
        Assert.IsTrue(request.IsWaiting);
    }

    private static PskRequest Make(bool isServer, bool hides)
    {
        return new PskRequest(isServer, hides, TestBed.Text("asked"), 0, 5, 64);
    }
}
