using Mono.Cecil;
using Mono.Cecil.Cil;
using NfDtls.Nano.Link.Reach;

namespace NfDtls.Nano.Link.Simplify;

/// <summary>
/// The enums that can be the numbers that they are: a device knows no names of their values anyway. Not those that code asks for at
/// run time, and not those that alone tell two constructors of a class apart.
/// </summary>
internal static class Numbers
{
    public static HashSet<TypeDefinition> Find(LoadedProgram program, Reachability reached)
    {
        HashSet<TypeDefinition> numbers = [.. reached.Types.Where(type => type.IsEnum && !reached.IsKept(type))];
        foreach (Instruction instruction in reached.Bodies.SelectMany(method => method.Body.Instructions))
        {
            if (instruction.OpCode.Code is Mono.Cecil.Cil.Code.Isinst or Mono.Cecil.Cil.Code.Castclass or Mono.Cecil.Cil.Code.Ldtoken && instruction.Operand is TypeReference type)
            {
                numbers.Remove(type.GetElementType().Resolve());
            }
        }

        foreach (TypeDefinition type in reached.Types)
        {
            // Members of kept types keep their signatures, which their names may share.
            IEnumerable<IGrouping<string, MethodDefinition>> alike = type.Methods.Where(method => reached.Methods.Contains(method) && (method.IsConstructor || reached.IsKept(type)))
                .GroupBy(method => method.Name + " " + string.Join(',', method.Parameters.Select(parameter => Seen(parameter.ParameterType))));
            foreach (MethodDefinition method in alike.Where(group => group.Count() > 1).SelectMany(group => group))
            {
                foreach (ParameterDefinition parameter in method.Parameters)
                {
                    numbers.Remove(parameter.ParameterType.GetElementType().Resolve());
                }
            }
        }

        return numbers;

        string Seen(TypeReference type)
        {
            TypeDefinition? definition = type.GetElementType().Resolve();
            return definition is not null && program.IsLinked(definition) && numbers.Contains(definition)
                ? type.FullName.Replace(definition.FullName, definition.Fields.First(field => !field.IsStatic).FieldType.FullName)
                : type.FullName;
        }
    }
}
