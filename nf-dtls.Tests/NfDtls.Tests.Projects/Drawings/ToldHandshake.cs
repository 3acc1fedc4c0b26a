using System.Collections.Generic;

namespace NfDtls.Tests.Projects.Drawings;

/// <summary>A handshake as the rule tables of its version tell it: what each end hears, in order, is what the other says.</summary>
internal static class ToldHandshake
{
    private const string Retry = "HelloRetryRequest";

    /// <summary>The turns of a handshake for which the cookie is asked.</summary>
    /// <param name="version">Whose tables.</param>
    /// <param name="flags">What is agreed on in it: <see cref="HandshakeFlags"/>.</param>
    internal static List<Turn> Of(ProtocolVersion version, int flags)
    {
        bool isNew = version.Number < DtlsVersion.Dtls12;
        Voice client = new(version.CreateRules(true), flags, isNew, true);
        Voice server = new(version.CreateRules(false), flags, isNew, false);
        List<Turn> turns = [client.Hello()];
        bool isClients = false;
        while (!client.IsDone || !server.IsDone)
        {
            Turn turn = isClients ? client.Speak() : server.Speak();
            turns.Add(turn);
            string last = turn.Messages[^1].Name;
            if (last is "HelloVerifyRequest" or Retry)
            {
                turns.Add(client.Hello());
                continue;
            }

            client.Heard(turn);
            isClients = !isClients;
        }

        // What is sent last is repeated when the peer's repetition shows that it was lost; since DTLS 1.3 it is acknowledged instead.
        if (isNew)
        {
            turns.Add(new Turn(!turns[^1].IsClients).Add("ACK", 3));
        }

        return turns;
    }

    /// <summary>One end: what it has to say yet, and the epoch that it says it in.</summary>
    private sealed class Voice
    {
        private readonly List<string> _words = [];
        private readonly bool _isNew;
        private readonly bool _isClient;
        private int _next;
        private int _epoch;

        internal Voice(HandshakeRules heard, int flags, bool isNew, bool isClient)
        {
            _isNew = isNew;
            _isClient = isClient;
            bool retries = isNew && (flags & HandshakeFlags.HelloRetried) != 0;
            for (int row = 0; row < heard.Count; row++)
            {
                if (heard.IsAllowed(row, flags))
                {
                    string name = DtlsNames.OfMessage(heard.TypeAt(row));
                    bool isRetry = retries && name == "ServerHello" && !_words.Contains(Retry);
                    _words.Add(isRetry ? Retry : name);
                }
            }

            // A client's first word is its hello, which it says as often as it is asked to.
            _next = isClient ? 1 : 0;
        }

        internal bool IsDone
        {
            get { return _next == _words.Count; }
        }

        internal Turn Hello()
        {
            return new Turn(true).Add(_words[0], 0);
        }

        /// <summary>All up to where the other has its turn.</summary>
        internal Turn Speak()
        {
            Turn turn = new(_isClient);
            string word;
            do
            {
                word = _words[_next++];
                turn.Add(word, _epoch);
                if (word == "ChangeCipherSpec" || (_isNew && word == "Finished"))
                {
                    _epoch++;
                }
                else if (_isNew && word == "ServerHello")
                {
                    _epoch = 2;
                }
            }
            while (word is not ("HelloVerifyRequest" or Retry or "ServerHelloDone" or "Finished"));
            return turn;
        }

        /// <summary>From a ServerHello of DTLS 1.3 on there are keys.</summary>
        internal void Heard(Turn turn)
        {
            if (_isNew && turn.Messages.Exists(message => message.Name == "ServerHello"))
            {
                _epoch = 2;
            }
        }
    }
}
