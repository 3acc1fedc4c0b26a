// Behind the throw the metadata processor believes the stack empty; six arguments are on it.
public static class Snippet
{
    public static int Run(int x) => Sum(1, 2, 3, 4, 5, 6, x < 0 ? throw new System.ArgumentException() : x, 8, 9, 10, 11, 12);

    private static int Sum(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j, int k, int l) => a + b + c + d + e + f + g + h + i + j + k + l;
}
