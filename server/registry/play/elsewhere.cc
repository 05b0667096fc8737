// A registry that sends its clients to another host.
#include "server/registry/play/elsewhere.h"

#include "server/host/guard.h"
#include "server/registry/play/asked.h"
#include "server/registry/play/groups.h"
#include "server/registry/reply.h"
#include "sigstore/codec/hex.h"
#include "sigstore/crypto/hash.h"

namespace server::registry::play {
namespace {

constexpr std::string_view storage = "/storage";

std::string signature(const std::string& secret, std::string_view path) {
  const std::string text = secret + '\n' + std::string(path);
  return sigstore::codec::hex::encode(sigstore::crypto::sha256(sigstore::as_bytes(text)));
}

// As an object store puts it.
host::Response denied(int status, const std::string& code) {
  return text_response(status, {{"Content-Type", "application/xml"}},
                       "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code></Error>");
}

host::Role redirect_blobs(host::Role role, const Stage& stage) {
  // Not the stage itself: it leads to the guard, and so to what is made here.
  return [role = std::move(role), registry = stage.registry, place = stage.elsewhere + std::string(storage),
          secret = stage.secret](const host::Request& request) {
    const Asked asked(request);
    if (!asked.reads() || !asked.is(Route::Kind::blob)) return role(request);
    const std::string path(request.path());
    if (ask(registry, "HEAD", path).status != 200) return role(request);
    const std::string signed_path = path + "?X-Expires=300&X-Signature=" + signature(secret, path);
    return text_response(307, {{"Location", place + signed_path}, {"Content-Type", "text/html"}});
  };
}

bool is_token_endpoint(const host::Request& request) {
  return request.path() == host::token_path;
}

// A question for a token names the other host's endpoint; there is none here.
host::Role token_realm_elsewhere(host::Role role, const Stage& stage) {
  return [role = std::move(role),
          realm = stage.elsewhere + std::string(host::token_path)](const host::Request& request) {
    if (is_token_endpoint(request)) return refusal(404, "UNSUPPORTED", "there is nothing at this path");
    host::Response response = role(request);
    constexpr std::string_view before = "Bearer realm=\"";
    std::string question = response.headers.get("WWW-Authenticate").value_or("");
    if (!question.starts_with(before)) return response;
    question.replace(before.size(), question.find('"', before.size()) - before.size(), realm);
    response.headers.set("WWW-Authenticate", question);
    return response;
  };
}

// A signature in the address is all that counts. Whoever sends credentials as well gave them to a stranger.
host::Response stored(const Stage& stage, const host::Request& request) {
  if (request.headers->get("Authorization")) return denied(400, "InvalidArgument");
  const std::string_view path = request.path().substr(storage.size());
  const Query query = Query::parse(request.target.substr(request.target.find('?') + 1));
  const std::string* given = query.find("X-Signature");
  if (given == nullptr || *given != signature(stage.secret, path))
    return denied(403, "SignatureDoesNotMatch");
  host::Request inner = request;
  inner.target = path;
  return stage.registry(inner);
}

}  // namespace

host::Role elsewhere(const Stage& stage) {
  return [stage](const host::Request& request) {
    if (request.target.starts_with(storage)) return stored(stage, request);
    if (is_token_endpoint(request) && stage.guarded.valid()) return stage.guarded.get()(request);
    return denied(404, "NoSuchKey");
  };
}

std::vector<Quirk> elsewhere_quirks() {
  return {
      {"redirect-blobs", "blobs are 307 to a signed address of another host, which refuses Authorization",
       "Docker Hub, Amazon ECR, Google Artifact Registry, Harbor with S3", redirect_blobs, true},
      {"token-realm-elsewhere", "tokens come from another host; with --tokens", "Docker Hub, GitLab, Quay",
       token_realm_elsewhere, true, true},
  };
}

}  // namespace server::registry::play
