using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace NfDtls.Projects;

/// <summary>nf-dtls.sln: every .nfproj, for Visual Studio.</summary>
public static class Solution
{
    private const string NanoProjectType = "{11A8DD76-328B-46DF-9F39-F559912D0360}";
    private static readonly string[] Configurations = { "Debug|Any CPU", "Release|Any CPU" };

    /// <summary>The solution's text.</summary>
    public static string Text(string root, IReadOnlyList<NanoProject> projects)
    {
        StringBuilder text = new();
        text.Append("\nMicrosoft Visual Studio Solution File, Format Version 12.00\n# Visual Studio Version 17\n");
        text.Append("VisualStudioVersion = 17.0.31903.59\nMinimumVisualStudioVersion = 10.0.40219.1\n");
        foreach (NanoProject project in projects)
        {
            string path = Path.GetRelativePath(root, project.Path).Replace('/', '\\');
            string name = Path.GetFileNameWithoutExtension(project.Path);
            text.Append($"Project(\"{NanoProjectType}\") = \"{name}\", \"{path}\", \"{Id(project)}\"\nEndProject\n");
        }

        text.Append("Global\n\tGlobalSection(SolutionConfigurationPlatforms) = preSolution\n");
        foreach (string configuration in Configurations)
        {
            text.Append($"\t\t{configuration} = {configuration}\n");
        }

        text.Append("\tEndGlobalSection\n\tGlobalSection(ProjectConfigurationPlatforms) = postSolution\n");
        foreach (NanoProject project in projects)
        {
            foreach (string configuration in Configurations)
            {
                foreach (string step in new[] { "ActiveCfg", "Build.0", "Deploy.0" })
                {
                    text.Append($"\t\t{Id(project)}.{configuration}.{step} = {configuration}\n");
                }
            }
        }

        text.Append("\tEndGlobalSection\n\tGlobalSection(SolutionProperties) = preSolution\n\t\tHideSolutionNode = FALSE\n\tEndGlobalSection\nEndGlobal\n");
        return text.ToString();
    }

    private static string Id(NanoProject project)
    {
        return project.Guid.ToString("B").ToUpperInvariant();
    }
}
