// compile: host
class Snippet
{
    public static object Make() => new object();
}
