// What is said of what is not there, and questions that are not answered.
#include "server/registry/play/asked.h"
#include "server/registry/play/groups.h"

namespace server::registry::play {
namespace {

using enum Route::Kind;

bool asks_for_content(const Asked& asked) {
  return asked.reads() && (asked.is(manifest) || asked.is(blob) || asked.is(tags));
}

// `code` with `status` where the registry says 404.
host::Role hiding(host::Role role, int status, std::string_view code) {
  return [role = std::move(role), status, code](const host::Request& request) {
    host::Response response = role(request);
    if (response.status != 404 || !asks_for_content(Asked(request))) return response;
    return refusal(status, code, "requested access to the resource is denied");
  };
}

host::Role absent_403(host::Role role, const Stage&) {
  return hiding(std::move(role), 403, "DENIED");
}

host::Role absent_401(host::Role role, const Stage&) {
  return hiding(std::move(role), 401, "UNAUTHORIZED");
}

host::Role without_head(host::Role role, int status) {
  return [role = std::move(role), status](const host::Request& request) {
    if (request.method != "HEAD") return role(request);
    return refusal(status, "UNSUPPORTED", "the operation is unsupported");
  };
}

host::Role no_head(host::Role role, const Stage&) {
  return without_head(std::move(role), 405);
}

host::Role no_head_404(host::Role role, const Stage&) {
  return without_head(std::move(role), 404);
}

host::Role no_tags_list(host::Role role, const Stage&) {
  return [role = std::move(role)](const host::Request& request) {
    if (!Asked(request).is(tags)) return role(request);
    return refusal(403, "DENIED", "listing the tags is not allowed");
  };
}

}  // namespace

std::vector<Quirk> absent_quirks() {
  return {
      {"absent-403", "what is not there is 403 DENIED", "GitLab, ghcr.io, Artifactory", absent_403},
      {"absent-401", "what is not there is 401 UNAUTHORIZED", "Docker Hub, Quay", absent_401},
      {"no-head", "HEAD is 405", "proxies that let only some methods through", no_head},
      {"no-head-404", "HEAD is 404, whatever is there", "the same", no_head_404},
      {"no-tags-list", "the list of tags is 403 DENIED", "accounts that may only pull and push",
       no_tags_list},
  };
}

}  // namespace server::registry::play
