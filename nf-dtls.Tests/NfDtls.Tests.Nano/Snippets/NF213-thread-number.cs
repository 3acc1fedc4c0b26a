using System.Threading;

public class Snippet
{
    private int _worker;

    public void Work() => _worker = Thread.CurrentThread.ManagedThreadId;
    public bool IsWorker() => _worker == Thread.CurrentThread.ManagedThreadId;
}
