#include "sigstore/remote/registry/manifests.h"

#include <algorithm>

#include "sigstore/remote/registry/document.h"

namespace sigstore::remote {
namespace {

using oci::media_type::docker_index;
using oci::media_type::docker_manifest;
using oci::media_type::oci_index;
using oci::media_type::oci_manifest;

constexpr std::size_t tag_bytes = 128;  // distribution-spec: [a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}

std::string accepted_types() {
  std::string types;
  for (const auto type : {oci_index, oci_manifest, docker_index, docker_manifest})
    types += (types.empty() ? "" : ", ") + std::string(type);
  return types;
}

bool is_tag_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '-';
}

// A digest holds a colon, a tag never does.
bool is_digest(std::string_view tag_or_digest) {
  return tag_or_digest.find(':') != std::string_view::npos;
}

// Either of the two may become a part of a URL; nothing else may.
Result<void> check_name(const std::string& tag_or_digest) {
  if (is_digest(tag_or_digest)) {
    TRY_OK(oci::Digest::parse(tag_or_digest));
    return {};
  }
  const bool fits = !tag_or_digest.empty() && tag_or_digest.size() <= tag_bytes &&
                    tag_or_digest.front() != '.' && tag_or_digest.front() != '-' &&
                    std::ranges::all_of(tag_or_digest, is_tag_char);
  if (fits) return {};
  return fail(Code::invalid_argument, "\"" + tag_or_digest + "\" is not a tag");
}

Result<Call> manifest_call(const char* method, const oci::Repository& repository,
                           const std::string& tag_or_digest) {
  TRY_OK(check_name(tag_or_digest));
  Call call;
  call.method = method;
  call.repository = repository;
  call.path = "manifests/" + tag_or_digest;
  call.subject = is_digest(tag_or_digest) ? "manifest " + repository.text() + "@" + tag_or_digest
                                          : "tag " + tag_or_digest + " of " + repository.text();
  return call;
}

std::unexpected<Error> not_what_was_asked(const std::string& subject, const std::string& expected,
                                          const std::string& found) {
  return fail(Code::mismatch, "the registry's answer for " + subject + " is not what was asked for",
              "expected " + expected + ", got " + found);
}

// Our own registry says that it honours conditions.
void note_conditional(Client& client, const oci::Repository& repository, const Reply& reply) {
  if (reply.own && reply.response.headers.get("Cosign-Registry") == "conditional")
    client.saw_precondition_honoured(repository.registry);
}

// A complete answer to HEAD; nothing when something is missing and the document itself must be read.
std::optional<oci::Descriptor> head_descriptor(const net::Response& head) {
  const auto digest = oci::Digest::parse(head.headers.get("Docker-Content-Digest").value_or(""));
  const std::string length = head.headers.get("Content-Length").value_or("");
  const auto size = codec::json::Value(codec::json::Number{length}).to_uint64();
  const std::string type = media_type_of(head.headers.get("Content-Type").value_or(""));
  if (!digest || !size || *size == 0 || !(oci::is_manifest(type) || oci::is_index(type))) return std::nullopt;
  oci::Descriptor descriptor;
  descriptor.media_type = type;
  descriptor.digest = *digest;
  descriptor.size = *size;
  return descriptor;
}

// Whether GET may be answered otherwise, or with a reason.
bool may_be_the_method(int status) {
  return (status >= 400 && status < 500 && status != 408 && status != 429) || status == 501;
}

// "No such manifest" from a registry that also says that of repositories it never heard of: its list of tags
// knows.
Error which_is_missing(Client& client, const oci::Repository& repository, Error absent) {
  if (absent.cause.find("NAME_UNKNOWN") != std::string::npos) return absent;
  Call call;
  call.repository = repository;
  call.path = "tags/list?n=1";
  call.subject = "the tags of " + repository.text();
  const auto reply = client.send(call);
  if (!reply || reply->response.status != 404) return absent;
  Error missing = Client::failure(call, *reply);
  return missing.cause.find("NAME_UNKNOWN") == std::string::npos ? absent : missing;
}

// The digest of what was read; a registry's own word for it is checked, never believed.
Result<oci::Digest> content_digest(const Call& call, const net::Response& response,
                                   const std::string& tag_or_digest, std::string_view bytes) {
  const oci::Digest computed = oci::Digest::sha256(bytes);
  const std::string said = is_digest(tag_or_digest)
                               ? tag_or_digest
                               : response.headers.get("Docker-Content-Digest").value_or(computed.text());
  const auto wanted = oci::Digest::parse(said);
  if (!wanted || !wanted->matches(bytes)) return not_what_was_asked(call.subject, said, computed.text());
  return is_digest(tag_or_digest) ? *wanted : computed;
}

Result<Call> reading_call(const oci::Repository& repository, const std::string& tag_or_digest) {
  TRY(auto call, manifest_call("GET", repository, tag_or_digest));
  call.headers.set("Accept", accepted_types());
  return call;
}

// What was answered with 200, as it is.
ManifestContent content_of(Client& client, const oci::Repository& repository, Reply reply) {
  note_conditional(client, repository, reply);
  ManifestContent content;
  content.bytes = std::move(reply.response.body);
  content.etag = reply.response.headers.get("ETag").value_or("");
  content.descriptor.media_type = media_type_of(reply.response.headers.get("Content-Type").value_or(""));
  content.descriptor.digest = oci::Digest::sha256(content.bytes);
  content.descriptor.size = content.bytes.size();
  return content;
}

bool proves_conditions(const Precondition& precondition, const Error& refused) {
  return precondition.kind != Precondition::Kind::none &&
         refused.message.find("immutable") == std::string::npos;
}

}  // namespace

