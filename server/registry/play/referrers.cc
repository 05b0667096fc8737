// Registries without a referrers API, and those that pretend to have one.
#include "server/registry/play/asked.h"
#include "server/registry/play/groups.h"
#include "server/registry/reply.h"
#include "sigstore/oci/manifest.h"

namespace server::registry::play {
namespace {

using Say = host::Response (*)();

// `say` is the answer to whoever asks for referrers. OCI-Subject stays in the answers to pushes, or does not.
host::Role answering(host::Role role, Say say, bool acknowledges) {
  return [role = std::move(role), say, acknowledges](const host::Request& request) {
    if (Asked(request).is(Route::Kind::referrers)) return say();
    host::Response response = role(request);
    if (!acknowledges) response.headers.remove("OCI-Subject");
    return response;
  };
}

host::Response nothing() {
  return refusal(404, "UNSUPPORTED", "there is no referrers API");
}

host::Response empty_list() {
  sigstore::oci::Index index;
  index.media_type = sigstore::oci::media_type::oci_index;
  return text_response(200, {{"Content-Type", index.media_type}}, index.write());
}

host::Response web_page() {
  return text_response(200, {{"Content-Type", "text/html"}},
                       "<!DOCTYPE html><html><title>Artifacts</title></html>");
}

host::Role no_referrers(host::Role role, const Stage&) {
  return answering(std::move(role), nothing, false);
}

host::Role subject_without_api(host::Role role, const Stage&) {
  return answering(std::move(role), nothing, true);
}

host::Role referrers_keep_nothing(host::Role role, const Stage&) {
  return answering(std::move(role), empty_list, true);
}

host::Role referrers_in_html(host::Role role, const Stage&) {
  return answering(std::move(role), web_page, false);
}

}  // namespace

std::vector<Quirk> referrers_quirks() {
  return {
      {"no-referrers", "no referrers API and no OCI-Subject", "docker-registry 2.8, ghcr.io, Docker Hub",
       no_referrers},
      {"subject-without-api", "OCI-Subject is answered, the referrers API is 404", "Amazon ECR",
       subject_without_api},
      {"referrers-keep-nothing", "OCI-Subject is answered, the list of referrers is always empty",
       "ghcr.io at times, caching proxies", referrers_keep_nothing},
      {"referrers-in-html", "the referrers API answers 200 with a web page",
       "web interfaces that answer every path", referrers_in_html},
  };
}

}  // namespace server::registry::play
