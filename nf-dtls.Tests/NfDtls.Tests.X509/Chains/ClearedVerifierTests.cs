using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;
using NfDtls.X509;

namespace NfDtls.Tests.X509.Chains;

/// <summary>What a verifier that is between two handshakes keeps in memory of a store that has changed since.</summary>
[TestClass]
public class ClearedVerifierTests
{
    // From Reading to PinningPath, and Ended.
    private const int States = 10;

    private static readonly FieldInfo s_state = typeof(ChainVerifier).GetField("_state", BindingFlags.NonPublic | BindingFlags.Instance)!;

    private readonly IssuedCertificate[] _chain = TestCa.Chain(4, CertificateSpec.End([.. Enumerable.Range(0, 200).Select(i => $"{i}.example"), Bench.Host]));
    private readonly List<ChainVerifier> _cleared = [];
    private readonly List<(WeakReference Held, string Name)> _held = [];
    private readonly HashSet<int> _states = [];

    [TestMethod]
    public void AVerifierThatWasClearedHoldsNothingOfTheStore()
    {
        // Whatever it was at: each step of a run that has everything to do is the last one of another verifier.
        byte[] forged = TestCa.Crl(_chain[1], [_chain[0].Serial], CertificateSpec.Now.AddDays(-1), null, new CaKey(CaKeyKind.P256));
        while (!IsOverAfter(_cleared.Count, forged))
        {
        }

        GC.Collect();
        Assert.HasCount(States, _states, "A state was never the last one.");
        Assert.AreEqual(string.Empty, string.Join(", ", _held.Where(each => each.Held.IsAlive).Select(each => each.Name)));
        GC.KeepAlive(_cleared);
    }

    /// <summary>Stops a run of a new verifier and store, takes all out of the store, and clears the verifier. In a method of its own, so that no local holds anything.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsOverAfter(int steps, byte[] crl)
    {
        var bench = new Bench(new SlowProvider(Bench.NewCrypto(), 3));
        CertificateStore store = bench.Store;
        store.AddTrusted(Copy(_chain[3]));
        store.AddIntermediate(Copy(_chain[2]));
        store.AddCrl((byte[])crl.Clone());
        store.AddPin(SHA256.HashData(_chain[2].Der));
        store.RememberedSignatures = 8;
        store.Check = new Accepting();

        byte[] list = Bench.List([_chain[0].Der, _chain[1].Der]);
        var verifier = new ChainVerifier(store, bench.Crypto, 4);
        Assert.AreEqual(DtlsError.None, verifier.Begin(list, 0, list.Length, true, Bench.Host, NameCheck.SubjectAltName));
        bool isOver = false;
        for (int i = 0; i < steps; i++)
        {
            isOver = verifier.Step(1);
        }

        Assert.IsTrue(!isOver || verifier.Error == DtlsError.None, verifier.Error.ToString());
        int state = (int)s_state.GetValue(verifier)!;
        _states.Add(state);
        Hold(store, $" in state {state} after {steps} steps");
        foreach (StoreEntry entry in store.Snapshot())
        {
            Assert.IsTrue(store.Remove(entry.Id));
        }

        store.RememberedSignatures = 0;
        store.Check = null;
        verifier.Clear();
        _cleared.Add(verifier);
        return isOver;
    }

    private void Hold(CertificateStore store, string when)
    {
        Hold(store.Snapshot(), "the entries" + when);
        Hold(store.Memory, "the memory" + when);
        Hold(store.Check, "the check" + when);
        foreach (StoreEntry entry in store.Snapshot())
        {
            string of = $" of {entry.Kind}{when}";
            Hold(entry, "the entry" + of);
            Hold(entry.Certificate, "the certificate" + of);
            Hold(entry.Certificate?.PublicKey, "the key" + of);
            Hold(entry.Certificate?.Buffer ?? entry.RevocationList?.Buffer ?? entry.Pin, "the bytes" + of);
            Hold(entry.RevocationList, "the list" + of);
        }
    }

    private void Hold(object? thing, string name)
    {
        if (thing != null)
        {
            _held.Add((new WeakReference(thing), name));
        }
    }

    private static DtlsCertificate Copy(IssuedCertificate certificate)
    {
        return new DtlsCertificate((byte[])certificate.Der.Clone());
    }

    private sealed class Accepting : CertificateCheck
    {
        public override DtlsError Check(VerifiedChain chain, bool ofServer, string? expectedName)
        {
            return DtlsError.None;
        }
    }
}
