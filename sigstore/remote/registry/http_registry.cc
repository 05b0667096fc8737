#include "sigstore/remote/registry/http_registry.h"

#include <set>

#include "sigstore/remote/registry/client.h"
#include "sigstore/remote/registry/link.h"

namespace sigstore::remote {
namespace json = codec::json;
namespace {

const std::string accepted_types =
    std::string(oci::media_type::oci_index) + ", " + std::string(oci::media_type::oci_manifest) + ", " +
    std::string(oci::media_type::docker_index) + ", " + std::string(oci::media_type::docker_manifest);

std::string without_parameters(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  while (type.ends_with(' ')) type.pop_back();
  return type;
}

std::string content_type(const net::Response& response) {
  return without_parameters(response.headers.get("Content-Type").value_or(""));
}

bool is_digest(const std::string& tag_or_digest) {
  return tag_or_digest.find(':') != std::string::npos;
}

std::string manifest_subject(const oci::Repository& repository, const std::string& tag_or_digest) {
  if (is_digest(tag_or_digest)) return "manifest " + repository.text() + "@" + tag_or_digest;
  return "tag " + tag_or_digest + " of " + repository.text();
}

Call manifest_call(const char* method, const oci::Repository& repository, const std::string& tag_or_digest) {
  Call call;
  call.method = method;
  call.repository = repository;
  call.path = "manifests/" + tag_or_digest;
  call.subject = manifest_subject(repository, tag_or_digest);
  return call;
}

std::unexpected<Error> lying(const std::string& subject, const std::string& expected,
                             const std::string& found) {
  return fail(Code::mismatch, "the registry's answer for " + subject + " is not what was asked for",
              "expected " + expected + ", got " + found);
}

// An index that is announced as a manifest, or the other way round, would be judged as what it is not.
Result<void> check_media_type(const std::string& subject, const std::string& header, std::string_view bytes) {
  TRY(const auto document, json::parse(bytes, subject));
  const json::Value* inside = document.get("mediaType");
  const std::string named = inside != nullptr && inside->string() != nullptr ? *inside->string() : "";
  const bool list = document.get("manifests") != nullptr;
  const bool image = document.get("layers") != nullptr || document.get("config") != nullptr;
  if (!named.empty() && named != header) return lying(subject, "media type " + named, header);
  if (list && image) return fail(Code::malformed, subject + " claims to be an index and a manifest at once");
  if ((list && oci::is_manifest(header)) || (image && oci::is_index(header)))
    return lying(subject, "a document of type " + header, list ? "an index" : "a manifest");
  return {};
}

class HttpRegistry final : public Registry {
 public:
  explicit HttpRegistry(Context context) : client_(std::move(context)) {}

  Result<oci::Descriptor> resolve(const oci::Reference& reference) override;
  Result<ManifestContent> manifest(const oci::Repository& repository,
                                   const std::string& tag_or_digest) override;
  Result<std::string> blob(const oci::Repository& repository, const oci::Descriptor& descriptor,
                           std::size_t max) override;
  Result<void> push_blob(const oci::Repository& repository, const oci::Digest& digest,
                         std::string_view content) override;
  Result<PutResult> push_manifest(const oci::Repository& repository, const std::string& tag_or_digest,
                                  std::string_view media_type, std::string_view content,
                                  const Precondition& precondition) override;
  Result<ReferrersAnswer> referrers(const oci::Repository& repository, const oci::Digest& digest) override;
  Result<std::vector<std::string>> tags(const oci::Repository& repository) override;
  bool honours_preconditions(const oci::Repository& repository) override {
    return client_.honours_preconditions(repository.registry);
  }
  Result<void> ping(const std::string& registry) override { return client_.check_login(registry); }

 private:
  // The reply, when its status is `wanted`; else the refusal as an error.
  Result<Reply> expect(const Call& call, std::initializer_list<int> wanted);
  Result<void> upload(const oci::Repository& repository, const oci::Digest& digest, std::string_view content);
  void note_conditional(const oci::Repository& repository, const net::Response& response);
  // The next page's URL, when there is one on the same origin.
  std::optional<net::Url> next_page(const Reply& reply) const;

