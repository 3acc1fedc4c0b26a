using System;
using System.Threading;
using NfDtls.Sockets;

namespace NfDtls.Tool;

/// <summary>Sends each line of stdin as a record, on a thread of its own.</summary>
internal sealed class InputPump
{
    // A burst of lines must not overrun the buffers of the sockets in between.
    private const int Burst = 16;

    private readonly Lines _lines;
    private readonly DtlsClient _client;
    private readonly int _moveEvery;
    private readonly Action _move;
    private volatile ToolException? _failure;
    private volatile bool _ended;

    /// <param name="lines">Stdin.</param>
    /// <param name="client">Where they go.</param>
    /// <param name="moveEvery">Lines between two moves; 0 for none.</param>
    /// <param name="move">Goes on from a new port.</param>
    public InputPump(Lines lines, DtlsClient client, int moveEvery, Action move)
    {
        _moveEvery = moveEvery;
        _move = move;
        _lines = lines;
        _client = client;
    }

    /// <summary>Whether stdin has come to its end and everything of it was sent, or sending failed.</summary>
    public bool Ended => _ended;

    /// <summary>Why it ended before its time, or null.</summary>
    public ToolException? Failure => _failure;

    public void Start()
    {
        new Thread(Run) { IsBackground = true, Name = "stdin" }.Start();
    }

    private void Run()
    {
        try
        {
            int count = 0;
            while (_lines.Read() is { } record)
            {
                if (_moveEvery > 0 && count > 0 && count % _moveEvery == 0)
                {
                    _move();
                }

                Send(record);
                count++;
                if (count % Burst == 0)
                {
                    Thread.Sleep(1);
                }
            }
        }
        catch (ToolException e)
        {
            _failure = e;
        }
        catch (Exception e) when (e is DtlsException { Error: DtlsError.SessionClosed or DtlsError.NotConnected } or ObjectDisposedException)
        {
            // The main thread sees for itself how the session ended.
        }
        catch (Exception e)
        {
            _failure = new ToolException(ExitCode.Unclean, $"Sending failed: {e.Message}");
        }

        _ended = true;
    }

    private void Send(byte[] record)
    {
        int most = _client.MaxPayload;
        if (record.Length > most && most > 0)
        {
            throw new ToolException(ExitCode.Unclean, $"A line makes a record of {record.Length} bytes or more; at most {most} go into one.");
        }

        while (true)
        {
            try
            {
                _client.Send(record);
                return;
            }
            catch (DtlsException e) when (e.Error == DtlsError.PoolExhausted)
            {
                Thread.Sleep(5);
            }
        }
    }
}
