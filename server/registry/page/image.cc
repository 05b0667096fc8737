#include "server/registry/page/image.h"

#include <algorithm>

#include "server/registry/page/format.h"
#include "server/registry/page/repository.h"
#include "sigstore/net/url.h"

namespace server::registry::page {

namespace limits = sigstore::limits;
namespace oci = sigstore::oci;
using html::attribute;
using html::el;
using html::Html;
using html::of;
using sigstore::Result;

namespace {

constexpr std::size_t long_value = 500;

void fact(Html& list, std::string_view name, const Html& value) {
  list.add(el("dt", name)).add(el("dd", value));
}
void fact(Html& list, std::string_view name, std::string_view value) {
  if (!value.empty()) fact(list, name, Html().add(value));
}

std::string all_of(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all;
}

Html facts_of(const ImageView& view) {
  const Facts& facts = view.facts;
  const std::string& repository = view.reference.repository.path;
  Html list;
  fact(list, "Content", kind_text(facts));
  fact(list, "Digest", of("code", "whole", facts.descriptor.digest.text()));
  fact(list, "Media type", el("code", facts.descriptor.media_type));
  if (!facts.artifact_type.empty())
    fact(list, "Artifact type", el("code", html::shortened(facts.artifact_type, long_value)));
  fact(list, facts.platforms.size() == 1 ? "Platform" : "Platforms", all_of(facts.platforms));
  if (facts.kind != Facts::Kind::index) fact(list, "Size", size_text(facts.bytes));
  fact(list, "Created", time_text(facts.created));
  if (facts.subject)
    fact(list, "Hangs on",
         el("a", href(image_path(repository, *facts.subject)), digest_code(*facts.subject)));
  return of("div", "card", of("dl", "facts", list));
}

// Whether any signature needs, or may need, the log to be left out of the question.
bool any_logged(const ImageView& view) {
  for (const auto& [location, signers] : view.survey->answer.signers)
    if (std::ranges::any_of(signers, &Signer::logged)) return true;
  return false;
}

std::string key_for(const ImageView& view) {
  const Summary summary = summary_of(*view.survey, true);
  return summary.verified_by.empty() ? "cosign.pub" : *summary.verified_by.begin();
}

Html commands(const ImageView& view, const Place& place) {
  const std::string image = oci::digest_reference(view.reference.repository, view.facts.descriptor.digest);
  const std::string http = place.plain_http ? " --allow-http-registry" : "";
  const std::string log = any_logged(view) ? "" : " --insecure-ignore-tlog=true";
  Html lines;
  if (view.facts.kind != Facts::Kind::artifact)
    lines.add(command_line("docker pull " + view.reference.typed));
  if (summary_of(*view.survey, true).signatures != 0)
    lines.add(command_line("cosign verify --key " + key_for(view) + log + http + " " + image));
  return lines.add(command_line("cosign tree" + http + " " + image));
}

Html child_row(const ImageView& view, const ImageView::Child& child) {
  const std::string platform = child.descriptor.platform ? child.descriptor.platform->text() : "";
  Html what = child.facts ? Html().add(kind_text(*child.facts)) : badge(Tone::plain, "not here");
  return el("tr",
            el("th", attribute("scope", "row"),
               el("a", href(image_path(view.reference.repository.path, child.descriptor.digest)),
                  platform.empty() ? "no platform" : html::shortened(platform, 80))),
            el("td", digest_code(child.descriptor.digest)), el("td", what),
            of("td", "number",
               child.facts && child.facts->kind != Facts::Kind::index ? size_text(child.facts->bytes) : ""),
            el("td", child.summary ? as_badge(*child.summary) : Html()));
}

Html table_of(std::initializer_list<const char*> columns, const Html& rows) {
  Html head;
  for (const std::string_view name : columns)
    head.add(of("th", name == "Size" ? "number" : "plain", attribute("scope", "col"), name));
  return of("div", "card", el("table", el("thead", el("tr", head)), el("tbody", rows)));
}

Html children_of(const ImageView& view) {
  if (view.facts.kind != Facts::Kind::index) return {};
  Html section = el("h2", "Images in this index");
  if (view.children.empty()) return section.add(empty_note("There are none."));
  Html rows;
  for (const auto& child : view.children) rows.add(child_row(view, child));
  section.add(table_of({"Platform", "Digest", "Content", "Size", "Signed"}, rows));
  if (view.facts.parts.size() > view.children.size())
    section.add(of("p", "meta",
                   "The first " + std::to_string(view.children.size()) + " of " +
                       count_text(view.facts.parts.size(), "image") + "."));
  return section;
}

Html layers_of(const ImageView& view) {
  if (view.facts.kind == Facts::Kind::index || view.facts.parts.empty()) return {};
  Html rows;
  const std::size_t shown = std::min(view.facts.parts.size(), limits::page_lines);
  for (std::size_t i = 0; i < shown; ++i) {
    const oci::Descriptor& layer = view.facts.parts[i];
    rows.add(el("tr", el("td", digest_code(layer.digest)),
                el("td", el("code", html::shortened(layer.media_type, 120))),
                of("td", "number", size_text(layer.size))));
  }
  Html section = el("h2", "Layers").add(table_of({"Digest", "Media type", "Size"}, rows));
  if (shown < view.facts.parts.size())
    section.add(of(
        "p", "meta",
        "The first " + std::to_string(shown) + " of " + count_text(view.facts.parts.size(), "layer") + "."));
  return section;
}

Html annotations_of(const ImageView& view) {
  if (view.facts.annotations.empty()) return {};
  Html list;
  std::size_t shown = 0;
  for (const auto& [key, value] : view.facts.annotations)
    if (shown++ < limits::page_lines)
      fact(list, html::shortened(key, 200), html::shortened(value, long_value));
  return el("h2", "Annotations").add(of("div", "card", of("dl", "facts", list)));
}

}  // namespace

Result<ImageView> read_image(Surveys& surveys, const oci::Reference& reference) {
  LocalRegistry registry(surveys.shelves());
  ImageView view;
  view.reference = reference;
  view.keys = surveys.keys();
  const oci::Repository& repository = reference.repository;
  TRY(view.facts, read_facts(registry, repository, reference.tag_or_digest()));
  view.survey = surveys.of(registry, repository, view.facts.descriptor.digest);
  if (view.facts.kind != Facts::Kind::index) return view;
  const std::size_t shown = std::min(view.facts.parts.size(), limits::page_lines);
  for (std::size_t i = 0; i < shown; ++i) {
    ImageView::Child child{view.facts.parts[i], {}, {}};
    if (auto facts = read_facts(registry, repository, child.descriptor.digest.text())) {
      child.facts = std::move(*facts);
      if (!registry.spent())
        child.summary =
            summary_of(*surveys.of(registry, repository, child.descriptor.digest), !view.keys.keys.empty());
    }
    view.children.push_back(std::move(child));
  }
  return view;
}

Html as_html(const ImageView& view, const Place& place) {
  const std::string& repository = view.reference.repository.path;
  const std::string tag = view.reference.digest ? "" : *view.reference.tag;
  const oci::Digest& digest = view.facts.descriptor.digest;
  const std::string title = repository + (tag.empty() ? "@" + digest.text().substr(0, 19) : ":" + tag);
  Html main = el("h1", of("span", "soft", repository),
                 tag.empty() ? "@" + digest.text().substr(0, 19) + "…" : ":" + tag);
  main.add(of("p", "lead", as_badge(summary_of(*view.survey, !view.keys.keys.empty()))));
  main.add(facts_of(view)).add(el("h2", "What hangs on it")).add(tree_of(view)).add(children_of(view));
  main.add(el("h2", "On the command line")).add(commands(view, place));
  main.add(layers_of(view)).add(annotations_of(view));
  html::Path here = tag.empty() ? image_path(repository, digest) : tag_path(repository, tag);
  return page_of(place, title,
                 {{repository, repository_path(repository)},
                  {tag.empty() ? digest.text().substr(0, 19) + "…" : tag, here}},
                 main, html::Path(here).query("output", "json"));
}

}  // namespace server::registry::page
