// compile: host
using System.Threading.Tasks;

public class Snippet
{
    public async Task Run() => await Task.Delay(1);
}
