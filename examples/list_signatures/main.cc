// What may be a signature of this image? Both places are asked, nothing is judged.
//
//   list_signatures REGISTRY/REPOSITORY@sha256:DIGEST
#include <iostream>

#include "sigstore/base/system/system_env.h"
#include "sigstore/net/curl/curl_transport.h"
#include "sigstore/remote/registry/http_registry.h"
#include "sigstore/store/referrers/referrers_store.h"
#include "sigstore/store/tag/tag_store.h"

namespace {

using namespace sigstore;

Result<void> list(store::ArtifactStore& place, const oci::Reference& image) {
  TRY(auto found, place.list(image.repository, *image.digest));
  for (const auto& entry : found.entries)
    std::cout << store::name(entry.format) << "  " << entry.location
              << (entry.bundle ? "" : "  unreadable: " + entry.bundle.error().text()) << '\n';
  return {};
}

Result<void> list_all(const char* typed) {
  TRY(auto image, oci::Reference::parse(typed));
  if (!image.digest) return fail(Code::invalid_argument, "name the image by its digest");
  system::SystemEnv system;
  auto transport = net::make_curl_transport(system.env(), {.user_agent = "list_signatures"});
  auto registry = remote::make_http_registry(system.env(), *transport, {}, {});
  TRY_OK(list(*store::make_tag_store(*registry, system.env(), {}), image));
  return list(*store::make_referrers_store(*registry, system.env(), {}), image);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: list_signatures REGISTRY/REPOSITORY@sha256:DIGEST\n";
    return 2;
  }
  auto done = list_all(argv[1]);
  if (!done) std::cerr << done.error().text() << '\n';
  return done ? 0 : 1;
}
