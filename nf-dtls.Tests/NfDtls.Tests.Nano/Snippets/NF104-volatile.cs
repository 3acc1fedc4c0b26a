// compile: host
public class Snippet
{
    private volatile bool _isClosed;

    public bool IsClosed => _isClosed;
}
