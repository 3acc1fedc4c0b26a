// compile: unsafe also=NF114
public unsafe struct Snippet
{
    public fixed byte Key[16];

    public int First() => Key[0];
}

namespace System.Runtime.CompilerServices
{
    public sealed class FixedBufferAttribute(Type elementType, int length) : Attribute
    {
        public Type ElementType => elementType;

        public int Length => length;
    }

    public sealed class UnsafeValueTypeAttribute : Attribute;
}
