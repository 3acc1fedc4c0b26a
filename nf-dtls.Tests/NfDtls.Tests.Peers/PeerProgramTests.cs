using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Peers;

/// <summary>The tests' own way to run a program.</summary>
[TestClass]
public sealed class PeerProgramTests
{
    // As gnutls-cli does: each byte is written by itself, and what comes back is taken as far as it is there.
    private const string ByteByByte = "read -r line; for letter in a b c; do printf $letter; sleep 0.2; done; dd bs=100 count=1 2> /dev/null | wc -c >&2";

    [TestMethod]
    public void What_a_program_writes_byte_by_byte_goes_back_to_it_in_the_pieces_that_are_wanted()
    {
        using PeerProgram program = PeerProgram.Start(true, "bash", "-c", ByteByByte);
        program.EchoInPiecesOf(3);
        program.Write("go\n");
        StringAssert.Contains(program.WaitForExit(), "wrote: 3");
    }
}
