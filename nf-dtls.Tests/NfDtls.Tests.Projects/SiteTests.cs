using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using YamlDotNet.RepresentationModel;

namespace NfDtls.Tests.Projects;

/// <summary>What `./build.sh docs` makes a site of, as far as it can be told without making it: every page has its place, every link leads to a heading.</summary>
[TestClass]
public sealed class SiteTests
{
    private const string Contents = "docs/toc.yml";

    [TestMethod]
    public void Every_page_of_docs_is_in_the_contents_once()
    {
        string[] pages = Pages.All.Where(page => page.StartsWith("docs/", StringComparison.Ordinal) && !page.StartsWith("docs/site/", StringComparison.Ordinal)).ToArray();
        string[] listed = References(Contents).Select(link => Path.GetRelativePath(Place.Root, Path.GetFullPath(Place.In("docs/" + link)))).ToArray();
        CollectionAssert.AreEquivalent(pages, listed.Where(page => page.StartsWith("docs/", StringComparison.Ordinal)).ToArray());
        foreach (string page in listed)
        {
            Assert.IsTrue(File.Exists(Place.In(page)), Contents + " names " + page);
        }
    }

    [TestMethod]
    public void Every_link_to_a_heading_leads_to_one()
    {
        List<string> broken = [];
        int links = 0;
        foreach (string page in Pages.All)
        {
            foreach ((string target, string anchor) in Pages.Anchors(page))
            {
                links++;
                if (!target.EndsWith(".md", StringComparison.Ordinal) || !Pages.Headings(target).Contains(anchor))
                {
                    broken.Add(page + " links to " + target + "#" + anchor);
                }
            }
        }

        Assert.IsGreaterThan(20, links);
        Assert.IsEmpty(broken, string.Join('\n', broken));
    }

    [TestMethod]
    public void The_site_takes_a_broken_link_for_an_error_and_has_pages_and_reference()
    {
        string script = Pages.Read("docs/site/docs.sh");
        Assert.HasCount(3, script.Split("--warningsAsErrors"), "docfx is called twice, and each time a warning is an error.");
        using JsonDocument site = JsonDocument.Parse(Pages.Read("docs/site/docfx.json"));
        string content = site.RootElement.GetProperty("build").GetProperty("content").GetRawText();
        foreach (string part in new[] { "**/*.md", "docs/toc.yml", "api/*.yml" })
        {
            Assert.Contains(part, content);
        }

        Assert.Contains("NfDtls*.dll", site.RootElement.GetProperty("metadata").GetRawText());
    }

    /// <summary>What every href of a table of contents names.</summary>
    private static List<string> References(string path)
    {
        YamlStream stream = new();
        using StreamReader reader = File.OpenText(Place.In(path));
        stream.Load(reader);
        List<string> found = [];
        Collect(stream.Documents.Single().RootNode, found);
        return found;
    }

    private static void Collect(YamlNode node, List<string> found)
    {
        if (node is YamlSequenceNode list)
        {
            foreach (YamlNode item in list)
            {
                Collect(item, found);
            }
        }
        else if (node is YamlMappingNode entry)
        {
            if (entry.Children.TryGetValue("href", out YamlNode? link))
            {
                found.Add(((YamlScalarNode)link).Value!);
            }

            if (entry.Children.TryGetValue("items", out YamlNode? items))
            {
                Collect(items, found);
            }
        }
    }
}
