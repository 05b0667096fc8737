#include "server/registry/page/repository.h"

#include "server/registry/page/format.h"
#include "sigstore/codec/json.h"

namespace server::registry::page {

namespace json = sigstore::codec::json;
namespace limits = sigstore::limits;
namespace oci = sigstore::oci;
using html::attribute;
using html::el;
using html::Html;
using html::of;
using sigstore::Result;

namespace {

constexpr std::size_t names_at_once = 1000;
constexpr std::size_t platforms_shown = 3;

// The next lines without what they are about; a page is read in one go, so that its names are of one moment.
Result<void> read_names(const Shelves& shelves, TagList& list) {
  Page page{.last = list.after, .limit = names_at_once};
  for (std::size_t seen = 0; seen < limits::page_scanned; seen += names_at_once) {
    TRY(const auto tags, told(shelves, shelves.catalogue.tags(list.repository, page)));
    for (const std::string& tag : tags) {
      const bool beside = is_attachment_tag(tag);
      list.hidden = list.hidden || (beside && !list.all);
      if ((beside && !list.all) || tag.find(list.search) == std::string::npos) continue;
      if (list.lines.size() == limits::page_lines) {
        list.next = list.lines.back().tag;
        return {};
      }
      list.lines.push_back({tag, {}, {}, {}});
    }
    if (tags.size() < names_at_once) return {};
    page.last = tags.back();
  }
  list.next = page.last;
  return {};
}

void read_line(Surveys& surveys, LocalRegistry& registry, const oci::Repository& repository,
               TagList::Line& line) {
  line.facts = read_facts(registry, repository, line.tag);
  if (!line.facts) return;
  line.descriptor = line.facts->descriptor;
  if (is_attachment_tag(line.tag) || registry.spent()) return;
  const auto survey = surveys.of(registry, repository, line.descriptor.digest);
  line.summary = summary_of(*survey, !surveys.keys().keys.empty());
}

html::Path path_of(const TagList& list, const std::string& after, bool all) {
  html::Path path = repository_path(list.repository);
  if (!list.search.empty()) path.query("q", list.search);
  if (all) path.query("all", "true");
  if (!after.empty()) path.query("after", after);
  return path;
}

Html content_of(const TagList::Line& line) {
  if (!line.facts) return badge(Tone::bad, "cannot be read: " + line.facts.error().message);
  Html content;
  content.add(kind_text(*line.facts));
  const std::string platforms = platforms_text(line.facts->platforms);
  if (!platforms.empty()) content.add(" ").add(of("span", "meta", platforms));
  return content;
}

Html row(const TagList& list, const TagList::Line& line) {
  const bool known = line.facts.has_value();
  const bool sized = known && line.facts->kind != Facts::Kind::index;
  Html signed_by;
  if (line.summary) signed_by = as_badge(*line.summary);
  return el("tr",
            el("th", attribute("scope", "row"), el("a", href(tag_path(list.repository, line.tag)), line.tag)),
            el("td", known ? el("a", href(image_path(list.repository, line.descriptor.digest)),
                                digest_code(line.descriptor.digest))
                           : Html()),
            el("td", attribute("title", known ? line.descriptor.media_type : ""), content_of(line)),
            of("td", "number", sized ? size_text(line.facts->bytes) : ""), el("td", signed_by));
}

Html table(const TagList& list) {
  Html head, rows;
  for (const char* name : {"Tag", "Digest", "Content"}) head.add(el("th", attribute("scope", "col"), name));
  head.add(of("th", "number", attribute("scope", "col"), "Size"));
  head.add(el("th", attribute("scope", "col"), "Signed"));
  for (const TagList::Line& line : list.lines) rows.add(row(list, line));
  return of("div", "card", el("table", el("thead", el("tr", head)), el("tbody", rows)));
}

Html links(const TagList& list) {
  Html more;
  if (!list.after.empty()) more.add(el("a", href(path_of(list, "", list.all)), "From the beginning"));
  if (!list.next.empty())
    more.add(el("a", attribute("rel", "next"), href(path_of(list, list.next, list.all)), "More →"));
  if (list.all)
    more.add(el("a", href(path_of(list, list.after, false)), "Hide tags of signatures"));
  else if (list.hidden)
    more.add(el("a", href(path_of(list, list.after, true)), "Show tags of signatures too"));
  return more.empty() ? more : of("p", "more", more);
}

json::Value render(const TagList::Line& line) {
  json::Object one{{"tag", line.tag}};
  if (!line.facts) return one;
  one.set("digest", line.descriptor.digest.text());
  one.set("mediaType", line.descriptor.media_type);
  if (!line.facts->artifact_type.empty()) one.set("artifactType", line.facts->artifact_type);
  if (line.facts->kind != Facts::Kind::index) one.set("size", line.facts->bytes);
  if (!line.facts->platforms.empty())
    one.set("platforms", json::Array(line.facts->platforms.begin(), line.facts->platforms.end()));
  if (!line.summary) return one;
  one.set("signatures", static_cast<std::uint64_t>(line.summary->signatures));
  if (line.summary->checked)
    one.set("verifiedWith", json::Array(line.summary->verified_by.begin(), line.summary->verified_by.end()));
  return one;
}

}  // namespace

std::string kind_text(const Facts& facts) {
  switch (facts.kind) {
    case Facts::Kind::image:
      return "Image";
    case Facts::Kind::index:
      return facts.artifact_type.empty() ? "Image index"
                                         : "Index of " + html::shortened(facts.artifact_type, 80);
    case Facts::Kind::artifact:
      break;
  }
  const auto known = known_type(facts.artifact_type);
  if (!known.empty()) return std::string(known);
  return facts.artifact_type.empty() ? "Artifact" : html::shortened(facts.artifact_type, 80);
}

std::string platforms_text(const std::vector<std::string>& platforms) {
  std::string text;
  for (std::size_t i = 0; i < std::min(platforms.size(), platforms_shown); ++i)
    text += (i == 0 ? "" : ", ") + html::shortened(platforms[i], 40);
  if (platforms.size() > platforms_shown)
    text += " and " + std::to_string(platforms.size() - platforms_shown) + " more";
  return text;
}

Result<TagList> read_tags(Surveys& surveys, const Place& place, TagList list) {
  const Shelves& shelves = surveys.shelves();
  TRY(const bool known, told(shelves, shelves.catalogue.has_repository(list.repository)));
  if (!known) return sigstore::fail(sigstore::Code::not_found, "there is no repository " + list.repository);
  TRY_OK(read_names(shelves, list));
  LocalRegistry registry(shelves);
  for (TagList::Line& line : list.lines) read_line(surveys, registry, {place.host, list.repository}, line);
  return list;
}

Html as_html(const TagList& list, const Place& place) {
  Html main = el("h1", list.repository);
  main.add(search_form(repository_path(list.repository), "Tag contains", list.search));
  if (!list.lines.empty())
    main.add(table(list));
  else
    main.add(empty_note(list.search.empty() ? "There are no tags here."
                                            : "No tag here has “" + list.search + "” in its name."));
  main.add(links(list));
  return page_of(place, list.repository, {{list.repository, repository_path(list.repository)}}, main,
                 path_of(list, list.after, list.all).query("output", "json"));
}

std::string as_json(const TagList& list) {
  json::Array tags;
  for (const TagList::Line& line : list.lines) tags.push_back(render(line));
  json::Object document{{"version", 1}, {"repository", list.repository}, {"tags", std::move(tags)}};
  if (!list.next.empty()) document.set("next", list.next);
  return json::write_indented(document, 2);
}

}  // namespace server::registry::page
