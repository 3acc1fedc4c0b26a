// compile: host
public class Snippet
{
    public int Size(dynamic value) => value.Length;
}