Result<oci::Descriptor> resolve_manifest(Client& client, const oci::Reference& reference) {
  TRY(auto call, manifest_call("HEAD", reference.repository, reference.tag_or_digest()));
  call.headers.set("Accept", accepted_types());
  TRY(const auto reply, client.send(call));
  const int status = reply.response.status;
  if (status == 200) {
    note_conditional(client, reference.repository, reply);
    if (auto descriptor = head_descriptor(reply.response)) {
      if (reference.digest && descriptor->digest != *reference.digest)
        return not_what_was_asked(call.subject, reference.digest->text(), descriptor->digest.text());
      return std::move(*descriptor);
    }
  } else if (!may_be_the_method(status)) {
    return fail(Client::failure(call, reply));
  }
  // No HEAD here, or an answer without a body, which cannot say what is missing or not allowed.
  auto content = read_manifest(client, reference.repository, reference.tag_or_digest());
  if (content) return std::move(content->descriptor);
  if (content.error().code != Code::not_found) return fail(content.error());
  return fail(which_is_missing(client, reference.repository, content.error()));
}

Result<ManifestContent> read_manifest(Client& client, const oci::Repository& repository,
                                      const std::string& tag_or_digest) {
  TRY(const auto call, reading_call(repository, tag_or_digest));
  TRY(auto reply, client.send(call));
  if (reply.response.status != 200) return fail(Client::failure(call, reply));
  TRY(const auto digest, content_digest(call, reply.response, tag_or_digest, reply.response.body));
  TRY(auto type, document_media_type(reply.response.headers.get("Content-Type").value_or(""),
                                     reply.response.body, call.subject));
  ManifestContent content = content_of(client, repository, std::move(reply));
  content.descriptor.digest = digest;
  content.descriptor.media_type = std::move(type);
  return content;
}

Result<ManifestContent> read_document(Client& client, const oci::Repository& repository,
                                      const std::string& tag) {
  TRY(const auto call, reading_call(repository, tag));
  TRY(auto reply, client.send(call));
  if (reply.response.status != 200) return fail(Client::failure(call, reply));
  return content_of(client, repository, std::move(reply));
}

Result<PutResult> write_manifest(Client& client, const oci::Repository& repository,
                                 const std::string& tag_or_digest, std::string_view media_type,
                                 std::string_view content, const Precondition& precondition) {
  TRY(auto call, manifest_call("PUT", repository, tag_or_digest));
  TRY(const auto digest, is_digest(tag_or_digest) ? oci::Digest::parse(tag_or_digest)
                                                  : Result<oci::Digest>(oci::Digest::sha256(content)));
  if (!digest.matches(content))
    return fail(Code::invalid_argument, "a manifest cannot be written as " + tag_or_digest,
                "its digest is " + oci::Digest::sha256(content).text());
  call.access = Access::push;
  call.repeat = is_digest(tag_or_digest) ? net::Repeat::idempotent : net::Repeat::never;
  call.headers.set("Content-Type", std::string(media_type));
  call.body = content;
  if (precondition.kind == Precondition::Kind::absent) call.headers.set("If-None-Match", "*");
  if (precondition.kind == Precondition::Kind::unchanged) call.headers.set("If-Match", precondition.etag);
  TRY(const auto reply, client.send(call));
  const net::Response& response = reply.response;
  if (response.status != 201 && response.status != 200 && response.status != 202) {
    Error refused = Client::failure(call, reply);
    if (response.status == 412 && proves_conditions(precondition, refused))
      client.saw_precondition_honoured(repository.registry);
    return fail(std::move(refused));
  }
  note_conditional(client, repository, reply);
  if (const auto said = response.headers.get("Docker-Content-Digest")) {
    const auto stored = oci::Digest::parse(*said);
    if (!stored || !stored->matches(content)) return not_what_was_asked(call.subject, digest.text(), *said);
  }
  return PutResult{digest, response.headers.get("OCI-Subject").has_value()};
}

Result<void> remove_manifest(Client& client, const oci::Repository& repository,
                             const std::string& tag_or_digest) {
  TRY(auto call, manifest_call("DELETE", repository, tag_or_digest));
  call.access = Access::remove;
  call.repeat = net::Repeat::refused;
  TRY(const auto reply, client.send(call));
  if (reply.response.status >= 200 && reply.response.status < 300) return {};
  return fail(Client::failure(call, reply));
}

}  // namespace sigstore::remote
