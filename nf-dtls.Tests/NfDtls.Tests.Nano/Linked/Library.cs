// The library of the program beside it, which the tests link: a bit of everything that our assemblies do.
using System;

namespace Shop
{
    public enum Mood { Calm, Cross = 7 }

    public enum Size { Small, Big }

    /// <summary>Two constructors that enums alone tell apart.</summary>
    public class Label
    {
        public readonly string Text;
        public Label(Mood mood) { Text = "mood " + (int)mood; }
        public Label(Size size) { Text = "size " + (int)size; }
    }

    public class ShopException : Exception
    {
        public ShopException(Mood mood, string text) : base(text) { Mood = mood; }
        public Mood Mood { get; private set; }
    }

    public interface IPriced { int Price { get; } void Raise(int by); }

    public interface INamed { string Title(); }

    public abstract class Thing : IPriced
    {
        private static int _made;
        private int _price;
        protected Thing(int price) { _price = price; _made++; }
        public static int Made { get { return _made; } }
        public int Price { get { return _price; } set { _price = value; } }
        public virtual void Raise(int by) { _price += by; }
        public abstract string Describe(bool loud);
        public virtual string Kind() { return "thing"; }
        public string Title() { return Kind() + "!"; }
        private string Secret() { return "of Thing"; }
        public string Tell() { return Secret(); }
    }

    public class Book : Thing, INamed
    {
        internal static readonly byte[] Table = new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17 };
        public Book(int price) : base(price) { }
        public override string Describe(bool loud) { return loud ? "BOOK" : "book"; }
        public override string Kind() { return "a " + base.Kind() + " to read"; }
        private string Secret() { return "of Book"; }
        public string Whisper() { return Secret(); }
        public int Sum(Mood mood) { int sum = (int)mood; foreach (byte b in Table) { sum += b; } return sum; }
        public override string ToString() { return "Book.ToString"; }
    }

    public sealed class Lamp : Thing
    {
        public Lamp() : base(40) { }
        public override void Raise(int by) { base.Raise(2 * by); }
        public override string Describe(bool loud) { return "lamp"; }
    }

    /// <summary>Never made by the program.</summary>
    public sealed class Elephant : Thing
    {
        public Elephant() : base(9000) { }
        public override string Describe(bool loud) { return "a text that only an elephant has"; }
        public int Weight() { return 4000; }
    }

    public delegate int Change(int value);

    public class Till
    {
        private Elephant _elephant = null;
        private int _sum;
        public Change Changed;
        public Elephant Guard { get { return _elephant; } }
        public int Sum { get { return _sum; } }
        public void Take(IPriced priced) { _sum += priced.Price; if (Changed != null) { _sum = Changed(_sum); } }
        public int Weigh() { return _elephant == null ? -1 : _elephant.Weight(); }
        public string Ask(object asked, bool wide)
        {
            Elephant elephant = asked as Elephant;
            return string.Concat("asked ", wide ? (elephant == null ? "no elephant" : elephant.Describe(false)) : "narrowly", "!");
        }

        public int WeighBlindly() { return _elephant.Weight(); }
        public int Spare() { return 17; }
    }

    public static class Rules
    {
        public static int Switch(Mood mood, int number)
        {
            switch (number)
            {
                case 0: return mood == Mood.Cross ? 100 : 1;
                case 1: return 10;
                case 2: return 20;
                case 3: throw new ShopException(Mood.Cross, "three is not to be had");
                case 4: return 40;
                default: return -1;
            }
        }

        public static int Guarded(int number, ref int after)
        {
            try { return Switch(Mood.Calm, number); }
            catch (ShopException e) when (e.Mood == Mood.Cross) { return (int)e.Mood; }
            finally { after++; }
        }

        public static int Unused(int number) { return number * 3; }
    }
}
