// Did this identity sign this file? By what stands in the bundle and in the trusted root; nothing is fetched.
//
//   verify_keyless TRUSTED_ROOT.json BUNDLE.json IDENTITY ISSUER FILE
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "sigstore/verify/judge.h"

namespace {

using namespace sigstore;

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Result<verify::Verdict> judge(const std::string& root_file, const std::string& bundle_file,
                              const std::string& identity, const std::string& issuer,
                              const std::string& content) {
  TRY(auto root, trust::TrustedRoot::parse(read(root_file), root_file));
  TRY(auto bundle, bundle::parse(read(bundle_file)));
  verify::TrustedMaterial trusted;
  trusted.parties = verify::TrustedParties::from(std::move(root));
  verify::Requirements required;
  required.wanted = verify::Wanted::message;
  required.identities = {{.subject = {.exact = identity}, .issuer = {.exact = issuer}}};
  crypto::PassingMessage message;
  verify::expect(message, bundle, trusted);
  message.update(as_bytes(content));
  message.finish();
  return verify::judge(bundle, trusted, required, &message);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::cerr << "usage: verify_keyless TRUSTED_ROOT.json BUNDLE.json IDENTITY ISSUER FILE\n";
    return 2;
  }
  auto verdict = judge(argv[1], argv[2], argv[3], argv[4], read(argv[5]));
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
