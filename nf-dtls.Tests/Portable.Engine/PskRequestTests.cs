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
        request.Answer(Check.Bytes(16, 0x40));
        Assert.IsFalse(request.IsWaiting);
        Assert.IsTrue(request.Step(1));
        Assert.AreEqual(DtlsError.None, request.Error);
        Check.Equal(Check.Bytes(16, 0x40), request.Key);
    }

    [TestMethod]
    public void Only_the_first_answer_counts()
    {
        PskRequest request = Make(true, false);
        request.Refuse();
        request.Answer(Check.Bytes(16, 0x40));
        Assert.AreEqual(DtlsError.UnknownPskIdentity, request.Error);
        Assert.IsNull(request.Key);
    }

    [TestMethod]
    public void A_bad_answer_leaves_the_question_open()
    {
        PskRequest request = Make(false, false);
        Check.Throws(typeof(ArgumentException), () => request.Answer(new byte[0], Check.Ascii("x")));
        Check.Throws(typeof(ArgumentException), () => request.Answer(new byte[65], Check.Ascii("x")));
        Check.Throws(typeof(ArgumentException), () => request.Answer(Check.Bytes(16, 0x40), new byte[129]));
        Assert.IsTrue(request.IsWaiting);
        request.Answer(Check.Bytes(16, 0x40), new byte[] { 0xFF });
        Assert.IsFalse(request.IsWaiting, "an identity that is no text");
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
        request.Answer(Check.Bytes(16, 0x40));
        byte[] key = request.Key;
        request.Cancel();
        Assert.IsTrue(Check.IsZero(key));
        request.Answer(Check.Bytes(16, 0x40));
        Assert.IsNull(request.Key);
    }

    [TestMethod]
    public void A_client_answering_without_an_identity_is_told_so()
    {
        PskRequest request = Make(false, false);
        Check.Throws(typeof(ArgumentNullException), () => request.Answer(Check.Bytes(16, 0x40), null));
        Assert.IsTrue(request.IsWaiting);
    }

    private static PskRequest Make(bool isServer, bool hides)
    {
        return new PskRequest(isServer, hides, Check.Ascii("asked"), 0, 5, 64);
    }
}
