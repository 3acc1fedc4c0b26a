public class Snippet
{
    private readonly string[] _names = new string[4];

    public void Add(string name) => _names[0] = name;

    public bool Has(string name) => _names[1] == name;
}
