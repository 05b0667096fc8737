#include "server/registry/page/front.h"

#include <algorithm>

#include "server/registry/page/format.h"
#include "sigstore/base/limits.h"
#include "sigstore/codec/json.h"
#include "sigstore/codec/rfc3339.h"

namespace server::registry::page {

namespace json = sigstore::codec::json;
namespace limits = sigstore::limits;
using html::attribute;
using html::el;
using html::Html;
using html::of;
using sigstore::Result;

namespace {

constexpr std::size_t names_at_once = 1000;
constexpr std::size_t tags_counted = 1000;

Result<Front::Line> read_line(const Shelves& shelves, const std::string& repository) {
  TRY(const auto tags, told(shelves, shelves.catalogue.tags(repository, {.limit = tags_counted + 1})));
  const auto own = std::ranges::count_if(tags, [](const auto& tag) { return !is_attachment_tag(tag); });
  TRY(const auto pushed, told(shelves, shelves.catalogue.pushed(repository)));
  return Front::Line{repository, static_cast<std::size_t>(own), tags.size() > tags_counted, pushed};
}

html::Path path_of(const Front& front, const std::string& after) {
  html::Path path("/");
  if (!front.search.empty()) path.query("q", front.search);
  if (!after.empty()) path.query("after", after);
  return path;
}

std::string time_of(std::int64_t seconds) {
  return sigstore::codec::rfc3339::seconds(sigstore::Time(std::chrono::seconds(seconds)));
}

// "team/" apart from "app": the last part is what people look for.
Html name_of(const std::string& repository) {
  const std::size_t last = repository.rfind('/') + 1;
  Html name;
  if (last != 0) name.add(of("span", "soft", repository.substr(0, last)));
  return name.add(repository.substr(last));
}

Html row(const Front::Line& line) {
  const std::string tags =
      line.more_tags ? "more than " + count_text(tags_counted, "tag") : count_text(line.tags, "tag");
  return el(
      "li", el("a", href(repository_path(line.repository)), name_of(line.repository)),
      of("span", "meta", line.pushed ? "pushed " + time_text(time_of(*line.pushed)) + " · " : "", tags));
}

Html nothing(const Front& front, const Place& place) {
  if (!front.search.empty()) return empty_note("No repository here has “" + front.search + "” in its name.");
  if (!front.after.empty()) return empty_note("There are no more.");
  return empty_note("Nothing has been pushed yet.")
      .add(command_line("docker push " + place.host + "/NAME:TAG"));
}

}  // namespace

Result<Front> read_front(const Shelves& shelves, const std::string& search, const std::string& after) {
  Front front{search, after, {}, {}};
  Page page{.last = after, .limit = names_at_once};
  for (std::size_t seen = 0; seen < limits::page_scanned; seen += names_at_once) {
    TRY(const auto names, told(shelves, shelves.catalogue.repositories(page)));
    for (const std::string& name : names) {
      if (name.find(search) == std::string::npos) continue;
      if (front.lines.size() == limits::page_lines) {
        front.next = front.lines.back().repository;
        return front;
      }
      TRY(auto line, read_line(shelves, name));
      front.lines.push_back(std::move(line));
    }
    if (names.size() < names_at_once) return front;
    page.last = names.back();
  }
  front.next = page.last;  // the search has gone on for long enough
  return front;
}

Html as_html(const Front& front, const Place& place) {
  Html main = el("h1", "Repositories");
  main.add(search_form(html::Path("/"), "Name contains", front.search));
  Html rows;
  for (const Front::Line& line : front.lines) rows.add(row(line));
  main.add(front.lines.empty() ? nothing(front, place) : of("ul", "rows card", rows));
  Html more;
  if (!front.after.empty()) more.add(el("a", href(path_of(front, "")), "From the beginning"));
  if (!front.next.empty())
    more.add(el("a", attribute("rel", "next"), href(path_of(front, front.next)), "More →"));
  if (!more.empty()) main.add(of("p", "more", more));
  return page_of(place, "Repositories", {}, main, path_of(front, front.after).query("output", "json"));
}

std::string as_json(const Front& front) {
  json::Array repositories;
  for (const Front::Line& line : front.lines) {
    json::Object one{{"name", line.repository}, {"tags", static_cast<std::uint64_t>(line.tags)}};
    if (line.more_tags) one.set("moreTags", true);
    if (line.pushed) one.set("pushed", time_of(*line.pushed));
    repositories.emplace_back(std::move(one));
  }
  json::Object document{{"version", 1}, {"repositories", std::move(repositories)}};
  if (!front.next.empty()) document.set("next", front.next);
  return json::write_indented(document, 2);
}

}  // namespace server::registry::page