  Client client_;
};

Result<Reply> HttpRegistry::expect(const Call& call, std::initializer_list<int> wanted) {
  TRY(auto reply, client_.send(call));
  for (const int status : wanted)
    if (reply.response.status == status) return reply;
  return fail(Client::failure(call, reply));
}

// Our own registry says that it honours conditions.
void HttpRegistry::note_conditional(const oci::Repository& repository, const net::Response& response) {
  if (response.headers.get("Cosign-Registry") == "conditional")
    client_.saw_precondition_honoured(repository.registry);
}

Result<oci::Descriptor> HttpRegistry::resolve(const oci::Reference& reference) {
  Call call = manifest_call("HEAD", reference.repository, reference.tag_or_digest());
  call.headers.set("Accept", accepted_types);
  TRY(const auto reply, client_.send(call));
  const net::Response& head = reply.response;
  const bool head_unknown = head.status == 405 || head.status == 501 || head.status == 400;
  if (head.status != 200 && !head_unknown) return fail(Client::failure(call, reply));
  note_conditional(reference.repository, head);
  const auto digest = oci::Digest::parse(head.headers.get("Docker-Content-Digest").value_or(""));
  const std::string length = head.headers.get("Content-Length").value_or("");
  const auto size = json::Value(json::Number{length}).to_uint64();
  const std::string type = content_type(head);
  const bool complete = head.status == 200 && digest && !length.empty() && size &&
                        (oci::is_manifest(type) || oci::is_index(type));
  if (!complete) {
    TRY(auto content, manifest(reference.repository, reference.tag_or_digest()));
    return std::move(content.descriptor);
  }
  if (reference.digest && *digest != *reference.digest)
    return lying(call.subject, reference.digest->text(), digest->text());
  oci::Descriptor descriptor;
  descriptor.media_type = type;
  descriptor.digest = *digest;
  descriptor.size = *size;
  return descriptor;
}

Result<ManifestContent> HttpRegistry::manifest(const oci::Repository& repository,
                                               const std::string& tag_or_digest) {
  Call call = manifest_call("GET", repository, tag_or_digest);
  call.headers.set("Accept", accepted_types);
  TRY(auto reply, expect(call, {200}));
  note_conditional(repository, reply.response);
  ManifestContent content;
  content.bytes = std::move(reply.response.body);
  content.etag = reply.response.headers.get("ETag").value_or("");
  content.descriptor.media_type = content_type(reply.response);
  content.descriptor.digest = oci::Digest::sha256(content.bytes);
  content.descriptor.size = content.bytes.size();
  if (is_digest(tag_or_digest)) {
    TRY(const auto wanted, oci::Digest::parse(tag_or_digest));
    if (!wanted.matches(content.bytes))
      return lying(call.subject, wanted.text(), content.descriptor.digest.text());
    content.descriptor.digest = wanted;
  } else if (const auto said = reply.response.headers.get("Docker-Content-Digest")) {
    const auto digest = oci::Digest::parse(*said);
    if (!digest || !digest->matches(content.bytes))
      return lying(call.subject, *said, content.descriptor.digest.text());
  }
  TRY_OK(check_media_type(call.subject, content.descriptor.media_type, content.bytes));
  return content;
}

Result<std::string> HttpRegistry::blob(const oci::Repository& repository, const oci::Descriptor& descriptor,
                                       std::size_t max) {
  const std::string subject = "blob " + repository.text() + "@" + descriptor.digest.text();
  if (descriptor.size > max)
    return fail(Code::too_large, subject + " is too large",
                std::to_string(descriptor.size) + " bytes, at most " + std::to_string(max) + " are taken");
  Call call;
  call.repository = repository;
  call.path = "blobs/" + descriptor.digest.text();
  call.subject = subject;
  call.max_body = std::max<std::size_t>(descriptor.size, 1);
  TRY(auto reply, expect(call, {200}));
  std::string& body = reply.response.body;
  if (body.size() != descriptor.size)
    return lying(subject, std::to_string(descriptor.size) + " bytes", std::to_string(body.size()) + " bytes");
  if (!descriptor.digest.matches(body))
    return lying(subject, descriptor.digest.text(), oci::Digest::sha256(body).text());
  return std::move(body);
}

// POST for a place, PUT of the whole content there.
Result<void> HttpRegistry::upload(const oci::Repository& repository, const oci::Digest& digest,
                                  std::string_view content) {
  Call start;
  start.method = "POST";
  start.repository = repository;
  start.path = "blobs/uploads/";
  start.subject = "blob " + digest.text();
  start.access = Access::push;
  start.repeat = net::Repeat::never;
  TRY(const auto started, expect(start, {202}));
  TRY(net::Url place, started.url.resolve(started.response.headers.get("Location").value_or("")));
  place.query +=
      (place.query.empty() ? "" : "&") + std::string("digest=") + net::percent_encode(digest.text());
  Call put = start;
  put.method = "PUT";
  put.url = std::move(place);
  put.headers.set("Content-Type", "application/octet-stream");
  put.body = content;
  TRY_OK(expect(put, {201, 204}));
  return {};
}

Result<void> HttpRegistry::push_blob(const oci::Repository& repository, const oci::Digest& digest,
                                     std::string_view content) {
  Call head;
  head.method = "HEAD";
  head.repository = repository;
  head.path = "blobs/" + digest.text();
  head.subject = "blob " + digest.text();
  head.access = Access::push;
  TRY(const auto known, client_.send(head));
  if (known.response.status == 200) return {};
  if (known.response.status == 401) return fail(Client::failure(head, known));
  auto done = upload(repository, digest, content);
  // An upload is a session of its own: a broken one is begun anew, once.
  if (!done && done.error().code == Code::unavailable) done = upload(repository, digest, content);
  return done;
}

Result<PutResult> HttpRegistry::push_manifest(const oci::Repository& repository,
                                              const std::string& tag_or_digest, std::string_view media_type,
                                              std::string_view content, const Precondition& precondition) {
  Call call = manifest_call("PUT", repository, tag_or_digest);
  call.access = Access::push;
  call.repeat = is_digest(tag_or_digest) ? net::Repeat::idempotent : net::Repeat::never;
  call.headers.set("Content-Type", std::string(media_type));
  call.body = content;
  if (precondition.kind == Precondition::Kind::absent) call.headers.set("If-None-Match", "*");
  if (precondition.kind == Precondition::Kind::unchanged && !precondition.etag.empty())
    call.headers.set("If-Match", precondition.etag);
  TRY(const auto reply, client_.send(call));
  if (reply.response.status == 412) client_.saw_precondition_honoured(repository.registry);
  if (reply.response.status != 201 && reply.response.status != 200 && reply.response.status != 202)
    return fail(Client::failure(call, reply));
  note_conditional(repository, reply.response);
  PutResult result{oci::Digest::sha256(content), reply.response.headers.get("OCI-Subject").has_value()};
  if (const auto said = reply.response.headers.get("Docker-Content-Digest")) {
    const auto digest = oci::Digest::parse(*said);
    if (!digest || !digest->matches(content)) return lying(call.subject, result.digest.text(), *said);
  }
  return result;
}

std::optional<net::Url> HttpRegistry::next_page(const Reply& reply) const {
  const auto link = next_link(reply.response.headers);
  if (!link) return std::nullopt;
  auto url = reply.url.resolve(*link);
  if (!url || !url->same_origin(reply.url)) return std::nullopt;
  return std::move(*url);
}

Result<ReferrersAnswer> HttpRegistry::referrers(const oci::Repository& repository,
                                                const oci::Digest& digest) {
  Call call;
  call.repository = repository;
  call.path = "referrers/" + digest.text();
  call.subject = "the referrers of " + repository.text() + "@" + digest.text();
  call.headers.set("Accept", std::string(oci::media_type::oci_index));
  ReferrersAnswer answer;
  std::set<std::string> seen;
  for (std::size_t page = 0; page < limits::referrer_pages; ++page) {
    TRY(const auto reply, client_.send(call));
    const int status = reply.response.status;
    if (page == 0 && (status == 404 || status == 400 || status == 406 || status == 405)) return answer;
    if (status != 200) return fail(Client::failure(call, reply));
    if (content_type(reply.response) != oci::media_type::oci_index) return answer;
    TRY(auto index, oci::Index::parse(reply.response.body));
    answer.api = true;
    for (auto& descriptor : index.manifests) {
      if (answer.descriptors.size() == limits::referrers) {
        answer.truncated = true;
        return answer;
      }
      answer.descriptors.push_back(std::move(descriptor));
    }
    const auto next = next_page(reply);
    if (!next || !seen.insert(next->text()).second) return answer;
    call.url = next;
  }
  answer.truncated = true;
  return answer;
}

Result<std::vector<std::string>> HttpRegistry::tags(const oci::Repository& repository) {
  Call call;
  call.repository = repository;
  call.path = "tags/list";
  call.subject = "the tags of " + repository.text();
  std::vector<std::string> tags;
  std::set<std::string> seen;
  for (;;) {
    TRY(const auto reply, expect(call, {200}));
    TRY(const auto document, json::parse(reply.response.body, call.subject));
    TRY(const json::Object* object, json::need_object(document, call.subject));
    TRY(const json::Array* page, json::optional_array(*object, "tags", call.subject));
    if (page != nullptr)
      for (const json::Value& tag : *page)
        if (tag.string() != nullptr) tags.push_back(*tag.string());
    if (tags.size() > limits::tags)
      return fail(Code::too_large,
                  "more than " + std::to_string(limits::tags) + " tags in " + repository.text());
    const auto next = next_page(reply);
    if (!next || !seen.insert(next->text()).second) return tags;
    call.url = next;
  }
}

}  // namespace

std::unique_ptr<Registry> make_http_registry(const Env& env, net::Transport& transport,
                                             std::vector<CredentialSource*> sources,
                                             RegistryOptions options) {
  return std::make_unique<HttpRegistry>(Context{env, &transport, std::move(sources), std::move(options)});
}

}  // namespace sigstore::remote
