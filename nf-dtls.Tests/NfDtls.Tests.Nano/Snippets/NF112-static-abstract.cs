// compile: host
public interface ISnippet
{
    static abstract int Size();
}
