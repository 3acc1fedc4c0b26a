// What a device of version 2 runs, and one of version 1 does not.
using System;
using System.Collections;
using System.Collections.Generic;

public class Ring<T> where T : class
{
    private readonly T[] _items = new T[4];
    private int _count;

    public void Put(T item)
    {
        _items[_count++ & 3] = item;
    }

    public IEnumerator GetEnumerator()
    {
        for (int i = 0; i < 4; i++)
        {
            yield return _items[i];
        }
    }
}

public static class Program
{
    public static T Larger<T>(T left, T right) where T : IComparable<T>
    {
        return left.CompareTo(right) >= 0 ? left : right;
    }

    public static int Run(int? start)
    {
        Ring<string> ring = new Ring<string>();
        ring.Put("one");
        List<int> numbers = new List<int>();
        numbers.Add(start.HasValue ? start.Value : 0);
        List<string> texts = numbers.ConvertAll(number => "text");
        texts.Add("another");
        Span<byte> block = stackalloc byte[16];
        block.Clear();
        return block.Length + Array.Empty<int>().Length;
    }
}
