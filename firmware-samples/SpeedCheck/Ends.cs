using System;
using NfDtls.Server;

namespace NfDtls.Samples.SpeedCheck
{
    /// <summary>A client and a server in this program, whose times are taken apart: a handshake, then a record of 64 bytes each way.</summary>
    internal sealed class Ends
    {
        private const int Size = 64;
        private const int MostTurns = 10000;
        private static readonly byte[] s_address = { 10, 0, 0, 1, 0x16, 0x33 };

        private readonly string _name;
        private readonly DtlsClientEngine _client;
        private readonly DtlsServerEngine _server;
        private readonly Wire _toServer = new Wire();
        private readonly Wire _toClient = new Wire();
        private readonly Stopwatch _clientTime = new Stopwatch();
        private readonly Stopwatch _serverTime = new Stopwatch();
        private readonly byte[] _data = new byte[Size];
        private readonly byte[] _received = new byte[Size];
        private Association _served;
        private long _now = 1000000;

        internal Ends(string name, DtlsOptions client, DtlsOptions server)
        {
            _name = name;
            _client = new DtlsClientEngine(client);
            _server = new DtlsServerEngine(server);
        }

        /// <summary>A handshake, whose times are reported where they are asked for: the first one makes much that the next has.</summary>
        internal void Connect(bool isReported)
        {
            _client.Reset();
            _server.Reset();
            _served = null;
            _now += 100000;
            _clientTime.Begin();
            _client.Connect(_now);
            _toServer.Fill(_client, _now);
            _clientTime.End();
            for (int turn = 0; _client.Association.State != AssociationState.Connected || _served == null || !_toServer.IsEmpty || !_toClient.IsEmpty; turn++)
            {
                if (turn == MostTurns || _client.Association.State == AssociationState.Closed)
                {
                    throw new InvalidOperationException("The handshake failed: " + _client.TakeFailure() + " " + _server.TakeFailure());
                }

                Turn();
            }

            if (isReported)
            {
                _clientTime.Report("handshake, client, " + _name, 1);
                _serverTime.Report("handshake, server, " + _name, 1);
            }
            else
            {
                _clientTime.Clear();
                _serverTime.Clear();
            }
        }

        /// <summary>So many records each way.</summary>
        internal void Exchange(int records)
        {
            Stopwatch received = new Stopwatch();
            Stopwatch taken = new Stopwatch();
            for (int i = 0; i < records; i++)
            {
                _clientTime.Begin();
                _client.Association.Send(_data, 0, Size, _now);
                _toServer.Fill(_client, _now);
                _clientTime.End();
                byte[] datagram = _toServer.Take();
                received.Begin();
                HandleAtServer(datagram);
                Check(_served.Receive(_received, 0));
                received.End();
                _serverTime.Begin();
                _served.Send(_data, 0, Size, _now);
                _toClient.Fill(_server, _now);
                _serverTime.End();
                datagram = _toClient.Take();
                taken.Begin();
                HandleAtClient(datagram);
                Check(_client.Association.Receive(_received, 0));
                taken.End();
            }

            _clientTime.Report("send, client, " + _name, records);
            received.Report("receive, server, " + _name, records);
            _serverTime.Report("send, server, " + _name, records);
            taken.Report("receive, client, " + _name, records);
        }

        private static void Check(int length)
        {
            if (length != Size)
            {
                throw new InvalidOperationException("The record did not arrive.");
            }
        }

        private void Turn()
        {
            if (!_toServer.IsEmpty)
            {
                byte[] datagram = _toServer.Take();
                _serverTime.Begin();
                HandleAtServer(datagram);
                _serverTime.End();
            }
            else if (!_toClient.IsEmpty)
            {
                byte[] datagram = _toClient.Take();
                _clientTime.Begin();
                HandleAtClient(datagram);
                _clientTime.End();
            }
            else
            {
                GoOn();
            }
        }

        /// <summary>Long work goes on in steps, and what waits for more to acknowledge is sent. No end waits for a time that is not its own.</summary>
        private void GoOn()
        {
            long next = _server.NextDeadline < _client.NextDeadline ? _server.NextDeadline : _client.NextDeadline;
            _now = next > _now ? next : _now;
            if (_server.NextDeadline <= _now)
            {
                _serverTime.Begin();
                _server.HandleTimeout(_now);
                _toClient.Fill(_server, _now);
                TakeEvents();
                _serverTime.End();
            }

            if (_client.NextDeadline <= _now)
            {
                _clientTime.Begin();
                _client.HandleTimeout(_now);
                _toServer.Fill(_client, _now);
                _client.TakeEvents();
                _clientTime.End();
            }
        }

        private void HandleAtServer(byte[] datagram)
        {
            _server.HandleDatagram(datagram, 0, datagram.Length, s_address, s_address.Length, _now);
            _toClient.Fill(_server, _now);
            TakeEvents();
        }

        private void HandleAtClient(byte[] datagram)
        {
            _client.HandleDatagram(datagram, 0, datagram.Length, _now);
            _toServer.Fill(_client, _now);
            _client.TakeEvents();
        }

        private void TakeEvents()
        {
            int events;
            for (Association one = _server.PollEvent(out events); one != null; one = _server.PollEvent(out events))
            {
                _served = (events & AssociationEvents.Connected) != 0 ? one : _served;
            }
        }
    }
}
