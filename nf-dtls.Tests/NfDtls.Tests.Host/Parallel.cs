using Microsoft.VisualStudio.TestTools.UnitTesting;

// Most of the time goes into waiting: for processes to start, for timers.
[assembly: Parallelize(Workers = 2, Scope = ExecutionScope.ClassLevel)]
