// Answers that are right, in another form than ours.
#include <algorithm>

#include "server/registry/play/asked.h"
#include "server/registry/play/groups.h"

namespace server::registry::play {
namespace {

using enum Route::Kind;

host::Role no_mount(host::Role role, const Stage&) {
  return [role = std::move(role)](const host::Request& request) {
    const Asked asked(request);
    if (!asked.is(uploads) || asked.route->query.find("mount") == nullptr) return role(request);
    const std::string start(request.path());
    host::Request plain = request;
    plain.target = start;
    return role(plain);
  };
}

// Neither the size of what HEAD asks for nor its digest.
host::Role bare_head(host::Role role, const Stage&) {
  return [role = std::move(role)](const host::Request& request) {
    host::Response response = role(request);
    if (request.method != "HEAD") return response;
    response.headers.remove("Docker-Content-Digest");
    response.source.reset();
    response.text.reset();
    return response;
  };
}

host::Role no_content_digest(host::Role role, const Stage&) {
  return [role = std::move(role)](const host::Request& request) {
    host::Response response = role(request);
    response.headers.remove("Docker-Content-Digest");
    return response;
  };
}

// What a registry does that knows nothing of conditions: it does what it is told.
host::Role no_conditions(host::Role role, const Stage&) {
  return [role = std::move(role)](const host::Request& request) {
    sigstore::net::Headers headers = *request.headers;
    for (const char* name : {"If-Match", "If-None-Match"}) headers.remove(name);
    host::Request plain = request;
    plain.headers = &headers;
    host::Response response = role(plain);
    for (const char* name : {"ETag", "Cosign-Registry"}) response.headers.remove(name);
    return response;
  };
}

std::string origin_of(const host::Request& request) {
  return (request.encrypted ? "https://" : "http://") + request.headers->get("Host").value_or("localhost");
}

host::Role absolute_locations(host::Role role, const Stage&) {
  return [role = std::move(role)](const host::Request& request) {
    host::Response response = role(request);
    const auto location = response.headers.get("Location").value_or("");
    if (location.starts_with('/')) response.headers.set("Location", origin_of(request) + location);
    const auto link = response.headers.get("Link").value_or("");
    if (link.starts_with("</")) response.headers.set("Link", "<" + origin_of(request) + link.substr(1));
    return response;
  };
}

// One entry per page, whatever n says.
host::Role small_pages(host::Role role, const Stage&) {
  return [role = std::move(role)](const host::Request& request) {
    const Asked asked(request);
    if (!asked.is(tags) && !asked.is(referrers)) return role(request);
    std::string target(request.path());
    target += "?n=1";
    for (const char* name : {"last", "artifactType"})
      if (const std::string* value = asked.route->query.find(name))
        target.append("&").append(name).append("=").append(*value);
    host::Request shorter = request;
    shorter.target = target;
    return role(shorter);
  };
}

host::Role accepted_not_created(host::Role role, const Stage&) {
  return [role = std::move(role)](const host::Request& request) {
    host::Response response = role(request);
    if (response.status == 201) response.status = 202;
    return response;
  };
}

}  // namespace

std::vector<Quirk> forms_quirks() {
  return {
      {"no-conditions", "If-Match and If-None-Match are ignored, and there is no ETag", "nearly all",
       no_conditions},
      {"no-mount", "a mount from another repository becomes an upload", "Google Artifact Registry", no_mount},
      {"bare-head", "HEAD tells no size and no digest", "proxies that compress or cache", bare_head},
      {"no-content-digest", "there is no Docker-Content-Digest", "static file servers", no_content_digest},
      {"absolute-locations", "Location and Link are whole URLs", "docker-registry", absolute_locations},
      {"small-pages", "lists come one entry a page, whatever n says", "any, with larger pages", small_pages},
      {"accepted-not-created", "202 where the specification wants 201", "proxies that write later",
       accepted_not_created},
  };
}

}  // namespace server::registry::play
