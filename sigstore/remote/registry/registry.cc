#include "sigstore/remote/registry/registry.h"

namespace sigstore::remote {
namespace {

std::unexpected<Error> not_here(const char* what) {
  return fail(Code::unsupported, std::string("this registry does not ") + what);
}

}  // namespace

Result<bool> Registry::has_blob(const oci::Repository&, const oci::Digest&) {
  return not_here("tell whether a blob is there");
}

Result<void> Registry::download(const oci::Repository&, const oci::Descriptor&, const ByteSink&) {
  return not_here("give blobs in pieces");
}

Result<Arrival> Registry::upload(const oci::Repository&, const oci::Digest&, const ByteSource&,
                                 const std::optional<oci::Repository>&) {
  return not_here("take blobs in pieces");
}

Result<void> Registry::delete_manifest(const oci::Repository&, const std::string&) {
  return not_here("delete anything");
}

Result<void> Registry::delete_blob(const oci::Repository&, const oci::Digest&) {
  return not_here("delete blobs");
}

Result<ManifestContent> Registry::document(const oci::Repository& repository, const std::string& tag) {
  return manifest(repository, tag);
}

}  // namespace sigstore::remote
