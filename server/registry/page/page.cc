#include "server/registry/page/page.h"

#include "server/registry/condition.h"
#include "server/registry/page/front.h"
#include "server/registry/page/image.h"
#include "server/registry/page/repository.h"
#include "server/registry/page/style.h"
#include "server/registry/page/turn.h"
#include "server/registry/route.h"
#include "sigstore/codec/error_json.h"
#include "sigstore/net/url.h"

namespace server::registry::page {

namespace json = sigstore::codec::json;
namespace oci = sigstore::oci;
using sigstore::Code;
using sigstore::Error;
using sigstore::fail;
using sigstore::Result;
using sigstore::net::Headers;

namespace {

constexpr std::string_view prefix = "/r/";

std::string header(const host::Request& request, std::string_view name) {
  return request.headers->get(name).value_or("");
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

bool wants_html(const host::Request& request) {
  return has(header(request, "Accept"), "text/html");
}

// What is asked for, and in which form.
struct Asked {
  std::string_view path;  // not decoded
  Query query;
  bool json = false;
  Place place;

  [[nodiscard]] std::string value(std::string_view name) const {
    const std::string* found = query.find(name);
    return found == nullptr ? "" : *found;
  }
  [[nodiscard]] bool on(std::string_view name) const { return value(name) == "true"; }
};

// A host as references begin. Without a port, a name without a dot would be taken for a repository. Empty for
// what is none.
std::string registry_name(const std::string& host, bool encrypted) {
  for (const std::string& name : {host, host + (encrypted ? ":443" : ":80")}) {
    const auto parsed = oci::Repository::parse(name + "/any");
    if (parsed && parsed->registry == name) return name;
  }
  return {};
}

// Where tools speak plain HTTP without being told to (docs/formats/registry.md), nothing has to be said.
bool must_be_told(const std::string& name) {
  const std::string host =
      name.starts_with('[') ? name.substr(1, name.find(']') - 1) : name.substr(0, name.find(':'));
  return !sigstore::net::is_loopback(host) && !sigstore::net::is_rfc1918(host);
}

Place place_of(const host::Request& request, const std::optional<sigstore::net::Url>& external_url) {
  const bool encrypted = external_url ? external_url->scheme == "https"
                                      : request.encrypted || header(request, "X-Forwarded-Proto") == "https";
  Place place;
  place.host = registry_name(external_url ? external_url->authority() : header(request, "Host"), encrypted);
  if (place.host.empty()) place.host = "localhost";
  place.plain_http = !encrypted && must_be_told(place.host);
  return place;
}

Asked read_request(const host::Request& request, const std::optional<sigstore::net::Url>& external_url) {
  Asked asked;
  asked.path = request.path();
  asked.query = Query::parse(request.target.substr(std::min(request.target.size(), asked.path.size() + 1)));
  asked.json = asked.value("output") == "json" ||
               (has(header(request, "Accept"), "application/json") && !wants_html(request));
  asked.place = place_of(request, external_url);
  return asked;
}

host::Response answer(const host::Request& request, int status, std::string_view type, std::string body) {
  const auto digest = oci::Digest::sha256(body);
  host::Response response{.status = status,
                          .headers = {{"Content-Type", std::string(type)},
                                      {"Content-Security-Policy", policy()},
                                      {"X-Content-Type-Options", "nosniff"},
                                      {"Referrer-Policy", "no-referrer"},
                                      {"Cross-Origin-Resource-Policy", "same-origin"},
                                      {"Cache-Control", "private, no-cache"},
                                      {"Vary", "Accept, Host"}}};
  if (status == 200) {
    response.headers.set("ETag", etag_of(digest));
    response.status = status_for_reader(*request.headers, digest).value_or(200);
  }
  response.text =
      std::make_shared<const std::string>(response.status == 200 || status != 200 ? std::move(body) : "");
  return response;
}

host::Response answer_html(const host::Request& request, int status, const html::Html& html) {
  return answer(request, status, "text/html; charset=utf-8", html.markup());
}
host::Response answer_json(const host::Request& request, int status, std::string body) {
  return answer(request, status, "application/json", std::move(body) + "\n");
}

int status_of(Code code) {
  switch (code) {
    case Code::not_found:
      return 404;
    case Code::unsupported:
      return 405;
    case Code::too_large:
    case Code::timeout:
      return 503;
    default:
      return 500;
  }
}

host::Response refuse(const host::Request& request, const Asked& asked, const Error& error) {
  const int status = status_of(error.code);
  if (asked.json)
    return answer_json(
        request, status,
        json::write_indented(json::Object{{"version", 1}, {"error", sigstore::codec::error_json(error)}}, 2));
  html::Html main = html::el("h1", status == 404 ? "Nothing here" : "That did not work");
  main.add(html::el("p", error.message));
  main.add(html::of("p", "more", html::el("a", href(html::Path("/")), "All repositories")));
  const auto page = page_of(asked.place, "Nothing here", {}, main, html::Path("/").query("output", "json"));
  auto response = answer_html(request, status, page);
  if (status == 405) response.headers.set("Allow", "GET, HEAD");
  return response;
}

// "team/app", "team/app:1.0" or "team/app@sha256:…"; one of the latter two is an image.
struct Target {
  oci::Reference reference;
  bool image = false;
};

std::optional<Target> read_target(const std::string& text, const std::string& host) {
  Target target;
  const std::size_t at = text.find('@');
  const std::size_t colon = text.find(':');
  const std::string name = text.substr(0, std::min(at, colon));
  if (!is_repository_name(name)) return std::nullopt;
  target.reference.repository = {host, name};
  target.reference.typed = host + "/" + text;
  target.image = name.size() != text.size();
  if (!target.image) return target;
  const std::string rest = text.substr(name.size() + 1);
  if (at == name.size()) {
    const auto digest = oci::Digest::parse(rest);
    if (!digest) return std::nullopt;
    target.reference.digest = *digest;
  } else {
    if (!is_tag(rest)) return std::nullopt;
    target.reference.tag = rest;
  }
  return target;
}

template <typename View>
host::Response show(const host::Request& request, const Asked& asked, const Result<View>& view) {
  if (!view) return refuse(request, asked, view.error());
  return asked.json ? answer_json(request, 200, as_json(*view))
                    : answer_html(request, 200, as_html(*view, asked.place));
}

host::Response show_image(const host::Request& request, const Asked& asked, const Result<ImageView>& view) {
  if (view && asked.json) return answer_json(request, 200, as_json(*view, asked.on("signers")));
  if (!view || asked.json) return refuse(request, asked, view.error());
  return answer_html(request, 200, as_html(*view, asked.place));
}

Error nothing(std::string_view path) {
  return {Code::not_found, "there is nothing at " + std::string(path), {}, {}};
}

bool is_ours(std::string_view path) {
  return path == "/" || path.starts_with(prefix);
}

}  // namespace

host::Response Pages::handle(const host::Request& request) {
  const Asked asked = read_request(request, external_url_);
  if (request.method != "GET" && request.method != "HEAD")
    return refuse(request, asked, {Code::unsupported, "this page can only be looked at", {}, {}});
  if (asked.path == "/")
    return show(request, asked, read_front(surveys_.shelves(), asked.value("q"), asked.value("after")));
  const std::string text = sigstore::net::percent_decode(asked.path.substr(prefix.size()));
  const auto target = read_target(text, asked.place.host);
  if (!target) return refuse(request, asked, nothing(asked.path));
  if (target->image) return show_image(request, asked, read_image(surveys_, target->reference));
  return show(request, asked,
              read_tags(surveys_, asked.place,
                        TagList{target->reference.repository.path,
                                asked.value("q"),
                                asked.value("after"),
                                asked.on("all"),
                                {},
                                {},
                                false}));
}

host::Role Pages::before(host::Role next) {
  return [this, next = std::move(next)](const host::Request& request) {
    const auto path = request.path();
    if (is_ours(path)) {
      const Turn turn(viewing_);
      host::Response page = handle(request);
      page.route = "page";
      return page;
    }
    auto response = next(request);
    const bool browser = wants_html(request) && !path.starts_with("/v2");
    if (response.status != 404 || !browser) return response;
    return refuse(request, read_request(request, external_url_), nothing(path));
  };
}

}  // namespace server::registry::page
