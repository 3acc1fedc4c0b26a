using System.Reflection.Metadata;
using NfDtls.Nano.Check.Il;
using NfDtls.Nano.Check.Model;
using NfDtls.Nano.Check.Report;

namespace NfDtls.Nano.Check.Rules;

/// <summary>
/// NF221: static constructors all run before Main, in the order of the metadata, and not when a class is first used:
/// one that needs another's fields may find them empty.
/// </summary>
internal sealed class StaticInitialiserRule : Rule
{
    private readonly Dictionary<MemberName, List<CheckedMethod>> _methods = [];
    private readonly HashSet<MemberName> _initialisedFields = [];

    public StaticInitialiserRule(IReadOnlyList<CheckedAssembly> assemblies)
    {
        foreach (CheckedMethod? method in assemblies.SelectMany(a => a.Methods))
        {
            var name = new MemberName(method.Type.Name, method.Name);
            if (!_methods.TryAdd(name, [method]))
            {
                _methods[name].Add(method);
            }

            if (!method.IsStaticConstructor || IsLambdaHolder(method.Type.Name))
            {
                continue;
            }

            _initialisedFields.UnionWith(FieldsOf(method, "stsfld").Where(f => f.Type == method.Type.Name));
        }
    }

    public override void Check(CheckedMethod method, Findings findings)
    {
        if (!method.IsStaticConstructor)
        {
            return;
        }

        var visited = new HashSet<CheckedMethod> { method };
        var queue = new Queue<(CheckedMethod Method, string Way)>([(method, "")]);
        while (queue.TryDequeue(out (CheckedMethod Method, string Way) next))
        {
            foreach (MemberName field in FieldsOf(next.Method, "ldsfld", "ldsflda"))
            {
                if (field.Type == method.Type.Name || !_initialisedFields.Contains(field))
                {
                    continue;
                }

                findings.Error("NF221", Place.Of(method), $"a static initialiser reads {field}{next.Way}, which may not be set yet: "
                    + "all static constructors run before Main, in metadata order; make it const, assign both in one class, or compute on first use");
            }
            foreach (CheckedMethod? callee in CalleesOf(next.Method).Where(visited.Add))
            {
                queue.Enqueue((callee, $" (by way of {callee.FullName})"));
            }
        }
    }

    /// <summary>The compiler's class for lambdas that capture nothing: they do not use the instance that its static field holds.</summary>
    private static bool IsLambdaHolder(string type) => type.EndsWith("+<>c", StringComparison.Ordinal);

    private static IEnumerable<MemberName> FieldsOf(CheckedMethod method, params string[] opCodes)
        => method.Instructions.Where(i => opCodes.Contains(i.Name)).Select(i => MemberName.Of(method.Type.Assembly.Reader, i.Token));

    private IEnumerable<CheckedMethod> CalleesOf(CheckedMethod method)
        => method.Instructions.Where(i => i.IsCall).SelectMany(i => _methods.GetValueOrDefault(MemberName.Of(method.Type.Assembly.Reader, i.Token)) ?? []);
}
