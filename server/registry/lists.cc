#include <algorithm>
#include <charconv>
#include <functional>

#include "server/registry/registry.h"
#include "server/registry/reply.h"
#include "sigstore/base/limits.h"
#include "sigstore/codec/json.h"
#include "sigstore/net/url.h"

namespace server::registry {

namespace json = sigstore::codec::json;
namespace limits = sigstore::limits;
namespace media_type = sigstore::oci::media_type;
using sigstore::Result;
using sigstore::net::Headers;
using sigstore::oci::Descriptor;
using sigstore::oci::Digest;

namespace {

// How many the client wants at once, and at most `most`.
Or<std::size_t> page_size(const Query& query, std::size_t most) {
  const std::string* n = query.find("n");
  if (n == nullptr) return most;
  std::size_t wanted = 0;
  const auto [end, error] = std::from_chars(n->data(), n->data() + n->size(), wanted);
  if (error == std::errc::invalid_argument || end != n->data() + n->size())
    return refuse(400, "UNSUPPORTED", "n is no number", *n);
  return error == std::errc() ? std::min(wanted, most) : most;  // a number too large for us is one, too
}

// Says how to get what comes behind `last`, `size` at once.
void set_next(Headers& headers, const std::string& path, std::size_t size, const std::string& last) {
  headers.set("Link", "<" + path + (path.find('?') == std::string::npos ? "?" : "&") +
                          "n=" + std::to_string(size) + "&last=" + last + ">; rel=\"next\"");
}

// One more than `size`, to see whether there are others.
Page page_of(const Query& query, std::size_t size) {
  const std::string* last = query.find("last");
  return {.last = last == nullptr ? "" : *last, .limit = size + 1};
}

// `names` as `member` of `body`, cut off after `size`.
Answer answer(std::vector<std::string> names, std::size_t size, const std::string& path, json::Object body,
              std::string member) {
  Headers headers{{"Content-Type", "application/json"}};
  if (names.size() > size) {
    names.resize(size);
    if (!names.empty()) set_next(headers, path, size, sigstore::net::percent_encode(names.back()));
  }
  body.set(std::move(member), json::Array(names.begin(), names.end()));
  return text_response(200, std::move(headers), json::write(std::move(body)));
}

// Each entry carries what its manifest is annotated with, which may be as large as a manifest.
constexpr std::size_t referrers_at_once = 8;
constexpr std::size_t frame_bytes = 1024;  // what stands around them, at most

struct Part {
  std::vector<Descriptor> referrers;
  bool more = false;  // there are others behind them
};

// At least one, and then as many as `size` and the bytes of one answer allow.
Or<Part> read_part(const std::function<Result<std::vector<Descriptor>>(const Page&)>& read, std::string last,
                   std::size_t size) {
  Part part;
  std::size_t bytes = frame_bytes;
  for (;;) {
    const std::size_t step = std::min(referrers_at_once, size - part.referrers.size() + 1);
    TRY(std::vector<Descriptor> some, read({.last = last, .limit = step}));
    for (Descriptor& one : some) {
      bytes += json::write(one.to_json()).size() + 1;  // and a comma
      part.more =
          part.referrers.size() == size || (bytes > limits::referrers_page_bytes && !part.referrers.empty());
      if (part.more) return part;
      part.referrers.push_back(std::move(one));
    }
    if (some.size() < step) return part;
    last = part.referrers.back().digest.text();
  }
}

}  // namespace

Answer Registry::list_repositories(const Route& route) {
  TRY(const std::size_t size, page_size(route.query, limits::repositories_page));
  TRY(std::vector<std::string> names, catalogue_.repositories(page_of(route.query, size)));
  return answer(std::move(names), size, "/v2/_catalog", {}, "repositories");
}

Answer Registry::list_tags(const Route& route) {
  TRY(const bool has_repository, catalogue_.has_repository(route.repository));
  if (!has_repository) return refuse(404, "NAME_UNKNOWN", "there is no such repository", route.repository);
  TRY(const std::size_t size, page_size(route.query, limits::tags_page));
  TRY(std::vector<std::string> tags, catalogue_.tags(route.repository, page_of(route.query, size)));
  return answer(std::move(tags), size, repository_path(route.repository) + "/tags/list",
                {{"name", route.repository}}, "tags");
}

// In the order of their digests; "last" is the digest that a page ended with.
Answer Registry::list_referrers(const Route& route) {
  TRY(const Digest subject, digest_of(route.last));
  TRY(const std::size_t size, page_size(route.query, limits::referrers_page));
  sigstore::oci::Index index;
  index.media_type = media_type::oci_index;
  std::optional<std::string> wanted;
  Headers headers{{"Content-Type", std::string(media_type::oci_index)}};
  std::string path = repository_path(route.repository) + "/referrers/" + subject.text();
  if (const std::string* type = route.query.find("artifactType")) {
    wanted = *type;
    headers.set("OCI-Filters-Applied", "artifactType");
    path += "?artifactType=" + sigstore::net::percent_encode(*type);
  }
  const auto read = [&](const Page& page) {
    return catalogue_.referrers(route.repository, subject, wanted, page);
  };
  TRY(Part part, read_part(read, page_of(route.query, size).last, size));
  index.manifests = std::move(part.referrers);
  if (part.more && !index.manifests.empty())
    set_next(headers, path, size, index.manifests.back().digest.text());
  return text_response(200, std::move(headers), index.write());
}

}  // namespace server::registry
