// Does this bundle, with this key, prove that this image was signed? No network, no files but the two named.
//
//   verify_bundle KEY.pub BUNDLE.json sha256:DIGEST
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "sigstore/verify/judge.h"

namespace {

using namespace sigstore;

std::string read(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Result<verify::Verdict> judge(const char* key_file, const char* bundle_file, const char* image) {
  TRY(auto key, crypto::PublicKey::from_pem(read(key_file), key_file));
  TRY(auto bundle, bundle::parse(read(bundle_file)));
  TRY(auto digest, oci::Digest::parse(image));
  verify::TrustedMaterial trusted{.keys = {{std::move(key), key_file}}};
  verify::Requirements required{.subject = digest};
  required.log_entries = 0;  // signed without a transparency log
  return verify::judge(bundle, trusted, required);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: verify_bundle KEY.pub BUNDLE.json sha256:DIGEST\n";
    return 2;
  }
  auto verdict = judge(argv[1], argv[2], argv[3]);
  if (!verdict) {
    std::cerr << verdict.error().text() << '\n';
    return 2;
  }
  for (const auto& check : verdict->checks)
    std::cout << (check.status == verify::Status::passed   ? "passed  "
                  : check.status == verify::Status::failed ? "FAILED  "
                                                           : "skipped ")
              << check.id << "  " << check.detail << '\n';
  return verdict->accepted() ? 0 : 1;
}
