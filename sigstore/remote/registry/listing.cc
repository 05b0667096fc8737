#include "sigstore/remote/registry/listing.h"

#include <set>

#include "sigstore/codec/json.h"
#include "sigstore/remote/registry/document.h"
#include "sigstore/remote/registry/link.h"

namespace sigstore::remote {
namespace json = codec::json;
namespace {

// Follows Link headers. A registry's first page may have been redirected; its pages must stay at the
// registry.
class Pages {
 public:
  enum class Next { none, followed, refused };

  // Points `call` to the next page. Refused: on another origin, no URL, seen before, or one too many.
  Next advance(Call& call, const Reply& reply) {
    const auto link = next_link(reply.response.headers);
    if (!link) return Next::none;
    auto url = reply.url.resolve(*link);
    if (!reply.own || !url || !url->same_origin(reply.url)) return Next::refused;
    if (!seen_.insert(url->text()).second || seen_.size() >= limits::referrer_pages) return Next::refused;
    call.url = std::move(*url);
    return Next::followed;
  }

 private:
  std::set<std::string> seen_;
};

bool is_oci_index(const net::Response& response) {
  return media_type_of(response.headers.get("Content-Type").value_or("")) == oci::media_type::oci_index;
}

// 404 is the specification's; the others are met at registries that take the path for something else.
bool means_no_api(int status) {
  return status == 404 || status == 400 || status == 405 || status == 406;
}

Result<std::vector<std::string>> tags_of_page(const net::Response& response, const std::string& subject) {
  TRY(const auto document, json::parse(response.body, subject));
  TRY(const json::Object* object, json::need_object(document, subject));
  TRY(const json::Array* list, json::optional_array(*object, "tags", subject));
  std::vector<std::string> tags;
  if (list == nullptr) return tags;
  for (const json::Value& tag : *list) {
    if (tag.string() == nullptr)
      return fail(Code::malformed, subject + " cannot be read", "a tag is no text");
    tags.push_back(*tag.string());
  }
  return tags;
}

}  // namespace

Result<ReferrersAnswer> list_referrers(Client& client, const oci::Repository& repository,
                                       const oci::Digest& digest) {
  Call call;
  call.repository = repository;
  call.path = "referrers/" + digest.text();
  call.subject = "the referrers of " + repository.text() + "@" + digest.text();
  call.headers.set("Accept", std::string(oci::media_type::oci_index));
  ReferrersAnswer answer;
  std::set<std::string> seen;
  for (Pages pages;;) {
    TRY(const auto reply, client.send(call));
    if (!answer.api && means_no_api(reply.response.status)) return answer;
    if (reply.response.status != 200) return fail(Client::failure(call, reply));
    if (!is_oci_index(reply.response)) {
      answer.truncated = answer.api;
      return answer;
    }
    TRY(auto index, oci::Index::parse(reply.response.body));
    answer.api = true;
    for (auto& descriptor : index.manifests) {
      if (!seen.insert(descriptor.digest.text()).second) continue;
      answer.truncated = answer.descriptors.size() == limits::referrers;
      if (answer.truncated) return answer;
      answer.descriptors.push_back(std::move(descriptor));
    }
    const auto next = pages.advance(call, reply);
    answer.truncated = next == Pages::Next::refused;
    if (next != Pages::Next::followed) return answer;
  }
}

Result<std::vector<std::string>> list_tags(Client& client, const oci::Repository& repository) {
  Call call;
  call.repository = repository;
  call.path = "tags/list";
  call.subject = "the tags of " + repository.text();
  std::vector<std::string> tags;
  for (Pages pages;;) {
    TRY(const auto reply, client.send(call));
    if (reply.response.status != 200) return fail(Client::failure(call, reply));
    TRY(auto page, tags_of_page(reply.response, call.subject));
    tags.insert(tags.end(), std::move_iterator(page.begin()), std::move_iterator(page.end()));
    if (tags.size() > limits::tags)
      return fail(Code::too_large, call.subject + " are too many",
                  "more than " + std::to_string(limits::tags));
    switch (pages.advance(call, reply)) {
      case Pages::Next::none:
        return tags;
      case Pages::Next::followed:
        break;
      case Pages::Next::refused:
        return fail(Code::malformed, call.subject + " cannot be listed to the end",
                    "a page leads to another host, to one that was read, or there are more than " +
                        std::to_string(limits::referrer_pages));
    }
  }
}

}  // namespace sigstore::remote
