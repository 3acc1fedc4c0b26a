using System;
using Shop;

namespace Visitor
{
    public static class Program
    {
        private static int Doubled(int value) { return 2 * value; }

        public static int Main()
        {
            int after = 0;
            Book book = new Book(12);
            Thing[] things = new Thing[] { book, new Lamp() };
            Till till = new Till();
            foreach (Thing thing in things)
            {
                thing.Raise(1);
                ((IPriced)thing).Raise(10);
                till.Take(thing);
                Console.WriteLine(thing.Describe(true) + " " + thing.Price + " " + thing.Kind() + " " + thing.Tell() + " " + thing.Title());
            }

            till.Changed += Doubled;
            book.Price = 3;
            till.Take(book);
            Console.WriteLine(((INamed)book).Title() + " " + book.Whisper() + " " + book + " " + book.Sum(Mood.Cross));
            Console.WriteLine(till.Sum + " " + till.Weigh() + " " + (till.Guard == null) + " " + Thing.Made);
            for (int i = 0; i < 6; i++) { Console.WriteLine(Rules.Guarded(i, ref after)); }
            Console.WriteLine(new Label(Mood.Cross).Text + " " + new Label(Size.Big).Text + " " + till.Ask(book, true) + till.Ask(null, false));
            try { till.WeighBlindly(); }
            catch (NullReferenceException) { Console.WriteLine("nothing to weigh"); }
            try { Rules.Switch(Mood.Cross, 3); }
            catch (Exception e) { Console.WriteLine(e.GetType().FullName + ": " + e.Message); }
            return after + Rules.Switch(Mood.Cross, 0);
        }
    }
}
