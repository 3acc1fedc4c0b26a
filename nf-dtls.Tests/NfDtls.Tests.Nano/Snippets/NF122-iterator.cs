// compile: host
using System.Collections;

public class Snippet
{
    public IEnumerator GetEnumerator()
    {
        yield return 1;
    }
}
