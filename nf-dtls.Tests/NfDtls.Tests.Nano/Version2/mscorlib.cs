// As much of a class library of version 2 as the tests of nf-check need: what the compiler asks for, and types and methods with
// type parameters, of which some are constrained. WITHOUT leaves a member out, as an older firmware may.
[assembly: System.Reflection.AssemblyVersion("2.0.0.0")]

namespace System
{
    public class Object { public virtual string ToString() { return null; } public virtual bool Equals(object other) { return false; } public virtual int GetHashCode() { return 0; } }
    public abstract class ValueType { }
    public abstract class Enum : ValueType { }
    public struct Void { }
    public struct Boolean { }
    public struct Char { }
    public struct SByte { }
    public struct Byte { }
    public struct Int16 { }
    public struct UInt16 { }
    public struct Int32 { }
    public struct UInt32 { }
    public struct Int64 { }
    public struct UInt64 { }
    public struct Single { }
    public struct Double { }
    public struct IntPtr { }
    public struct UIntPtr { }
    public struct RuntimeTypeHandle { }
    public struct RuntimeFieldHandle { }
    public sealed class String { public int Length { get { return 0; } } }
    public class Type { }
    public class Exception { public Exception() { } }
    public class NotSupportedException : Exception { }
    public class InvalidOperationException : Exception { }
    public abstract class Array
    {
        public int Length { get { return 0; } }
        public static T[] Empty<T>() { return null; }
    }
    public abstract class Delegate { }
    public abstract class MulticastDelegate : Delegate { }
    public abstract class Attribute { }
    public sealed class ParamArrayAttribute : Attribute { }
    public sealed class ObsoleteAttribute : Attribute { public ObsoleteAttribute(string message, bool error) { } }
    public sealed class AttributeUsageAttribute : Attribute { public AttributeUsageAttribute(AttributeTargets targets) { } public bool AllowMultiple { get; set; } public bool Inherited { get; set; } }
    public enum AttributeTargets { All = 0x7FFF }
    public interface IDisposable { void Dispose(); }
    public interface IComparable<in T> { int CompareTo(T other); }
    public delegate TResult Func<in T, out TResult>(T value);
    public struct Nullable<T> where T : struct
    {
        private bool _hasValue;
        private T _value;
        public Nullable(T value) { _hasValue = true; _value = value; }
        public bool HasValue { get { return _hasValue; } }
        public T Value { get { return _value; } }
        public T GetValueOrDefault() { return _value; }
    }
    public ref struct Span<T>
    {
        private readonly int _length;
        public unsafe Span(void* pointer, int length) { _length = length; }
        public int Length { get { return _length; } }
#if !WITHOUT
        public void Clear() { }
#endif
    }
}

namespace System.Reflection
{
    public sealed class AssemblyVersionAttribute : Attribute { public AssemblyVersionAttribute(string version) { } }
    public sealed class DefaultMemberAttribute : Attribute { public DefaultMemberAttribute(string name) { } }
}

namespace System.Threading
{
    public sealed class Thread { public static Thread CurrentThread { get { return null; } } public int ManagedThreadId { get { return 0; } } }
}

namespace System.Collections
{
    public interface IEnumerator { object Current { get; } bool MoveNext(); void Reset(); }
    public interface IEnumerable { IEnumerator GetEnumerator(); }
}

namespace System.Collections.Generic
{
    public interface IEnumerator<out T> : IEnumerator, IDisposable { new T Current { get; } }
    public interface IEnumerable<out T> : IEnumerable { new IEnumerator<T> GetEnumerator(); }
    public class List<T>
    {
        public void Add(T item) { }
        public List<TOther> ConvertAll<TOther>(Func<T, TOther> convert) { return null; }
    }
}

namespace System.Runtime.CompilerServices
{
    public sealed class CompilerGeneratedAttribute : Attribute { }
    public sealed class IsByRefLikeAttribute : Attribute { }
    public sealed class CompilerFeatureRequiredAttribute : Attribute { public CompilerFeatureRequiredAttribute(string name) { } }
    public static class RuntimeHelpers { public static void InitializeArray(Array array, RuntimeFieldHandle handle) { } }
}
